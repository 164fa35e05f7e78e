package dev.weir.observe;

import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAccumulator;
import org.jspecify.annotations.Nullable;

/**
 * Whether the node has more to do than it can. An event loop that was late for three measures in a row, or silent for twelve times
 * as long, makes it busy, and so does a heap that stays full after garbage collection. Measured by the loops, read by any thread.
 */
public final class Load {
    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final int SILENCE = 12;
    private static final int LATE_IN_A_ROW = 3;
    private static final double FULL = 0.9;

    private final Clock clock;
    private final long lateMillis;
    private final List<Loop> loops = new CopyOnWriteArrayList<>();
    private final LongAccumulator worst = new LongAccumulator(Math::max, 0);
    private final AtomicReference<@Nullable String> fullHeap = new AtomicReference<>();

    /**
     * Shows the lag of the slowest loop.
     *
     * @param late how late a loop may be
     */
    public Load(Clock clock, MeterRegistry registry, Duration late) {
        this.clock = clock;
        this.lateMillis = late.toMillis();
        Gauge.builder("weir_loop_lag_ms", this, Load::lagMillis)
                .description("How late the slowest event loop is, in milliseconds")
                .register(registry);
    }

    /** Begins to measure the event loop of the caller. */
    public void measure(Timers timers) {
        Loop loop = new Loop(clock.nanos());
        loops.add(loop);
        boolean first = loops.size() == 1;
        timers.every(PERIOD, () -> {
            loop.tick(clock.nanos(), lateMillis);
            worst.accumulate(loop.lagMillis);
            if (first) {
                fullHeap.set(heap());
            }
        });
    }

    /** Null while the node keeps up, else why not, for clients and operators. */
    public @Nullable String busy() {
        long now = clock.nanos();
        for (Loop loop : loops) {
            if (loop.isLate(now, lateMillis)) {
                return "the node is busy: an event loop is late";
            }
        }
        return fullHeap.get();
    }

    /** How late the slowest loop is, in milliseconds. */
    public long lagMillis() {
        long now = clock.nanos();
        return loops.stream().mapToLong(loop -> loop.lagMillis(now)).max().orElse(0);
    }

    /** How late any loop was since this was asked last, in milliseconds. For one who asks. */
    public long takeWorstMillis() {
        return Math.max(worst.getThenReset(), lagMillis());
    }

    private static @Nullable String heap() {
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage kept = pool.getCollectionUsage();
            boolean lasting = pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported();
            if (lasting && kept != null && kept.getMax() > 0 && kept.getUsed() > FULL * kept.getMax()) {
                return "the node is busy: its memory is nearly full";
            }
        }
        return null;
    }

    /** One event loop; written by it, read by all. */
    private static final class Loop {
        private volatile boolean ticked;
        private volatile long tickedNanos;
        private volatile long lagMillis;
        private volatile int lateInARow;

        Loop(long nowNanos) {
            this.tickedNanos = nowNanos;
        }

        void tick(long nowNanos, long lateMillis) {
            // Up to the first measure the loop was starting, which takes its time and is no overload.
            long lag = overdue(nowNanos);
            ticked = true;
            lagMillis = lag;
            lateInARow = nextRow(lag > lateMillis);
            tickedNanos = nowNanos;
        }

        private int nextRow(boolean late) {
            return late ? Math.min(LATE_IN_A_ROW, lateInARow + 1) : 0;
        }

        long lagMillis(long nowNanos) {
            return Math.max(lagMillis, overdue(nowNanos));
        }

        boolean isLate(long nowNanos, long lateMillis) {
            return lateInARow >= LATE_IN_A_ROW || overdue(nowNanos) > SILENCE * lateMillis;
        }

        private long overdue(long nowNanos) {
            return !ticked ? 0 : Math.max(0, (nowNanos - tickedNanos) / 1_000_000 - PERIOD.toMillis());
        }
    }
}
