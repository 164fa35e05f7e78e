package dev.weir.edge.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.bus.AddressesInUse;
import dev.weir.bus.Counters;
import dev.weir.bus.Origin;
import dev.weir.bus.Policy;
import dev.weir.bus.Position;
import dev.weir.bus.Publisher;
import dev.weir.node.NodeSettings;
import dev.weir.time.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the sessions of one event loop catch up: on a real journal and bus, with virtual time and transports that the test holds up. */
class ReplaysTest {
    private static final String YAML = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 100000}}
            """;
    private static final Pattern OFFSET = Pattern.compile("\"weir-offset\":\"(\\d+)\"");

    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Counters counters = new Counters();
    private TestNode node;
    private Publisher publisher;
    private Policy policy;
    private ContextInternal context;
    private Fanout fanout;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        node = TestNode.start(home, YAML);
        publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
        policy = NodeSettings.read(home.resolve("conf/weir.yaml"), Map.of())
                .policies()
                .of("orders")
                .orElseThrow();
        context = (ContextInternal) node.vertx().getOrCreateContext();
        fanout = on(() -> new Fanout(
                node.vertx().eventBus(),
                time,
                context.nettyEventLoop(),
                task -> context.runOnContext(go -> task.run()),
                UnpooledByteBufAllocator.DEFAULT,
                counters,
                publisher::journal,
                new AddressesInUse()));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private static ConditionFactory patiently() {
        return await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(30));
    }

    private <T> T on(Callable<T> action) throws Exception {
        Promise<T> done = Promise.promise();
        context.runOnContext(go -> {
            try {
                done.complete(action.call());
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return done.future().await(30, TimeUnit.SECONDS);
    }

    private void pass(Duration by) throws Exception {
        on(() -> {
            time.advance(by);
            return null;
        });
    }

    private String publish(int count) throws Exception {
        List<Future<?>> kept = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            kept.add(publisher.publish(
                    Origin.node("test"), "orders", MultiMap.caseInsensitiveMultiMap(), "x".repeat(200), 200));
        }
        Future.all(kept).await(30, TimeUnit.SECONDS);
        return Objects.requireNonNull(publisher.journal())
                .head("orders", Objects.requireNonNull(policy.keep()))
                .await(30, TimeUnit.SECONDS)
                .epoch();
    }

    private TestOutlet resume(String epoch, long offset, boolean writable) throws Exception {
        TestOutlet outlet = new TestOutlet();
        outlet.writable = writable;
        Start start = new Start(new Position(epoch, offset), 0, false, null, began -> {});
        on(() -> {
            fanout.join("orders", policy, outlet, start);
            return null;
        });
        return outlet;
    }

    private static void hasAll(TestOutlet outlet, long from, long to) {
        List<Long> all = LongStream.rangeClosed(from, to).boxed().toList();
        patiently().untilAsserted(() -> assertThat(outlet.offsets).isEqualTo(all));
    }

    @Test
    void whoWantsTheSameSharesWhatIsReadAndEncoded() throws Exception {
        String epoch = publish(1_200);
        List<TestOutlet> outlets = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            outlets.add(resume(epoch, i % 4 * 10L, true));
        }
        for (int i = 0; i < 40; i++) {
            hasAll(outlets.get(i), i % 4 * 10L + 1, 1_200);
        }
        patiently().until(() -> counters.replays.sum() == 0);
        assertThat(counters.replayed.sum()).isEqualTo(47_400);
        assertThat(counters.replayEncoded.sum()).isLessThan(2 * 1_200);
        assertThat(counters.replayReads.sum()).isLessThan(8);
        publish(3);
        hasAll(outlets.get(7), 31, 1_203);
    }

    @Test
    void aCrowdSharesPagesWhereverEachOfThemIs() throws Exception {
        String epoch = publish(1_200);
        for (int i = 0; i < 20; i++) {
            resume(epoch, 1_199, false);
        }
        // Each is further behind than the one before, so that none finds a page that begins where it is.
        for (long at = 1_180; at > 0; at -= 60) {
            hasAll(resume(epoch, at, true), at + 1, 1_200);
        }
        assertThat(counters.replays.sum()).isEqualTo(20);
        assertThat(counters.replayReads.sum()).isLessThan(8);
        assertThat(counters.replayEncoded.sum()).isLessThan(2 * 1_200);
    }

    @Test
    void whatWasReadIsKeptForAMomentAndThenReadAgain() throws Exception {
        String epoch = publish(100);
        hasAll(resume(epoch, 0, true), 1, 100);
        hasAll(resume(epoch, 50, true), 51, 100);
        assertThat(counters.replayReads.sum()).isEqualTo(1);
        pass(Duration.ofSeconds(5));
        hasAll(resume(epoch, 0, true), 1, 100);
        assertThat(counters.replayReads.sum()).isEqualTo(2);
    }

    @Test
    void aSessionGetsMoreWhenItsTransportHasTakenWhatItGot() throws Exception {
        String epoch = publish(2_000);
        TestOutlet fast = resume(epoch, 0, true);
        TestOutlet slow = resume(epoch, 0, false);
        hasAll(fast, 1, 2_000);
        assertThat(slow.offsets).isEmpty();
        slow.stalls = true;
        int live = 0;
        while (slow.offsets.size() < 2_000 + live) {
            if (live < 20) {
                publish(1);
                live++;
            }
            on(() -> slow.writable = true);
            int before = slow.offsets.size();
            patiently().until(() -> {
                pass(Duration.ofMillis(20));
                return slow.offsets.size() > before;
            });
        }
        hasAll(slow, 1, 2_020);
        hasAll(fast, 1, 2_020);
        assertThat(slow.largest).as("bytes at a time").isLessThan(64 * 1024);
    }

    @Test
    void whoTakesNothingForAMinuteIsSentAway() throws Exception {
        String epoch = publish(100);
        TestOutlet stuck = resume(epoch, 0, false);
        patiently().until(() -> {
            pass(Duration.ofSeconds(1));
            return stuck.closed;
        });
        assertThat(counters.slowDisconnects.sum()).isEqualTo(1);
        assertThat(stuck.offsets).isEmpty();
        on(() -> {
            fanout.leave("orders", stuck);
            return null;
        });
        assertThat(counters.replays.sum()).isZero();
    }

    @Test
    void whereNothingCameForAWhileThePositionIsKnown() throws Exception {
        String epoch = publish(10);
        TestOutlet outlet = resume(epoch, 10, true);
        TestOutlet behind = resume(epoch, 0, false);
        patiently().until(() -> counters.replays.sum() == 1);
        pass(Duration.ofSeconds(9));
        assertThat(on(() -> String.valueOf(fanout.quiet("orders", outlet)))).isEqualTo("null");
        pass(Duration.ofSeconds(2));
        assertThat(on(() -> String.valueOf(fanout.quiet("orders", outlet)))).isEqualTo(epoch + ":10");
        assertThat(on(() -> String.valueOf(fanout.quiet("orders", behind)))).isEqualTo("null");
        assertThat(on(() -> String.valueOf(fanout.quiet("nowhere", outlet)))).isEqualTo("null");
        publish(1);
        hasAll(outlet, 11, 11);
        pass(Duration.ofSeconds(1));
        assertThat(on(() -> String.valueOf(fanout.quiet("orders", outlet)))).isEqualTo("null");
    }

    private final class TestOutlet extends Outlet {
        private final List<Long> offsets = new CopyOnWriteArrayList<>();
        private volatile boolean writable;
        private volatile boolean stalls;
        private volatile boolean closed;
        private volatile int largest;

        TestOutlet() {
            super(WireFormat.RAW, 1 << 20, counters);
        }

        @Override
        protected boolean isWritable() {
            return writable;
        }

        @Override
        protected void write(ByteBuf frames) {
            largest = Math.max(largest, frames.readableBytes());
            List<Long> found = OFFSET.matcher(frames.toString(StandardCharsets.UTF_8))
                    .results()
                    .map(match -> Long.parseLong(match.group(1)))
                    .toList();
            frames.release();
            offsets.addAll(found);
            if (stalls) {
                writable = false;
            }
        }

        @Override
        protected void flush() {}

        @Override
        protected void closeSlow() {
            closed = true;
        }
    }
}
