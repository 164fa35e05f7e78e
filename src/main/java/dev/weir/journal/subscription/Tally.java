package dev.weir.journal.subscription;

import java.util.concurrent.atomic.LongAdder;

/** What a subscription did on this node since it started, and how it is doing while this node owns it. Any thread may read. */
public final class Tally {
    final LongAdder delivered = new LongAdder();
    final LongAdder redelivered = new LongAdder();
    final LongAdder settled = new LongAdder();
    final LongAdder deadLettered = new LongAdder();
    final LongAdder skipped = new LongAdder();
    private volatile long lag;
    private volatile int inFlight;
    private volatile int deferred;
    private volatile boolean owned;

    Tally() {}

    void now(long newLag, int newInFlight, int newDeferred) {
        owned = true;
        lag = newLag;
        inFlight = newInFlight;
        deferred = newDeferred;
    }

    /** This node does not own it any more. */
    void disowned() {
        now(0, 0, 0);
        owned = false;
    }

    /** Whether this node owns it. */
    public boolean owned() {
        return owned;
    }

    /** Deliveries, each attempt counted. */
    public long delivered() {
        return delivered.sum();
    }

    /** Deliveries after the first of an event. */
    public long redelivered() {
        return redelivered.sum();
    }

    /** Events that are done with, dead letters included. */
    public long settled() {
        return settled.sum();
    }

    /** Events that became dead letters. */
    public long deadLettered() {
        return deadLettered.sum();
    }

    /** Events that retention took before they were delivered. */
    public long skipped() {
        return skipped.sum();
    }

    /** Events between the cursors and the heads, within a second. */
    public long lag() {
        return lag;
    }

    /** Deliveries that consumers have. */
    public int inFlight() {
        return inFlight;
    }

    /** Deliveries that wait for another attempt beside their logs. */
    public int deferred() {
        return deferred;
    }
}
