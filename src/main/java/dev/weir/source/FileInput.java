package dev.weir.source;

import dev.weir.bus.Position;
import dev.weir.source.file.Batch;
import dev.weir.source.file.FileSet;
import dev.weir.source.file.Item;
import dev.weir.source.file.Layout;
import dev.weir.source.file.Reading;
import dev.weir.time.Timers.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads files as events, however large, at their own speed or that of their times. Batches are read and parsed off the event loop,
 * the next while one is emitted, and emitted in slices, so that neither the loop nor memory is ever filled. Owned by one event loop.
 */
final class FileInput implements Input {
    /** Others get their turn on the event loop after so many events. */
    private static final int SLICE = 256;

    /** Of a played file, what is due sooner than a timer can fire is due now. */
    private static final long SOON_NANOS = 1_000_000;

    /**
     * What is read and how it is emitted.
     *
     * @param every how often a followed file is looked at when it has no more
     * @param type of the events, null for {@code line} or {@code record}
     * @param speed how many times as fast as it happened, 0 for as fast as can be
     */
    record Plan(
            FileSet files,
            Layout layout,
            boolean follow,
            boolean repeat,
            Duration every,
            @Nullable String type,
            double speed) {}

    private final Plan plan;
    private final String type;
    private @Nullable InputContext context;
    private @Nullable Reading reading;
    private @Nullable Batch ready;
    private Batch batch = new Batch("", List.of(), Batch.Then.MORE, null);
    private int next;
    private boolean fetching;
    private boolean scheduled;
    private boolean paused;
    private boolean stopped;
    private @Nullable Timer timer;
    private long firstMillis;
    private long firstNanos;
    private boolean playing;

    FileInput(Plan plan) {
        this.plan = plan;
        boolean lines = plan.layout().format(plan.files().path()) == Layout.Format.LINES;
        this.type = plan.type() != null ? plan.type() : lines ? "line" : "record";
    }

    @Override
    public void start(InputContext own, @Nullable Position from) {
        context = own;
        reading = new Reading(plan.files(), plan.layout(), plan.follow(), plan.repeat(), from);
        fetch();
    }

    @Override
    public void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
        }
        if (!fetching) {
            close();
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        if (paused) {
            paused = false;
            schedule();
        }
    }

    private InputContext context() {
        return Objects.requireNonNull(context, "an input is started first");
    }

    private Reading reading() {
        return Objects.requireNonNull(reading, "an input is started first");
    }

    private void close() {
        Reading own = reading();
        context().blocking(() -> {
            own.close();
            return true;
        });
    }

    private void fetch() {
        fetching = true;
        context().blocking(reading()::next).onComplete(done -> {
            fetching = false;
            if (stopped) {
                close();
                return;
            }
            ready = done.succeeded() ? done.result() : new Batch("", List.of(), Batch.Then.END, failure(done.cause()));
            schedule();
        });
    }

    private Item.Fault failure(Throwable bug) {
        return new Item.Fault(plan.files().path().toString(), "cannot be read: " + bug);
    }

    private void schedule() {
        if (!scheduled && !paused && !stopped) {
            scheduled = true;
            context().run(this::drain);
        }
    }

    /** Emits a slice, then lets others have the event loop. */
    private void drain() {
        scheduled = false;
        for (int left = SLICE; left > 0; left--) {
            if (paused || stopped || !hasItem()) {
                return;
            }
            Item item = batch.items().get(next);
            if (mustWait(item)) {
                return;
            }
            next++;
            emit(item);
        }
        schedule();
    }

    private void emit(Item item) {
        Position at = new Position(batch.epoch(), item.end());
        Item.Fault fault = item.fault();
        if (fault == null) {
            context().emit(type, item.key(), item.data(), at);
        } else {
            context().bad(fault.place(), fault.error(), at);
        }
    }

    /** Goes to the batch that is ready when this one is done, and has the one after it read. */
    private boolean hasItem() {
        if (next < batch.items().size()) {
            return true;
        }
        Batch following = ready;
        if (following == null) {
            return false;
        }
        ready = null;
        batch = following;
        next = 0;
        if (following.then() == Batch.Then.MORE) {
            playing = playing && !following.items().isEmpty();
            fetch();
        } else if (following.then() == Batch.Then.WAIT) {
            timer = context().timers().after(plan.every(), this::fetch);
        } else {
            end(following);
        }
        return !following.items().isEmpty();
    }

    private void end(Batch last) {
        stopped = true;
        close();
        Item.Fault failure = last.failure();
        if (failure == null) {
            context().end();
        } else {
            context().fail(failure.place(), failure.error());
        }
    }

    /** Whether the time of a played record is yet to come; it is waited for then. */
    private boolean mustWait(Item item) {
        if (plan.speed() <= 0 || item.fault() != null) {
            return false;
        }
        long now = context().clock().nanos();
        if (!playing) {
            playing = true;
            firstMillis = item.timeMillis();
            firstNanos = now;
        }
        double happened = (item.timeMillis() - firstMillis) * 1e6 / plan.speed();
        double wait = happened - (now - firstNanos);
        if (wait < SOON_NANOS) {
            return false;
        }
        scheduled = true;
        timer = context().timers().after(Duration.ofNanos((long) wait), this::drain);
        return true;
    }
}
