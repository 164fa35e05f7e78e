package dev.weir.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A clock and its timers that move only when told to. For tests and for running flows faster than time. Timers fire in the
 * order of their due time, then of their creation. Not thread-safe: advance it on the thread that owns what it drives.
 */
public final class VirtualTime implements Clock, Timers {
    private final PriorityQueue<Entry> due =
            new PriorityQueue<>(Comparator.comparingLong((Entry e) -> e.atNanos).thenComparingLong(e -> e.order));
    private long startMillis;
    private long nowNanos;
    private long created;

    /** @param start the wall-clock time it begins at */
    public VirtualTime(Instant start) {
        this.startMillis = start.toEpochMilli();
    }

    @Override
    public long millis() {
        return startMillis + nowNanos / 1_000_000;
    }

    @Override
    public long nanos() {
        return nowNanos;
    }

    @Override
    public Timer after(Duration delay, Runnable action) {
        return add(new Entry(nowNanos + nanosOf(delay), created++, 0, action));
    }

    @Override
    public Timer every(Duration period, Runnable action) {
        return add(new Entry(nowNanos + nanosOf(period), created++, nanosOf(period), action));
    }

    /** Moves time forward, running whatever falls due at exactly its time. */
    public void advance(Duration by) {
        long target = nowNanos + by.toNanos();
        for (Entry next = due.peek(); next != null && next.atNanos <= target; next = due.peek()) {
            due.remove();
            nowNanos = next.atNanos;
            next.fire();
        }
        nowNanos = target;
    }

    /** The wall clock is set, as by an operator; timers and {@link #nanos()} do not notice. */
    public void set(Instant now) {
        startMillis = now.toEpochMilli() - nowNanos / 1_000_000;
    }

    private Timer add(Entry entry) {
        due.add(entry);
        return entry::cancel;
    }

    private static long nanosOf(Duration duration) {
        return Math.max(1_000_000, duration.toNanos());
    }

    private final class Entry {
        private final long order;
        private final long periodNanos;
        private final Runnable action;
        private long atNanos;
        private boolean cancelled;

        Entry(long atNanos, long order, long periodNanos, Runnable action) {
            this.atNanos = atNanos;
            this.order = order;
            this.periodNanos = periodNanos;
            this.action = action;
        }

        void fire() {
            if (cancelled) {
                return;
            }
            if (periodNanos > 0) {
                atNanos += periodNanos;
                due.add(this);
            }
            action.run();
        }

        void cancel() {
            cancelled = true;
        }
    }
}
