package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.bus.Counters;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many sessions that come back at once, as after a node's death, share what is read and encoded for them. */
class SharedReplayTest {
    private static final String YAML = """
            http: {sessions-per-client: 5000}
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 100000}}
            """;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS = 2_000;
    private static final int SESSIONS = 300;

    @TempDir
    Path home;

    private static String publish(TestNode node, int from, int to) throws Exception {
        Publisher publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
        List<Future<?>> kept = new ArrayList<>();
        for (int n = from; n <= to; n++) {
            kept.add(publisher.publish(Origin.node("test"), "orders", MultiMap.caseInsensitiveMultiMap(), n, 10));
        }
        Future.all(kept).await(30, TimeUnit.SECONDS);
        return Objects.requireNonNull(publisher.journal())
                .head("orders", Objects.requireNonNull(publisher.keepOf("orders")))
                .await(30, TimeUnit.SECONDS)
                .epoch();
    }

    /** A client that checks what it hears and keeps none of it. */
    private static final class Follower {
        private final AtomicInteger at;
        private volatile String wrong = "";

        Follower(int from) {
            at = new AtomicInteger(from);
        }

        void heard(String text) {
            if (text.startsWith("{\"type\":\"registered\"")) {
                if (!text.contains("\"weir-recovered\":\"true\"")) {
                    wrong = text;
                }
            } else if (!text.contains("\"weir-offset\":\"" + at.incrementAndGet() + "\"")) {
                wrong = "not " + at + ": " + text;
            }
        }
    }

    @Test
    void whoComesBackTogetherReadsAndEncodesOnce() throws Exception {
        Vertx clients = Vertx.vertx();
        try (TestNode node = TestNode.start(home, YAML)) {
            String epoch = publish(node, 1, EVENTS);
            WebSocketClient client =
                    clients.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(SESSIONS));
            List<Follower> followers = new ArrayList<>();
            List<Future<WebSocket>> sockets = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                // Not all of them left at the same moment.
                Follower follower = new Follower(i % 3 == 0 ? 0 : i);
                followers.add(follower);
                sockets.add(client.connect(new WebSocketConnectOptions()
                                .setHost("127.0.0.1")
                                .setPort(node.port())
                                .setURI("/eventbus/websocket"))
                        .onSuccess(socket -> socket.textMessageHandler(follower::heard)));
            }
            Future.all(sockets).await(60, TimeUnit.SECONDS);
            Counters counters = Counters.of(node.vertx());
            for (int i = 0; i < SESSIONS; i++) {
                JsonObject since = new JsonObject().put("weir-since", epoch + ":" + followers.get(i).at);
                sockets.get(i)
                        .result()
                        .writeTextMessage(BridgeClient.frame("register", "orders")
                                .put("headers", since)
                                .encode());
            }
            publish(node, EVENTS + 1, EVENTS + 50);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(followers.stream().map(each -> each.wrong + each.at))
                            .containsOnly("" + (EVENTS + 50)));
            assertThat(counters.replayed.sum()).isGreaterThan(SESSIONS * (EVENTS - SESSIONS));
            // One session alone would take four reads; those who come later may find that what was read is gone again.
            assertThat(counters.replayReads.sum()).isLessThan(SESSIONS / 5);
            assertThat(counters.replayEncoded.sum()).isLessThan(SESSIONS * EVENTS / 20);
            await().atMost(PATIENCE).until(() -> counters.replays.sum() == 0);
        } finally {
            clients.close().await(30, TimeUnit.SECONDS);
        }
    }
}
