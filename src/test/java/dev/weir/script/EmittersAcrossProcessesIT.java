package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.NodeProcess;
import dev.weir.NodeProcesses;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/verticles/orders.js}, its three parts in three nodes, each in a process of its own. */
class EmittersAcrossProcessesIT {
    private static final String CONF = """
            http: {ping-timeout: 10m}
            addresses:
              - {match: shop.orders, subscribe: anyone}
              - {match: shop.desk, request: anyone}
            verticles:
              - {deploy: "js:%s", config: {parts: [%s], patience: 5m}}
            """;

    private static final JsonObject ORDER = BridgeClient.frame("send", "shop.desk")
            .put("replyAddress", "r1")
            .put("body", new JsonObject().put("item", "apples").put("count", 2).put("price", 3));

    @TempDir
    private Path home;

    @Test
    void oneEmitterSpansThem() throws Exception {
        Path script = Path.of("conf/verticles/orders.js").toAbsolutePath();
        try (NodeProcesses cluster = new NodeProcesses(home, CONF.formatted(script, "desk"))) {
            NodeProcess first = cluster.start();
            cluster.awaitReady();
            NodeProcess second = cluster.start(CONF.formatted(script, "warehouse"), Map.of());
            NodeProcess third = cluster.start(CONF.formatted(script, "billing"), Map.of());
            cluster.awaitReady();
            try (BridgeClient asking = BridgeClient.connect(third.port());
                    BridgeClient hearing = BridgeClient.connect(first.port())) {
                hearing.register("shop.orders");
                cluster.await(
                        "all know of all",
                        NodeProcesses.PATIENCE,
                        () -> first.listeners("shop.orders") == 4
                                && second.listeners("shop.orders") == 4
                                && third.listeners("shop.orders") == 4);
                // Nobody is told who serves an address for requests, so it is asked until the third node knows.
                AtomicReference<JsonObject> answer = new AtomicReference<>();
                cluster.await("the desk answers", NodeProcesses.PATIENCE, () -> {
                    asking.send(ORDER);
                    answer.set(asking.next());
                    return answer.get().getString("type").equals("rec");
                });
                String id = answer.get().getJsonObject("body").getString("id");
                List<String> types = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    JsonObject headers = hearing.next().getJsonObject("headers");
                    assertThat(headers.getString("ce-subject")).isEqualTo(id);
                    types.add(headers.getString("ce-type"));
                }
                assertThat(types)
                        .containsExactlyInAnyOrder("placed", "packed", "paid", "shipped")
                        .endsWith("shipped");
            }
        }
    }
}
