package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.bus.Counters;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads too slowly on a journaled address is closed so that it comes again, and has lost nothing then. */
class SlowResumeTest {
    private static final String YAML = """
            http: {session-queue: 64KiB}
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 100000}}
            """;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BATCH = 100;
    private static final int MOST_BATCHES = 100;

    @TempDir
    Path home;

    private static void publish(TestNode node) throws Exception {
        Publisher publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
        String data = "x".repeat(10_000);
        List<Future<?>> kept = new ArrayList<>();
        for (int n = 0; n < BATCH; n++) {
            kept.add(
                    publisher.publish(Origin.node("test"), "orders", MultiMap.caseInsensitiveMultiMap(), data, 10_000));
        }
        Future.all(kept).await(30, TimeUnit.SECONDS);
    }

    private static void follows(JsonObject event, long before) {
        assertThat(event.getJsonObject("headers").getString("weir-offset")).isEqualTo("" + (before + 1));
    }

    @Test
    void whoIsClosedForBeingSlowGoesOnWhereItWas() throws Exception {
        try (TestNode node = TestNode.start(home, YAML);
                BridgeClient slow = BridgeClient.connect(node.port())) {
            slow.send(
                    BridgeClient.frame("register", "orders").put("headers", new JsonObject().put("weir-rewind", "0")));
            String epoch = slow.next().getJsonObject("headers").getString("weir-epoch");
            slow.stall();
            Counters counters = Counters.of(node.vertx());
            int batches = 0;
            while (counters.slowDisconnects.sum() == 0) {
                assertThat(batches++).isLessThan(MOST_BATCHES);
                publish(node);
            }
            slow.resume();
            assertThat(slow.closeCodeWithin(PATIENCE))
                    .as("says come again, if it arrives")
                    .isIn(4101, 1006);
            long at = 0;
            for (String text : slow.unread()) {
                follows(new JsonObject(text), at++);
            }
            long all = (long) batches * BATCH;
            assertThat(at).isPositive().isLessThan(all);
            try (BridgeClient back = BridgeClient.connect(node.port())) {
                back.send(BridgeClient.frame("register", "orders")
                        .put("headers", new JsonObject().put("weir-since", epoch + ":" + at)));
                assertThat(back.next().getJsonObject("headers").getString("weir-recovered"))
                        .isEqualTo("true");
                while (at < all) {
                    follows(Objects.requireNonNull(back.poll(PATIENCE)), at++);
                }
                assertThat(back.isQuiet()).isTrue();
            }
        }
    }
}
