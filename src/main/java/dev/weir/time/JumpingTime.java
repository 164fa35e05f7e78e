package dev.weir.time;

import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.CloseFuture;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The time of one Vert.x instance that goes on as ever and jumps ahead when told to, for tests of whole programs: they need not wait
 * for an hour, and whatever needs a moment still gets it. Once {@link #install installed}, {@link Clock#of} and {@link Timers#of}
 * give it. A jump stops at every timer that falls due, in their order, and runs it on its context at exactly its time.
 *
 * <p>Thread-safe. Knows only timers of this package; those of {@code vertx.setTimer} do not jump.
 */
public final class JumpingTime implements Clock, Timers, Shareable {
    private static final String MAP = "dev.weir.time";
    private static final String KEY = "jumping";

    private final Vertx vertx;
    private final AtomicLong aheadNanos = new AtomicLong();
    private final AtomicLong created = new AtomicLong();
    private final ConcurrentSkipListSet<Entry> due = new ConcurrentSkipListSet<>(
            Comparator.comparingLong((Entry e) -> e.dueNanos).thenComparingLong(e -> e.order));

    private JumpingTime(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Makes it the time of this Vert.x instance; call it before anything asks for the time. */
    public static JumpingTime install(Vertx vertx) {
        JumpingTime time = new JumpingTime(vertx);
        vertx.sharedData().<String, JumpingTime>getLocalMap(MAP).put(KEY, time);
        return time;
    }

    static @Nullable JumpingTime of(Vertx vertx) {
        return vertx.sharedData().<String, JumpingTime>getLocalMap(MAP).get(KEY);
    }

    @Override
    public long millis() {
        return System.currentTimeMillis() + aheadNanos.get() / 1_000_000;
    }

    @Override
    public long nanos() {
        return System.nanoTime() + aheadNanos.get();
    }

    @Override
    public Timer after(Duration delay, Runnable action) {
        return set(delay, Duration.ZERO, action);
    }

    @Override
    public Timer every(Duration period, Runnable action) {
        return set(period, period, action);
    }

    private Timer set(Duration delay, Duration period, Runnable action) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        Ticking ticking = new Ticking(context, period, action);
        ticking.arm(nanos() + Math.max(1_000_000, delay.toNanos()));
        return ticking::cancel;
    }

    /**
     * Jumps ahead.
     *
     * @return completes when everything that fell due has run; what that started may still be under way
     */
    public Future<Void> advance(Duration by) {
        Promise<Void> arrived = Promise.promise();
        step(nanos() + by.toNanos(), arrived);
        return arrived.future();
    }

    // One promise for all steps: futures that are composed one by one end one within the other, and steps are many.
    private void step(long target, Promise<Void> arrived) {
        Iterator<Entry> first = due.iterator();
        Entry next = first.hasNext() ? first.next() : null;
        if (next == null || next.dueNanos > target) {
            jump(target);
            due.forEach(Entry::arm);
            arrived.complete();
            return;
        }
        jump(next.dueNanos);
        next.ticking.context.runOnContext(now -> {
            try {
                next.fire();
            } finally {
                step(target, arrived);
            }
        });
    }

    /** How many timers are set. */
    int waiting() {
        return due.size();
    }

    private void jump(long toNanos) {
        aheadNanos.accumulateAndGet(toNanos - System.nanoTime(), Math::max);
    }

    /** A timer, which has one entry at a time. Ends with its context, as those of Vert.x do. */
    private final class Ticking implements io.vertx.core.Closeable {
        private final ContextInternal context;
        private final Duration period;
        private final Runnable action;
        private volatile @Nullable Entry armed;
        private volatile boolean cancelled;

        Ticking(ContextInternal context, Duration period, Runnable action) {
            this.context = context;
            this.period = period;
            this.action = action;
            closing().add(this);
        }

        private CloseFuture closing() {
            return context.closeFuture();
        }

        void arm(long dueNanos) {
            Entry entry = new Entry(this, dueNanos, created.getAndIncrement());
            armed = entry;
            due.add(entry);
            entry.arm();
        }

        void ring(Entry entry) {
            if (cancelled) {
                return;
            }
            if (period.isZero()) {
                closing().remove(this);
            } else {
                arm(entry.dueNanos + Math.max(1_000_000, period.toNanos()));
            }
            action.run();
        }

        void cancel() {
            cancelled = true;
            closing().remove(this);
            drop();
        }

        private void drop() {
            Entry entry = armed;
            if (entry != null) {
                entry.drop();
            }
        }

        @Override
        public void close(Completable<Void> completion) {
            cancelled = true;
            drop();
            completion.succeed();
        }
    }

    /** One time at which a timer is due; it fires once, whoever is first. */
    private final class Entry {
        private final Ticking ticking;
        private final long dueNanos;
        private final long order;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile long vertxTimer = -1;

        Entry(Ticking ticking, long dueNanos, long order) {
            this.ticking = ticking;
            this.dueNanos = dueNanos;
            this.order = order;
        }

        /** Lets it fire by itself when it is not overtaken; again after a jump, which makes the wait shorter. */
        void arm() {
            vertx.cancelTimer(vertxTimer);
            long wait = Math.max(1, (dueNanos - nanos() + 999_999) / 1_000_000);
            vertxTimer = ticking.context.setTimer(wait, fired -> fire());
            if (over.get()) {
                vertx.cancelTimer(vertxTimer);
            }
        }

        void fire() {
            if (drop()) {
                ticking.ring(this);
            }
        }

        boolean drop() {
            boolean first = over.compareAndSet(false, true);
            if (first) {
                due.remove(this);
                vertx.cancelTimer(vertxTimer);
            }
            return first;
        }
    }
}
