package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.RawConnection;
import dev.weir.TestNode;
import io.vertx.core.eventbus.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that were answered and say nothing, or not enough: closed, unless they are streams, WebSockets or wait themselves. */
class IdleConnectionsTest {
    private static final String YAML = """
            http: {idle-timeout: 1s, heartbeat: 1s}
            addresses:
              - {match: news, publish: anyone, subscribe: anyone}
              - {match: pricing, request: anyone}
            """;
    private static TestNode node;

    @BeforeAll
    static void start(@TempDir Path home) {
        node = TestNode.start(home, YAML);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** A connection whose first request was answered. */
    private static RawConnection answered() {
        RawConnection connection = RawConnection.get(node.port(), "/health/live");
        assertThat(connection.answerHead()).startsWith("HTTP/1.1 200 ");
        assertThat(connection.readUntil("}")).endsWith("}");
        return connection;
    }

    @Test
    void whoseNextRequestDoesNotComeIsClosed() {
        try (RawConnection silent = answered();
                RawConnection slow = answered().send("G");
                RawConnection slower = answered().send("GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: 1\r\n")) {
            for (RawConnection each : List.of(silent, slow, slower)) {
                assertThat(each.rest()).doesNotContain("HTTP/1.1");
            }
        }
    }

    @Test
    void streamsWebSocketsAndRequestsThatWaitAreNotIdle() {
        Queue<Message<Object>> asked = new ConcurrentLinkedQueue<>();
        var pricing = node.vertx().eventBus().consumer("pricing", asked::add);
        try (RawConnection stream = RawConnection.get(node.port(), "/v1/stream?address=news");
                RawConnection polling = RawConnection.open(node.port())
                        .head("POST", "/eventbus/1/idle/xhr_streaming", "Content-Length", "0")
                        .send("\r\n");
                RawConnection waiting = RawConnection.open(node.port())
                        .head("POST", "/v1/addresses/pricing/requests", "Content-Length", "1")
                        .send("Content-Type: application/json\r\n\r\n1");
                BridgeClient raw = BridgeClient.connect(node.port()).register("news");
                BridgeClient framed = BridgeClient.connect(node.port(), "/eventbus/1/framed/websocket")) {
            assertThat(stream.readUntil("retry: ")).endsWith("retry: ");
            assertThat(polling.readUntil("o\n")).endsWith("o\n");
            assertThat(framed.nextText()).isEqualTo("o");
            await().until(() -> asked.size() == 1);
            // The youngest of all: when it is closed, the others would be, too.
            try (RawConnection idle = answered()) {
                assertThat(idle.rest()).doesNotContain("HTTP/1.1");
            }
            asked.remove().reply("2");
            assertThat(waiting.readUntil("\"2\"")).startsWith("HTTP/1.1 200 ");
            raw.send(BridgeClient.frame("publish", "news").put("body", "still here"));
            assertThat(raw.next().getString("body")).isEqualTo("still here");
            assertThat(stream.readUntil("still here")).endsWith("still here");
            assertThat(polling.readUntil("h\n")).endsWith("h\n");
            assertThat(framed.nextText()).isEqualTo("h");
        } finally {
            pricing.unregister();
        }
    }

    @Test
    void onlyWhatSpeaksHttpIsCounted() {
        try (BridgeClient raw = BridgeClient.connect(node.port()).register("news")) {
            await().until(() -> {
                try (RawConnection metrics = RawConnection.get(node.port(), "/metrics", "Connection", "close")) {
                    return metrics.rest().contains("weir_http_connections 1.0\n");
                }
            });
            assertThat(raw.isQuiet()).isTrue();
        }
    }
}
