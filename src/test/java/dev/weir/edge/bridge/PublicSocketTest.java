package dev.weir.edge.bridge;

import static dev.weir.BridgeClient.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.BridgeClient;
import dev.weir.RawConnection;
import dev.weir.TestNode;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A node on a Vert.x whose channels it does not know: WebSockets go through the public API, and all of the protocol holds. */
class PublicSocketTest {
    private static final String YAML = """
            http: {idle-timeout: 1s, heartbeat: 1s, session-queue: 64KiB, max-body: 512KiB}
            addresses:
              - {match: "chat.{room}", publish: anyone, subscribe: anyone, max-size: 400KiB}
              - {match: quotes, request: anyone, respond: anyone}
            """;
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(BridgeRoutes.class);
    private static final ListAppender<ILoggingEvent> SAID = new ListAppender<>();
    private static TestNode node;

    @BeforeAll
    static void start(@TempDir Path home) {
        SAID.start();
        LOG.addAppender(SAID);
        node = TestNode.start(home, YAML, Map.of(), Vertx.builder().withTransport(UnknownPipeline.transport()));
    }

    @AfterAll
    static void stop() {
        LOG.detachAppender(SAID);
        node.close();
    }

    private static BridgeClient open() {
        return BridgeClient.connect(node.port());
    }

    private static BridgeClient framed() {
        BridgeClient client = BridgeClient.connect(node.port(), "/eventbus/1/public/websocket");
        assertThat(client.nextText()).isEqualTo("o");
        return client;
    }

    private static String next(BridgeClient framed) {
        String text = framed.nextText();
        return text.equals("h") ? next(framed) : text;
    }

    @Test
    void theLogSaysSoOnce() {
        try (BridgeClient client = open();
                BridgeClient other = open()) {
            assertThat(client.isQuiet()).isTrue();
            assertThat(other.isQuiet()).isTrue();
            assertThat(List.copyOf(SAID.list).stream()
                            .filter(line -> line.getLevel() == Level.WARN
                                    && line.getFormattedMessage().contains("slower public API")))
                    .hasSize(1);
        }
    }

    @Test
    void eventsOfAnySizeTravelBothWaysInBothFramings() {
        try (BridgeClient raw = open();
                BridgeClient framed = framed()) {
            raw.register("chat.a");
            framed.sendText(SockJsText.messages(SockJsText.register("chat.a")));
            assertThat(next(framed)).contains("registered");
            for (String text : new String[] {"q\"\\\n\u00e4\uD83D\uDE00", "0123456789".repeat(30_000)}) {
                framed.sendText(SockJsText.messages(SockJsText.publish("chat.a", text)));
                assertThat(raw.next().getString("body")).isEqualTo(text);
                JsonObject rec = new JsonObject(new JsonArray(next(framed).substring(1)).getString(0));
                assertThat(rec.getString("body")).isEqualTo(text);
            }
        }
    }

    @Test
    void requestsAndRepliesToo() {
        try (BridgeClient asking = open();
                BridgeClient answering = open()) {
            answering.register("quotes");
            asking.send(frame("send", "quotes").put("replyAddress", "q").put("body", "EUR"));
            String reply = answering.next().getString("replyAddress");
            answering.send(frame("send", reply).put("body", 42));
            assertThat(asking.next().getInteger("body")).isEqualTo(42);
        }
    }

    @Test
    void whatIsWrongIsAnsweredOrEndsTheSession() {
        try (BridgeClient client = open();
                BridgeClient framed = framed()) {
            client.sendText("nonsense");
            assertThat(client.next().getString("body")).isEqualTo("invalid_json");
            client.sendText("x".repeat(600_000));
            assertThat(client.closeCode()).isIn(1006, 1009);
            framed.sendText("[broken");
            assertThat(framed.closeCode()).isEqualTo(4402);
        }
    }

    @Test
    void whoDoesNotReadIsClosedAndOthersGoOn() {
        try (BridgeClient stalled = open().register("chat.slow");
                BridgeClient other = open().register("chat.slow")) {
            stalled.stall();
            String large = "x".repeat(50_000);
            await().until(() -> {
                other.send(frame("publish", "chat.slow").put("body", large));
                assertThat(other.next().getString("body")).isEqualTo(large);
                return value("weir_slow_disconnects_total") > 0;
            });
            assertThat(other.isQuiet()).isTrue();
        }
    }

    @Test
    void itIsNoIdleConnectionAndIsCountedOutWhenItEnds() {
        try (BridgeClient client = open().register("chat.idle");
                BridgeClient framed = framed()) {
            try (RawConnection idle = RawConnection.get(node.port(), "/health/live")) {
                assertThat(idle.rest()).startsWith("HTTP/1.1 200 ");
            }
            client.send(frame("publish", "chat.idle").put("body", "still here"));
            assertThat(client.next().getString("body")).isEqualTo("still here");
            assertThat(framed.nextText()).isEqualTo("h");
        }
        await().until(() -> value("weir_sessions") == 0);
    }

    private static double value(String name) {
        try (RawConnection metrics = RawConnection.get(node.port(), "/metrics", "Connection", "close")) {
            return metrics.rest()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }
}
