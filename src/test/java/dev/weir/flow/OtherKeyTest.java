package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.PostgresServer;
import dev.weir.TestNode;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flow that is spread over partitions gets another key, and is one again: what it remembers and has read goes with it. */
class OtherKeyTest {
    private static final String FLOW = """
            flow: once
            from: in
            key: %s
            stages:
              - {id: subjects, dedupe: {by: event.subject, within: 1h}}
            %s
            to: out
            """;
    private static final String ONCE_MORE = "  - {id: numbers, dedupe: {by: event.data.n, within: 1h}}";

    @TempDir
    Path home;

    private void flow(String key, String further) throws IOException {
        Path folder = Files.createDirectories(home.resolve("conf").resolve("flows"));
        Files.writeString(folder.resolve("once.yaml"), FLOW.formatted(key, further));
    }

    private static void publish(TestNode node, int n) throws Exception {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(EventHeaders.SUBJECT, "s" + n);
        Objects.requireNonNull(Publisher.of(node.vertx()))
                .publish(Origin.node("test"), "in", headers, new JsonObject().put("n", n), 0)
                .await(30, TimeUnit.SECONDS);
    }

    private static List<Integer> out(TestNode node) throws Exception {
        return TrialFlow.out(TrialFlow.journal(node)).stream()
                .map(data -> data.getInteger("n"))
                .toList();
    }

    private static void awaitOut(TestNode node, Integer... expected) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(out(node)).containsExactly(expected));
    }

    private static int cursors(PostgresServer server) throws Exception {
        try (Connection sql = server.connect("shop", "shop");
                Statement statement = sql.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM weir.flow_cursors")) {
            return row.next() ? row.getInt(1) : -1;
        }
    }

    @Test
    void whatAFlowRemembersAndHasReadIsThereAfterAChangeOfItsKey() throws Exception {
        try (PostgresServer server = new PostgresServer(home)) {
            String yaml = "journal: {engine: postgresql, uri: '" + server.database("shop") + "'}\n" + TrialFlow.YAML;
            flow("event.subject", "");
            try (TestNode node = TestNode.start(home, yaml)) {
                publish(node, 1);
                publish(node, 2);
                awaitOut(node, 1, 2);
                assertThat(cursors(server)).isEqualTo(64);
                // By its second dedupe it groups by something else, so it is one.
                flow("event.subject", ONCE_MORE);
                node.reload();
                publish(node, 1);
                publish(node, 3);
                awaitOut(node, 1, 2, 3);
                await().atMost(Duration.ofSeconds(30)).until(() -> cursors(server) == 1);
                flow("event.subject", "");
                node.reload();
                publish(node, 3);
                publish(node, 2);
                publish(node, 4);
                awaitOut(node, 1, 2, 3, 4);
                assertThat(cursors(server)).isEqualTo(64);
            }
        }
    }
}
