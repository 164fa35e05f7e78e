package dev.weir.bus;

import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns what is told of a log, and the log itself, into one stream in order without holes: what was seen is dropped, what is
 * missing is read. Once a second the head is compared, so that a lost last message heals too. Owned by the event loop that
 * starts it.
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
    private static final int READ = 500;
    private static final int MOST_HELD = 256;

    private final EventBus bus;
    private final Journal journal;
    private final Timers timers;
    private final String address;
    private final Keep keep;
    private final Listener listener;
    private final ArrayDeque<Kept> held = new ArrayDeque<>();
    private @Nullable MessageConsumer<Kept> consumer;
    private Timers.@Nullable Timer checking;
    private @Nullable Position position;
    private boolean reading;
    private boolean behind;

    /** A feed of one journaled address. */
    public Feed(EventBus bus, Journal journal, Timers timers, String address, Keep keep, Listener listener) {
        this.bus = bus;
        this.journal = journal;
        this.timers = timers;
        this.address = address;
        this.keep = keep;
        this.listener = listener;
    }

    /** Starts; completes when nothing is missed from then on. Fails with a {@link Refusal}. */
    public Future<Void> start() {
        MessageConsumer<Kept> own = bus.consumer(Addresses.ofLog(address), message -> receive(message.body()));
        consumer = own;
        return own.completion()
                .compose(registered -> journal.head(address, keep))
                .map(this::begin)
                .onFailure(failure -> stop());
    }

    private Void begin(Head head) {
        position = head.position();
        checking = timers.every(CHECK, this::check);
        takeHeld();
        return null;
    }

    /** Ends the stream. */
    public Future<Void> stop() {
        if (checking != null) {
            checking.cancel();
        }
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    /** The last event that the listener has heard. Only once started. */
    public Position position() {
        return Objects.requireNonNull(position, "started");
    }

    private void receive(Kept stretch) {
        if (position == null || reading) {
            hold(stretch);
        } else {
            take(position, stretch);
        }
    }

    private void hold(Kept stretch) {
        held.add(stretch);
        if (held.size() > MOST_HELD) {
            // The journal has them all.
            held.clear();
            behind = true;
        }
    }

    private void take(Position at, Kept stretch) {
        if (!stretch.head().epoch().equals(at.epoch())) {
            broken(FailureCode.EPOCH_CHANGED, stretch.head());
        } else if (stretch.from() > at.offset()) {
            hold(stretch);
            read();
        } else if (stretch.to() > at.offset()) {
            pass(at, stretch);
        }
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

    private void read() {
        if (reading) {
            return;
        }
        reading = true;
        behind = false;
        journal.read(address, position().offset(), READ).onComplete(done -> {
            reading = false;
            if (done.succeeded()) {
                readBack(position(), done.result());
            }
        });
    }

    private void readBack(Position at, Kept stretch) {
        if (!stretch.head().epoch().equals(at.epoch())) {
            broken(FailureCode.EPOCH_CHANGED, stretch.head());
            return;
        }
        if (stretch.head().floor() > at.offset()) {
            broken(FailureCode.TRIMMED, stretch.head());
            return;
        }
        if (stretch.to() > at.offset()) {
            pass(at, stretch);
        }
        if (behind || (stretch.head().head() > position().offset() && held.isEmpty())) {
            read();
        } else {
            takeHeld();
        }
    }

    private void takeHeld() {
        while (!reading && !held.isEmpty()) {
            Kept next = held.poll();
            take(position(), next);
        }
        if (behind && !reading) {
            read();
        }
    }

    private void check() {
        journal.lately(address, keep).onSuccess(head -> {
            Position at = position();
            if (!head.epoch().equals(at.epoch())) {
                broken(FailureCode.EPOCH_CHANGED, head);
            } else if (head.head() > at.offset()) {
                read();
            }
        });
    }

    private void broken(FailureCode why, Head head) {
        position = head.position();
        held.clear();
        behind = false;
        listener.broken(why);
    }
}
