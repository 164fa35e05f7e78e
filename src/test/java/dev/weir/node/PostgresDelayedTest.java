package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.PostgresServer;
import dev.weir.TestNode;
import dev.weir.bus.Receipt;
import dev.weir.emitter.EmitOptions;
import dev.weir.emitter.Emitter;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events for later on nodes that share a PostgreSQL server: each is delivered once, whoever delivers it. */
class PostgresDelayedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private PostgresServer server;

    private static List<String> emit(TestNode node, String name, int count, Duration most) throws Exception {
        Emitter orders = Emitter.of(node.vertx(), "orders");
        List<Future<Receipt>> receipts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            EmitOptions later = EmitOptions.NONE
                    .withId(name + i)
                    .deliverAfter(most.multipliedBy(i + 1).dividedBy(count));
            receipts.add(orders.emit("note", i, later));
        }
        Future.all(receipts).await(30, TimeUnit.SECONDS);
        return receipts.stream().map(each -> each.result().id()).toList();
    }

    private List<String> query(String sql) throws Exception {
        List<String> found = new ArrayList<>();
        try (Connection connection = server.connect("shop", "shop");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    @Test
    void eachIsDeliveredOnceAlsoWhenTheNodeOnDutyGoes() throws Exception {
        server = new PostgresServer(home);
        String yaml = "journal: {engine: postgresql, uri: '" + server.database("shop") + "'}\n"
                + "addresses:\n  - {match: orders, publish: anyone, keep: {events: 100000}}\n";
        try (TestNode two = TestNode.start(home.resolve("two"), yaml)) {
            List<String> expected = new ArrayList<>();
            try (TestNode one = TestNode.start(home.resolve("one"), yaml)) {
                expected.addAll(emit(one, "a", 100, Duration.ofMillis(800)));
                expected.addAll(emit(two, "b", 100, Duration.ofMillis(800)));
                expected.addAll(emit(two, "c", 5, Duration.ofSeconds(2)));
                // Both may think that they are on duty: whoever is first has it.
                query("UPDATE weir.claims SET expires = 0 WHERE name = 'delayed' RETURNING name");
            }
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(query("SELECT id FROM weir.events"))
                    .containsExactlyInAnyOrderElementsOf(expected));
            assertThat(
                            query(
                                    "SELECT e.id FROM weir.events e JOIN weir.delayed d ON d.id = e.id WHERE e.appended < d.due"))
                    .as("early")
                    .isEmpty();
            assertThat(query("SELECT id FROM weir.delayed WHERE state <> 1")).isEmpty();
        } finally {
            server.close();
        }
    }
}
