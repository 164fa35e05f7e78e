package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.bus.Journal;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
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
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients come and go all the time while a producer publishes as fast as it can; each of them checks every position it hears. */
class ReconnectStormTest {
    private static final String YAML = """
            http: {sessions-per-client: 5000}
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 10000000}}
            """;
    private static final Pattern OFFSET = Pattern.compile("\"weir-offset\":\"(\\d+)\"");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int CLIENTS = 25;
    private static final int VISITS = 80;
    private static final int UNDER_WAY = 4;

    private final Vertx clients = Vertx.vertx();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicLong published = new AtomicLong();
    private TestNode node;
    private Publisher publisher;
    private WebSocketClient client;

    @BeforeEach
    void start(@TempDir Path home) {
        node = TestNode.start(home, YAML, Map.of("WEIR_HTTP_LOOPS", "2"));
        publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
        client = clients.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(CLIENTS * 4));
    }

    @AfterEach
    void stop() throws Exception {
        enough.set(true);
        clients.close().await(30, TimeUnit.SECONDS);
        node.close();
    }

    /** As one event is kept the next is published. */
    private void produce() {
        if (!enough.get()) {
            publisher
                    .publish(Origin.node("test"), "orders", MultiMap.caseInsensitiveMultiMap(), "x".repeat(50), 50)
                    .onSuccess(receipt -> {
                        published.accumulateAndGet(
                                Objects.requireNonNull(receipt.kept()).offset(), Math::max);
                        produce();
                    });
        }
    }

    /** Hears some events, leaves without a word and comes back with its position. Owned by its event loop. */
    private final class Visitor {
        private final Random random;
        private final String epoch;
        private long at;
        private int visits;
        private volatile long seen;
        private final AtomicInteger ended = new AtomicInteger();
        private volatile String wrong = "";

        Visitor(long seed, String epoch) {
            this.random = new Random(seed);
            this.epoch = epoch;
        }

        void visit() {
            WebSocketConnectOptions options = new WebSocketConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(node.port())
                    .setURI("/eventbus/websocket");
            client.connect(options).onSuccess(this::begin).onFailure(failure -> wrong = failure.toString());
        }

        private void begin(WebSocket socket) {
            boolean last = ++visits == VISITS;
            int stay = last ? Integer.MAX_VALUE : random.nextInt(60);
            int[] heard = {0};
            boolean[] gone = {false};
            socket.closeHandler(closed -> {
                if (!gone[0] && last) {
                    wrong = "closed with " + socket.closeStatusCode();
                }
                ended.incrementAndGet();
                if (!last) {
                    visit();
                }
            });
            socket.textMessageHandler(text -> {
                if (!gone[0]) {
                    hear(text);
                    if (heard[0]++ >= stay) {
                        gone[0] = true;
                        socket.shutdown(0, TimeUnit.MILLISECONDS);
                    }
                }
            });
            JsonObject since = new JsonObject().put("weir-since", epoch + ":" + at);
            socket.writeTextMessage(BridgeClient.frame("register", "orders")
                    .put("headers", since)
                    .encode());
            clients.setPeriodic(4_000, ping -> socket.writeTextMessage("{\"type\":\"ping\"}"));
        }

        private void hear(String text) {
            Matcher offset = OFFSET.matcher(text);
            boolean found = offset.find();
            if (!found) {
                wrong = text;
            } else if (text.startsWith("{\"type\":\"registered\"")) {
                if (!text.contains("\"weir-recovered\":\"true\"") || Long.parseLong(offset.group(1)) != at) {
                    wrong = "at " + at + ": " + text;
                }
            } else if (text.startsWith("{\"type\":\"position\"")) {
                wrong = Long.parseLong(offset.group(1)) == at ? wrong : "at " + at + ": " + text;
            } else if (Long.parseLong(offset.group(1)) != ++at) {
                wrong = "not " + at + ": " + text;
            }
            seen = at;
        }
    }

    @Test
    void whoComesAndGoesHearsEachEventOnceInOrder() throws Exception {
        Journal journal = Objects.requireNonNull(publisher.journal());
        String epoch = journal.head("orders", Objects.requireNonNull(publisher.keepOf("orders")))
                .await(30, TimeUnit.SECONDS)
                .epoch();
        for (int i = 0; i < UNDER_WAY; i++) {
            produce();
        }
        List<Visitor> visitors = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Visitor visitor = new Visitor(i, epoch);
            visitors.add(visitor);
            clients.getOrCreateContext().runOnContext(go -> visitor.visit());
        }
        await().atMost(PATIENCE).until(() -> visitors.stream()
                .allMatch(each -> each.ended.get() >= VISITS - 1 || !each.wrong.isEmpty()));
        enough.set(true);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(visitors).allSatisfy(each -> assertThat(each.wrong).isEmpty());
            assertThat(visitors).allSatisfy(each -> assertThat(each.seen).isEqualTo(published.get()));
        });
    }
}
