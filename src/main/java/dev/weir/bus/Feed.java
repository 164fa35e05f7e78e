package dev.weir.bus;

import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns what is told of a log, and the log itself, into one stream in order without holes. What was seen is dropped; what is ahead
 * of a hole is held, and the hole is read from the journal when it has not closed by itself within 100 ms, or when a mebibyte is
 * held. Once a second the head is compared, so that a lost last message heals too. Owned by the event loop that starts it.
 */
public final class Feed {
    /** Hears of the stream. */
    public interface Listener {
        /** Events in order; each stretch begins where the one before ended. */
        void events(Kept stretch);

        /** The stream cannot go on without a hole: the log began anew, or what is missing was deleted. */
        void broken(FailureCode why);
    }

    private static final Duration CHECK = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final int READ = 500;

    private final EventBus bus;
    private final LogSource log;
    private final Timers timers;
    private final Counters counters;
    private final String address;
    private final Listener listener;
    private final Ahead ahead = new Ahead();
    private @Nullable MessageConsumer<Kept> consumer;
    private Timers.@Nullable Timer checking;
    private Timers.@Nullable Timer waiting;
    private @Nullable Position position;
    /** The newest offset heard of; up to here the stream must get. */
    private long known;

    private long stuckAt;
    private boolean reading;
    private boolean doubting;
    private boolean stopped;

    /** A feed of one journaled address. */
    public Feed(
            EventBus bus,
            Journal journal,
            Timers timers,
            Counters counters,
            String address,
            Keep keep,
            Listener listener) {
        this(bus, LogSource.of(journal, address, keep), timers, counters, address, listener);
    }

    /** A feed of a log that is read elsewhere. */
    public Feed(EventBus bus, LogSource log, Timers timers, Counters counters, String address, Listener listener) {
        this.bus = bus;
        this.log = log;
        this.timers = timers;
        this.counters = counters;
        this.address = address;
        this.listener = listener;
    }

    /** Starts; completes when nothing is missed from then on. Fails with a {@link Refusal}. */
    public Future<Void> start() {
        MessageConsumer<Kept> own = bus.consumer(Addresses.ofLog(address), message -> receive(message.body()));
        consumer = own;
        return own.completion()
                .compose(registered -> log.head())
                .map(this::begin)
                .onFailure(failure -> stop());
    }

    private Void begin(Head head) {
        if (!stopped) {
            position = head.position();
            checking = timers.every(CHECK, this::check);
            settle(head.position());
        }
        return null;
    }

    /** Ends the stream. */
    public Future<Void> stop() {
        stopped = true;
        cancel(checking);
        cancel(waiting);
        ahead.clear();
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private static void cancel(Timers.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** The last event that the listener has heard. Only once started. */
    public Position position() {
        return Objects.requireNonNull(position, "started");
    }

    private void receive(Kept stretch) {
        Position at = position;
        if (stopped) {
            return;
        }
        if (at == null) {
            hold(stretch);
        } else if (!stretch.head().epoch().equals(at.epoch())) {
            doubt();
        } else if (stretch.from() > at.offset()) {
            hold(stretch);
            settle(at);
        } else if (stretch.to() > at.offset()) {
            pass(at, stretch);
            if (known > stretch.to()) {
                settle(position());
            }
        }
    }

    private void hold(Kept stretch) {
        known = Math.max(known, stretch.to());
        counters.feedHeld.increment();
        ahead.hold(stretch);
    }

    private void pass(Position at, Kept stretch) {
        List<KeptEvent> fresh = stretch.from() == at.offset()
                ? stretch.events()
                : stretch.events().stream()
                        .filter(event -> event.offset() > at.offset())
                        .toList();
        position = new Position(at.epoch(), stretch.to());
        listener.events(new Kept(address, stretch.head(), at.offset(), stretch.to(), fresh));
    }

    /** Passes on what fits now; for what is missing before the rest it waits, and then reads it. */
    private void settle(Position from) {
        Position at = from;
        for (Kept next = ahead.upTo(at.offset()); next != null; next = ahead.upTo(at.offset())) {
            if (!next.head().epoch().equals(at.epoch())) {
                doubt();
            } else if (next.to() > at.offset()) {
                pass(at, next);
                at = position();
            }
        }
        if (at.offset() < known && !reading) {
            if (ahead.isFull()) {
                read();
            } else if (waiting == null) {
                await(at);
            }
        }
    }

    private void await(Position at) {
        stuckAt = at.offset();
        waiting = timers.after(PATIENCE, this::waited);
    }

    private void waited() {
        waiting = null;
        Position at = position();
        if (at.offset() < known && !reading) {
            if (at.offset() == stuckAt) {
                read();
            } else {
                // That hole has closed; this is another one.
                await(at);
            }
        }
    }

    private void read() {
        reading = true;
        counters.feedReads.increment();
        log.read(position().offset(), READ).onComplete(done -> {
            reading = false;
            // One that does not answer is asked again after the next check.
            if (done.succeeded() && !stopped) {
                readBack(position(), done.result());
            }
        });
    }

    private void readBack(Position at, Kept stretch) {
        Head head = stretch.head();
        if (!head.epoch().equals(at.epoch())) {
            doubt();
            return;
        }
        if (head.floor() > at.offset()) {
            broken(FailureCode.TRIMMED, head);
            return;
        }
        known = Math.max(known, head.head());
        boolean more = stretch.to() > at.offset() && stretch.to() < head.head();
        if (stretch.to() > at.offset()) {
            pass(at, stretch);
        }
        settle(position());
        if (more && position().offset() == stretch.to() && !reading) {
            read();
        }
    }

    private void check() {
        log.lately().onSuccess(this::compare);
    }

    private void compare(Head head) {
        Position at = position();
        if (stopped) {
            return;
        }
        if (!head.epoch().equals(at.epoch())) {
            doubt();
        } else if (head.head() > at.offset()) {
            // Most likely it is on its way.
            known = Math.max(known, head.head());
            settle(at);
        }
    }

    /** Somebody speaks of another epoch: an older one, because messages overtake each other, or a new one. The journal knows. */
    private void doubt() {
        if (doubting || position == null) {
            return;
        }
        doubting = true;
        log.head().onComplete(done -> {
            doubting = false;
            if (done.succeeded() && !stopped) {
                Head head = done.result();
                if (head.epoch().equals(position().epoch())) {
                    compare(head);
                } else {
                    broken(FailureCode.EPOCH_CHANGED, head);
                }
            }
        });
    }

    private void broken(FailureCode why, Head head) {
        position = head.position();
        known = head.head();
        ahead.clear();
        listener.broken(why);
    }
}
