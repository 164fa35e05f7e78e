package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.time.Timers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event that waits at a step. Owned by the lane's event loop. */
final class Item {
    /** What it waits for. */
    enum State {
        /** An earlier event of its key. */
        BEHIND,
        /** Room at its step, or its turn. */
        READY,
        /** The stage has it. */
        RUNNING,
        /** The stage holds it. */
        HELD,
        /** Its time, to be tried again. */
        WAITING,
        /** Nothing any more. */
        GONE
    }

    final String id;
    final Step step;
    final FlowEvent event;
    final String key;
    final List<FlowCommit.Failure> failures = new ArrayList<>();
    State state = State.BEHIND;
    int attempts;
    long dueMillis;
    /** Since when the stage holds it, while that is recorded; else 0. */
    long heldNanos;
    /** Whether the store has it, in some form. */
    boolean stored;

    Timers.@Nullable Timer timer;

    Item(String id, Step step, FlowEvent event, String key) {
        this.id = id;
        this.step = step;
        this.event = event;
        this.key = key;
    }

    void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    FlowCommit.Parked parked() {
        return new FlowCommit.Parked(
                id,
                event.arrival().partition(),
                step.spec().stateName(),
                key,
                dueMillis,
                attempts,
                failures,
                event.arrival().place(),
                event.waiting(),
                event.data());
    }
}
