package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.NodeProcess;
import dev.weir.NodeProcesses;
import dev.weir.Program;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir js --cluster FILE}: a program in a process of its own, beside a node and where there is none. */
class ProgramBesideNodeIT {
    private static final String CONF = """
            http: {ping-timeout: 10m}
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, max-size: 200B}
              - {match: sums, request: anyone}
            """;

    @TempDir
    private Path home;

    private void script(String name, String text) throws IOException {
        Files.writeString(home.resolve(name), text);
    }

    private static JsonObject placed(String type, int n) {
        return BridgeClient.frame("publish", "orders")
                .put("headers", new JsonObject().put("ce-type", type).put("ce-subject", "customer-7"))
                .put("body", new JsonObject().put("n", n));
    }

    private static String summary(JsonObject frame) {
        JsonObject headers = frame.getJsonObject("headers", new JsonObject());
        return headers.getString("ce-type") + " " + headers.getString("ce-subject") + " " + frame.getValue("body");
    }

    @Test
    void itHearsEmitsAndAnswersUntilItEnds() throws Exception {
        script("shop.js", """
                const { emitter } = require('weir');
                const { eventBus } = require('vertx');
                const orders = emitter('orders');
                orders.on('placed', ({ n }, { subject }) => orders.emit('confirmed', { n, by: process.argv[2] }, { key: subject }));
                orders.on('large', () => orders.emit('answer', 'x'.repeat(300)).catch(({ code }) => orders.emit('refused', code)));
                const sums = eventBus.consumer('sums', (message) => message.reply(message.body().reduce((a, b) => a + b, 0)));
                orders.on('end', async () => {
                  orders.removeAllListeners();
                  await sums.unregister();
                  eventBus.publish('orders', 'the last');
                  process.exitCode = 3;
                });
                orders.ready().then(() => console.log('listens'));
                """);
        try (NodeProcesses cluster = new NodeProcesses(home, CONF)) {
            NodeProcess node = cluster.start();
            cluster.awaitReady();
            try (BridgeClient browser = BridgeClient.connect(node.port());
                    Program shop = cluster.beside(home, "js", "--cluster", "shop.js", "beside")) {
                browser.register("orders");
                shop.says(said -> said.contains("listens"));
                cluster.await("the node knows of both", NodeProcesses.PATIENCE, () -> node.listeners("orders") == 2);
                browser.send(placed("placed", 1));
                assertThat(summary(browser.next())).isEqualTo("placed customer-7 {\"n\":1}");
                assertThat(summary(browser.next())).isEqualTo("confirmed customer-7 {\"n\":1,\"by\":\"beside\"}");
                browser.send(placed("large", 2));
                assertThat(summary(browser.next())).startsWith("large");
                assertThat(summary(browser.next())).isEqualTo("refused null too_large");
                assertThat(sum(cluster, browser)).isEqualTo(6);
                browser.send(placed("end", 3));
                assertThat(summary(browser.next())).startsWith("end");
                assertThat(browser.next().getValue("body")).isEqualTo("the last");
                assertThat(shop.exit()).as(shop.output()).isEqualTo(3);
                cluster.await(
                        "the node knows that it is gone",
                        NodeProcesses.PATIENCE,
                        () -> node.listeners("orders") == 1 && node.metric("weir_cluster_nodes") == 1);
            }
        }
    }

    /** Nobody is told who serves an address for requests, so it is asked until the node knows. */
    private static int sum(NodeProcesses cluster, BridgeClient browser) {
        AtomicReference<JsonObject> answer = new AtomicReference<>();
        cluster.await("the program answers", NodeProcesses.PATIENCE, () -> {
            browser.send(BridgeClient.frame("send", "sums")
                    .put("replyAddress", "r1")
                    .put("body", new JsonArray().add(1).add(2).add(3)));
            answer.set(browser.next());
            return answer.get().getString("type").equals("rec");
        });
        return answer.get().getInteger("body");
    }

    @Test
    void whereThereIsNoNodeItSaysSoAndIsAClusterOfItsOwn() throws Exception {
        script("alone.js", """
                const { emitter } = require('weir');
                const orders = emitter('orders');
                orders.once('placed', (n) => console.log('heard', n));
                orders.ready()
                  .then(() => orders.emit('placed', 1))
                  .then(({ id }) => console.log('emitted', typeof id))
                  .then(() => orders.listeners())
                  .catch(({ code, message }) => console.log(code, message));
                """);
        try (NodeProcesses nobody = new NodeProcesses(home, CONF);
                Program program = nobody.beside(home, "js", "--cluster", "alone.js")) {
            assertThat(program.exit()).as(program.output()).isZero();
            assertThat(program.output().lines())
                    .contains("heard 1", "emitted string")
                    .anyMatch(line -> line.startsWith("weir js: no node answers at 127.0.0.1:"))
                    .anyMatch(line -> line.startsWith("unavailable "));
        }
    }
}
