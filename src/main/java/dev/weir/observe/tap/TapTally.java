package dev.weir.observe.tap;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What a node counts of its taps. Written by one event loop, read by metrics. */
public final class TapTally {
    private final LongAdder shown = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final AtomicInteger open = new AtomicInteger();

    /** Events that taps showed. */
    public long shown() {
        return shown.sum();
    }

    /** Events that taps saw and did not show, for their rate or because too much came. */
    public long dropped() {
        return dropped.sum();
    }

    /** Taps there are now. */
    public int open() {
        return open.get();
    }

    void open(int taps) {
        open.set(taps);
    }

    void showed(long events, long left) {
        shown.add(events);
        dropped.add(left);
    }
}
