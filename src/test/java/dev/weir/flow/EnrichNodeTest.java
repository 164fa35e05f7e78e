package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.config.ConfigException;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lookups in the newest events of an address of a real node. */
class EnrichNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String YAML = """
            addresses:
              - {match: customers, publish: anyone, keep: latest}
              - {match: orders, publish: anyone}
              - {match: named, subscribe: anyone}
            """;
    private static final String FLOW = """
            flow: named
            from: orders
            stages:
              - enrich: {from: customers, key: event.data.customer, as: who, on-missing: wait}
            to: named
            """;

    @TempDir
    Path home;

    private void flow(String text) throws IOException {
        Path folder = Files.createDirectories(home.resolve("conf").resolve("flows"));
        Files.writeString(folder.resolve("named.yaml"), text);
    }

    private static void publish(TestNode node, String address, String key, JsonObject data) throws Exception {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set(EventHeaders.SUBJECT, key);
        Objects.requireNonNull(Publisher.of(node.vertx()))
                .publish(Origin.node("test"), address, headers, data, 0)
                .await(30, TimeUnit.SECONDS);
    }

    private static List<Object> hear(TestNode node) throws Exception {
        List<Object> heard = new CopyOnWriteArrayList<>();
        node.vertx()
                .eventBus()
                .consumer("named", message -> heard.add(message.body()))
                .completion()
                .await(30, TimeUnit.SECONDS);
        return heard;
    }

    @Test
    void whatWasKeptAndWhatComesIsFound() throws Exception {
        flow(FLOW);
        try (TestNode node = TestNode.start(home, YAML)) {
            List<Object> heard = hear(node);
            publish(node, "orders", "o1", new JsonObject().put("customer", "c1"));
            publish(node, "customers", "c1", new JsonObject().put("name", "Ann"));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard)
                    .containsExactly(
                            new JsonObject().put("customer", "c1").put("who", new JsonObject().put("name", "Ann"))));
        }
        try (TestNode node = TestNode.start(home, YAML)) {
            List<Object> heard = hear(node);
            publish(node, "orders", "o2", new JsonObject().put("customer", "c1"));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).hasSize(1));
            flow(FLOW.replace("from: customers", "from: orders"));
            assertThatThrownBy(node::reload)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("conf/flows/named.yaml:4")
                    .hasMessageContaining("enrich.from: orders does not keep the newest event of each key")
                    .hasMessageContaining("add keep: latest to the policy of orders");
        }
    }
}
