package dev.weir.presence;

import java.util.concurrent.atomic.LongAdder;

/** What presence counts, for metrics. Written by the roster's event loop, read by anybody. */
public final class Tally {
    /** Members on all addresses, of all nodes. */
    public final LongAdder members = new LongAdder();

    /** Entries of this node's own sessions. */
    public final LongAdder entries = new LongAdder();

    /** Members that came, on any node. */
    public final LongAdder joins = new LongAdder();

    /** Members that went, on any node. */
    public final LongAdder leaves = new LongAdder();

    /** Copies of another node's entries that had to be fetched as a whole. */
    public final LongAdder copies = new LongAdder();
}
