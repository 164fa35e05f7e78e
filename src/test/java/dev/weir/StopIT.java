package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node in a process of its own that is asked to stop. */
class StopIT {
    /** More than the kernel holds for a connection, so the node itself has much to bring when it is stopped. */
    private static final int EVENTS = 400;

    private static final String TEXT = "x".repeat(32 * 1024);
    /** Promised are 5 s, of an idle machine. */
    private static final Duration PROMISED = Duration.ofSeconds(30);

    private static final int BY_SIGTERM = 128 + 15;
    private static final String CONF = """
            http: {session-queue: 64MiB}
            addresses:
              - {match: news, publish: anyone, subscribe: anyone}
            """;

    @TempDir
    Path home;

    private NodeProcess node;

    @AfterEach
    void end() {
        node.kill();
    }

    private void start() {
        node = new NodeProcess(home, CONF, Map.of("WEIR_HTTP_PORT", "" + Ports.free()));
        org.awaitility.Awaitility.await().atMost(NodeProcesses.PATIENCE).until(node::isReady);
    }

    private void publishAll() {
        try (var writer = BridgeClient.connect(node.port())) {
            for (int n = 1; n <= EVENTS; n++) {
                writer.send(BridgeClient.frame("publish", "news")
                        .put("body", new JsonObject().put("n", n).put("text", TEXT)));
            }
            assertThat(writer.isQuiet()).isTrue();
        }
    }

    @Test
    void whoReadsLateGetsEverythingAndTheReasonAndWhoReadsNothingIsNotWaitedFor() {
        start();
        try (var stalled = BridgeClient.connect(node.port()).register("news");
                var late = BridgeClient.connect(node.port()).register("news")) {
            stalled.stall();
            late.stall();
            publishAll();
            node.signal("TERM");
            late.resume();
            for (int n = 1; n <= EVENTS; n++) {
                assertThat(late.next().getJsonObject("body").getInteger("n")).isEqualTo(n);
            }
            assertThat(late.closeCode()).isEqualTo(1001);
            assertThat(node.exitCode(PROMISED)).isEqualTo(BY_SIGTERM);
        }
    }
}
