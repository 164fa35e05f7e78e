package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.bus.Addresses;
import dev.weir.bus.Counters;
import dev.weir.bus.Position;
import dev.weir.emitter.Emitter;
import dev.weir.event.Event;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages between the journal and those who follow it are lost, doubled and late on purpose: subscribers notice nothing. */
class LossyBusTest {
    private static final String YAML = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 100000}}
            """;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int EVENTS = 1_000;
    private static final int LOST_LAST = 3;

    @TempDir
    Path home;

    private final AtomicBoolean deaf = new AtomicBoolean();

    /** A third gets through as it is. */
    private void disturb(TestNode node) {
        Random random = new Random(20_261_121);
        String log = Addresses.ofLog("orders");
        DeliveryOptions asItWas = new DeliveryOptions().setCodecName("weir-kept");
        node.vertx().eventBus().addOutboundInterceptor((DeliveryContext<Object> context) -> {
            if (!context.message().address().equals(log)) {
                context.next();
                return;
            }
            int fate = deaf.get() ? 0 : random.nextInt(6);
            if (fate == 1 || fate == 2) {
                node.vertx().setTimer(1 + random.nextInt(150), later -> context.next());
            } else if (fate > 2) {
                context.next();
                if (fate == 3) {
                    node.vertx().eventBus().publish(log, context.message().body(), asItWas);
                }
            }
        });
    }

    private static void publish(BridgeClient producer, int from, int to) {
        for (int n = from; n <= to; n++) {
            producer.send(BridgeClient.frame("publish", "orders").put("body", n));
        }
        producer.send(BridgeClient.frame("publish", "nowhere").put("body", 0).put("replyAddress", "behind"));
        producer.next();
    }

    private static BridgeClient follow(TestNode node, String position) {
        JsonObject headers = new JsonObject().put("weir-since", position);
        BridgeClient client = BridgeClient.connect(node.port());
        client.send(BridgeClient.frame("register", "orders").put("headers", headers));
        assertThat(client.next().getJsonObject("headers").getString("weir-recovered"))
                .isEqualTo("true");
        return client;
    }

    private static void heardAll(BridgeClient client, int from) {
        for (int n = from; n <= EVENTS + LOST_LAST; n++) {
            JsonObject event = client.poll(PATIENCE);
            assertThat(event).as("event %s", n).isNotNull();
            assertThat(event.getJsonObject("headers").getString("weir-offset")).isEqualTo("" + n);
            assertThat(event.getInteger("body")).isEqualTo(n);
        }
        assertThat(client.isQuiet()).isTrue();
    }

    /** The ids of a stream, each once, up to the last. */
    private static CompletableFuture<List<String>> stream(TestNode node, String last) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/stream?address=orders")))
                .header("Last-Event-ID", last)
                .build();
        return HttpClient.newHttpClient()
                .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                .thenApplyAsync(answer -> {
                    try (Stream<String> lines = answer.body()) {
                        return lines.filter(line -> line.startsWith("id: "))
                                .limit(EVENTS + LOST_LAST + 1L)
                                .toList();
                    }
                });
    }

    @Test
    void everyEventComesOnceInOrderWhateverHappensOnTheBus() throws Exception {
        try (TestNode node = TestNode.start(home, YAML, Map.of("WEIR_HTTP_LOOPS", "2"));
                BridgeClient producer = BridgeClient.connect(node.port());
                BridgeClient first = BridgeClient.connect(node.port()).register("orders");
                BridgeClient second = BridgeClient.connect(node.port())) {
            disturb(node);
            List<Long> emitted = new CopyOnWriteArrayList<>();
            Emitter orders = Emitter.of(node.vertx(), "orders");
            orders.on("message", (Object data, Event event) -> {
                Position kept = Emitter.positionOf(event);
                emitted.add(kept == null ? -1 : kept.offset());
            });
            orders.ready().await(30, TimeUnit.SECONDS);
            second.send(
                    BridgeClient.frame("register", "orders").put("headers", new JsonObject().put("weir-rewind", "0")));
            String epoch = second.next().getJsonObject("headers").getString("weir-epoch");
            CompletableFuture<List<String>> ids = stream(node, epoch + ":0");
            publish(producer, 1, EVENTS / 2);
            try (BridgeClient late = follow(node, epoch + ":17")) {
                publish(producer, EVENTS / 2 + 1, EVENTS);
                deaf.set(true);
                publish(producer, EVENTS + 1, EVENTS + LOST_LAST);
                heardAll(first, 1);
                heardAll(second, 1);
                heardAll(late, 18);
            }
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(emitted)
                    .isEqualTo(LongStream.rangeClosed(1, EVENTS + LOST_LAST)
                            .boxed()
                            .toList()));
            assertThat(ids.get(30, TimeUnit.SECONDS))
                    .isEqualTo(LongStream.rangeClosed(0, EVENTS + LOST_LAST)
                            .mapToObj(offset -> "id: " + epoch + ":" + offset)
                            .toList());
            Counters counters = Counters.of(node.vertx());
            assertThat(counters.feedHeld.sum()).isPositive();
            assertThat(counters.feedReads.sum()).isPositive();
        }
    }
}
