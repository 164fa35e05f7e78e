package dev.weir.emitter;

import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers what comes quickly and hands it on at once: after a pause in which nothing came, at a size, or when the first has waited
 * long enough, whichever is first. One batch after another: the next is handed on when the one before was dealt with. Nothing is
 * lost unheard: who adds something gets a future of what became of its batch, and failures are said in the log.
 *
 * <pre>{@code
 * EventBuffer<JsonObject> rows = EventBuffer.of(vertx, EventBuffer.Settings.DEFAULT, batch -> insert(batch.items()));
 * orders.on("placed", (JsonObject order, Event event) -> rows.add(order));
 * }</pre>
 *
 * <p>Belongs to the context that made it.
 */
public final class EventBuffer<T> {
    private static final Logger LOG = LoggerFactory.getLogger(EventBuffer.class);

    /** Why a batch was handed on. */
    public enum FlushedBy {
        /** Nothing came for a while. */
        PAUSE,
        /** It had the size. */
        SIZE,
        /** Its first item had waited long enough. */
        LONGEST,
        /** {@link EventBuffer#flush} was called. */
        ASKED,
        /** {@link EventBuffer#close} was called. */
        CLOSED;

        /** As it is written: {@code pause}, {@code size}, ... */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * When a batch is handed on.
     *
     * @param pause so long after the last item
     * @param size at so many items, 1 or more
     * @param longest so long after the first item, however many come
     */
    public record Settings(Duration pause, int size, Duration longest) {
        /** 100 ms, 1000 items, 1 s. */
        public static final Settings DEFAULT = new Settings(Duration.ofMillis(100), 1000, Duration.ofSeconds(1));

        /** @throws IllegalArgumentException for what is out of range */
        public Settings {
            if (size < 1 || pause.isNegative() || pause.isZero() || longest.compareTo(pause) < 0) {
                throw new IllegalArgumentException(
                        "a buffer has a pause above 0, a size of 1 or more and a longest wait that is not shorter than the pause; not "
                                + pause + ", " + size + ", " + longest);
            }
        }
    }

    /** What is handed on at once, in the order in which it came. */
    public record Batch<T>(List<T> items, FlushedBy by) {
        /** Copies the items. */
        public Batch {
            items = List.copyOf(items);
        }
    }

    private final Timers timers;
    private final Clock clock;
    private final Settings settings;
    private final Function<Batch<T>, ? extends Future<?>> receiver;
    private List<T> items = new ArrayList<>();
    private Promise<Void> outcome = Promise.promise();
    private Future<Void> last = Future.succeededFuture();
    private Timers.@Nullable Timer timer;
    private long firstNanos;
    private long latestNanos;
    private int waiting;
    private boolean closed;

    /** @param receiver deals with a batch; what it throws is a failed future */
    public EventBuffer(
            Timers timers, Clock clock, Settings settings, Function<Batch<T>, ? extends Future<?>> receiver) {
        this.timers = timers;
        this.clock = clock;
        this.settings = settings;
        this.receiver = receiver;
    }

    /** On the time of this Vert.x instance. */
    public static <T> EventBuffer<T> of(
            Vertx vertx, Settings settings, Function<Batch<T>, ? extends Future<?>> receiver) {
        return new EventBuffer<>(Timers.of(vertx), Clock.of(vertx), settings, receiver);
    }

    /** Adds an item; the future is that of its batch, and fails when the buffer was closed. */
    public Future<Void> add(T item) {
        if (closed) {
            return Future.failedFuture(new IllegalStateException("the buffer was closed"));
        }
        latestNanos = clock.nanos();
        if (items.isEmpty()) {
            firstNanos = latestNanos;
            arm(settings.pause);
        }
        items.add(item);
        waiting++;
        Future<Void> dealt = outcome.future();
        if (items.size() >= settings.size) {
            cut(FlushedBy.SIZE);
        }
        return dealt;
    }

    /** Hands on what is there now; completes when all batches so far were dealt with, well or not. */
    public Future<Void> flush() {
        cut(FlushedBy.ASKED);
        return last;
    }

    /** Hands on what is there and takes nothing more; completes when all batches were dealt with, well or not. */
    public Future<Void> close() {
        closed = true;
        cut(FlushedBy.CLOSED);
        return last;
    }

    /** How many items were not dealt with yet: who adds faster than they are dealt with looks here. */
    public int size() {
        return waiting;
    }

    // One timer for both waits, which looks again when it comes too early: items are many, timers are dear.
    private void arm(Duration wait) {
        timer = timers.after(wait, this::look);
    }

    private void look() {
        long now = clock.nanos();
        long pause = latestNanos + settings.pause.toNanos() - now;
        long longest = firstNanos + settings.longest.toNanos() - now;
        if (pause <= 0) {
            cut(FlushedBy.PAUSE);
        } else if (longest <= 0) {
            cut(FlushedBy.LONGEST);
        } else {
            arm(Duration.ofMillis((Math.min(pause, longest) + 999_999) / 1_000_000));
        }
    }

    private void cut(FlushedBy by) {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (items.isEmpty()) {
            return;
        }
        Batch<T> batch = new Batch<>(items, by);
        Promise<Void> told = outcome;
        items = new ArrayList<>();
        outcome = Promise.promise();
        last = last.compose(before -> receive(batch)).transform(done -> {
            waiting -= batch.items.size();
            if (done.failed()) {
                LOG.error("a batch of {} items was not dealt with", batch.items.size(), done.cause());
            }
            told.handle(done.mapEmpty());
            return Future.succeededFuture();
        });
    }

    private Future<?> receive(Batch<T> batch) {
        try {
            return receiver.apply(batch);
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }
}
