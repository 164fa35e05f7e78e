package dev.weir.journal.delayed;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What a node counts of events for later. Written by its event loops, read by metrics. */
public final class Tally {
    final LongAdder accepted = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAdder cancelled = new LongAdder();
    final LongAdder postponed = new LongAdder();
    final AtomicLong waiting = new AtomicLong();

    /** Events that were accepted for later. */
    public long accepted() {
        return accepted.sum();
    }

    /** Events that were delivered when their time came. */
    public long delivered() {
        return delivered.sum();
    }

    /** Events of these that were delivered more than a second after their time. */
    public long late() {
        return late.sum();
    }

    /** Events that were taken back. */
    public long cancelled() {
        return cancelled.sum();
    }

    /** How often an event had to wait on because no policy declares its address any more. */
    public long postponed() {
        return postponed.sum();
    }

    /** How many wait, as of some seconds ago; on the node that delivers them. */
    public long waiting() {
        return waiting.get();
    }
}
