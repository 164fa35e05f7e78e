package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.BridgeClient;
import dev.weir.RawConnection;
import dev.weir.TestNode;
import io.vertx.core.eventbus.Message;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Connections that were answered and say nothing, or not enough: closed, unless they are streams, WebSockets or wait themselves. */
class IdleConnectionsTest {
    private static final String YAML = """
            http: {idle-timeout: 1s, heartbeat: 1s}
            addresses:
              - {match: news, publish: anyone, subscribe: anyone}
              - {match: pricing, request: anyone}
            """;
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.weir.edge.ProblemResponses");
    private static final String BYTES = "bytes of a long answer";
    private static TestNode node;

    @BeforeAll
    static void start(@TempDir Path home) throws IOException {
        Path webroot = Files.createDirectories(home.resolve("webroot"));
        try (RandomAccessFile file =
                new RandomAccessFile(webroot.resolve("film.bin").toFile(), "rw")) {
            file.setLength(512L << 20);
        }
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
    void whoTakesALongAnswerSlowlyIsNotIdleWhoTakesNothingIs() {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        LOG.addAppender(said);
        try (RawConnection stuck = RawConnection.get(node.port(), "/film.bin")) {
            assertThat(stuck.status()).isEqualTo(200);
            try (RawConnection slow = RawConnection.get(node.port(), "/film.bin")) {
                assertThat(slow.status()).isEqualTo(200);
                try (RawConnection idle = answered()) {
                    await().pollInterval(Duration.ofMillis(20)).until(() -> {
                        assertThat(slow.take(200_000)).as(BYTES).isPositive();
                        return idle.isClosed();
                    });
                }
                // More than any buffer between the two may have held already.
                for (int taken = 0; taken < 64 << 20; ) {
                    int more = slow.take(1 << 20);
                    assertThat(more).as(BYTES).isPositive();
                    taken += more;
                }
            }
            awaitConnections(1);
        } finally {
            LOG.detachAppender(said);
        }
        assertThat(said.list).as("what is said of clients that leave").isEmpty();
    }

    /** That of the question itself is one of them. */
    private static void awaitConnections(int count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            try (RawConnection metrics = RawConnection.get(node.port(), "/metrics", "Connection", "close")) {
                return metrics.rest().contains("weir_http_connections " + count + ".0\n");
            }
        });
    }

    @Test
    void onlyWhatSpeaksHttpIsCounted() {
        try (BridgeClient raw = BridgeClient.connect(node.port()).register("news")) {
            awaitConnections(1);
            assertThat(raw.isQuiet()).isTrue();
        }
    }
}
