package dev.weir.edge.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.bus.AddressesInUse;
import dev.weir.bus.Counters;
import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Kept;
import dev.weir.bus.Origin;
import dev.weir.bus.Policy;
import dev.weir.bus.Position;
import dev.weir.bus.Publisher;
import dev.weir.bus.Receipt;
import dev.weir.bus.Spans;
import dev.weir.node.NodeSettings;
import dev.weir.time.Clock;
import dev.weir.time.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.awaitility.core.ConditionFactory;

/**
 * The fan-out of one event loop on a real journal and bus, with virtual time, transports that a test holds up, and a way to hold up or
 * change what the journal answers. Knows how much memory outside the heap it uses.
 */
final class FanoutFixture implements AutoCloseable {
    private static final String YAML = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 100000}}
            """;
    private static final Pattern OFFSET = Pattern.compile("\"weir-offset\":\"(\\d+)\"");

    final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    final Counters counters = new Counters();
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    final Policy policy;
    /** The same address in a configuration that keeps nothing. */
    final Policy plain;

    final Fanout fanout;
    volatile UnaryOperator<Future<Kept>> reads = UnaryOperator.identity();
    volatile UnaryOperator<Future<Head>> heads = UnaryOperator.identity();
    private final TestNode node;
    private final Publisher publisher;
    private final ContextInternal context;

    FanoutFixture(Path home) throws Exception {
        node = TestNode.start(home, YAML);
        publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
        policy = policyOf(home.resolve("conf/weir.yaml"));
        plain = policyOf(Files.writeString(
                home.resolve("conf/plain.yaml"),
                "addresses:\n  - {match: orders, publish: anyone, subscribe: anyone}\n"));
        context = (ContextInternal) node.vertx().getOrCreateContext();
        Journal journal = new Intercepted(Objects.requireNonNull(publisher.journal()));
        fanout = on(() -> new Fanout(
                node.vertx().eventBus(),
                Clock.system(),
                time,
                context.nettyEventLoop(),
                task -> context.runOnContext(go -> task.run()),
                allocator,
                counters,
                () -> journal,
                new AddressesInUse(),
                Spans.OFF));
    }

    private static Policy policyOf(Path file) {
        return NodeSettings.read(file, Map.of()).policies().of("orders").orElseThrow();
    }

    @Override
    public void close() {
        node.close();
    }

    static ConditionFactory patiently() {
        return await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(30));
    }

    <T> T on(Callable<T> action) throws Exception {
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

    void pass(Duration by) throws Exception {
        on(() -> {
            time.advance(by);
            return null;
        });
    }

    /** Publishes events of 200 bytes; says the log's epoch. */
    String publish(int count) throws Exception {
        return publish(count, 200);
    }

    String publish(int count, int bytes) throws Exception {
        List<Future<?>> kept = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            kept.add(publisher.publish(
                    Origin.node("test"), "orders", MultiMap.caseInsensitiveMultiMap(), "x".repeat(bytes), bytes));
        }
        Future.all(kept).await(30, TimeUnit.SECONDS);
        return Objects.requireNonNull(publisher.journal())
                .head("orders", Objects.requireNonNull(policy.keep()))
                .await(30, TimeUnit.SECONDS)
                .epoch();
    }

    TestOutlet fresh(boolean writable) {
        TestOutlet outlet = new TestOutlet();
        outlet.writable = writable;
        return outlet;
    }

    TestOutlet resume(String epoch, long offset, boolean writable) throws Exception {
        TestOutlet outlet = fresh(writable);
        join(outlet, epoch, offset);
        return outlet;
    }

    void join(TestOutlet outlet, String epoch, long offset) throws Exception {
        Start start = new Start(new Position(epoch, offset), 0, false, null, began -> {});
        on(() -> {
            fanout.join("orders", policy, outlet, start);
            return null;
        });
    }

    void leave(Outlet outlet) throws Exception {
        on(() -> {
            fanout.leave("orders", outlet);
            outlet.close();
            return null;
        });
    }

    static void hasAll(TestOutlet outlet, long from, long to) {
        List<Long> all = LongStream.rangeClosed(from, to).boxed().toList();
        patiently().untilAsserted(() -> assertThat(outlet.offsets).isEqualTo(all));
    }

    /** Memory outside the heap that is in use. */
    long used() {
        return allocator.metric().usedDirectMemory();
    }

    /** The node's journal, whose answers come as the test wants. */
    private final class Intercepted implements Journal {
        private final Journal real;

        Intercepted(Journal real) {
            this.real = real;
        }

        @Override
        public Future<List<Receipt>> append(String address, Keep keep, List<Entry> entries) {
            return real.append(address, keep, entries);
        }

        @Override
        public Future<Kept> read(String address, long from, int limit) {
            return reads.apply(real.read(address, from, limit));
        }

        @Override
        public Future<Head> head(String address, Keep keep) {
            return heads.apply(real.head(address, keep));
        }

        @Override
        public Future<Head> lately(String address, Keep keep) {
            return heads.apply(real.lately(address, keep));
        }
    }

    /** A transport that says what came through it. */
    final class TestOutlet extends Outlet {
        final List<Long> offsets = new CopyOnWriteArrayList<>();
        volatile boolean writable;
        volatile boolean stalls;
        volatile boolean breaks;
        volatile boolean closed;
        volatile int largest;

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
            if (breaks) {
                // As a connection that fails while it is written to.
                fanout.leave("orders", this);
                close();
            }
        }

        @Override
        protected void flush() {}

        @Override
        protected void closeSlow() {
            closed = true;
            // As every session does when its connection is gone.
            fanout.leave("orders", this);
        }
    }
}
