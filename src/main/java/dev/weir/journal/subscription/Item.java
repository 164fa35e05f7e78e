package dev.weir.journal.subscription;

import dev.weir.bus.KeptEvent;
import dev.weir.bus.Wire;
import dev.weir.journal.EventRow;
import dev.weir.journal.Failure;
import dev.weir.journal.Work;
import dev.weir.time.Timers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event that a subscription has not settled yet, on its way. Owned by the dispatcher. */
final class Item {
    /** Where an item is on its way. */
    enum State {
        /** It may be delivered. */
        READY,
        /** A consumer has it. */
        IN_FLIGHT,
        /** It failed and waits for its next attempt. */
        WAITING,
        /** An earlier event of its key is not settled yet. */
        BEHIND,
        /** It is done with. */
        SETTLED
    }

    final Lane lane;
    final KeptEvent event;

    /** Names what must be delivered one after another, null when nothing does. */
    final @Nullable String key;

    final List<Failure> failures = new ArrayList<>();
    State state = State.READY;

    /** When it was delivered last, while that is recorded; else 0. */
    long deliveredNanos;

    /** How often it was delivered. */
    int attempts;

    /** Whether the store has it beside its log. */
    boolean deferred;

    /** When the next attempt is due, wall clock; 0 for as soon as may be. */
    long dueMillis;

    /** Fires at the end of the ack wait or of the pause before the next attempt. */
    Timers.@Nullable Timer timer;

    Item(Lane lane, KeptEvent event, @Nullable String key) {
        this.lane = lane;
        this.event = event;
        this.key = key;
    }

    void stopTimer() {
        Timers.Timer running = timer;
        timer = null;
        if (running != null) {
            running.cancel();
        }
    }

    Work.Place place() {
        return new Work.Place(lane.address, String.valueOf(event.headers().get(Wire.EPOCH)), event.offset());
    }

    Work.Deferred asDeferred() {
        return new Work.Deferred(place(), dueMillis, attempts, failures, row());
    }

    EventRow row() {
        return EventRow.of(event.headers(), event.body(), true);
    }
}
