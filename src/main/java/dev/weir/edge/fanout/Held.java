package dev.weir.edge.fanout;

import dev.weir.bus.Counters;

/** Encoded bytes that queues hold: counted from the first queue that holds them to the last. Owned by one event loop. */
final class Held {
    private final Counters counters;
    private final int bytes;
    private int holders;

    Held(Counters counters, int bytes) {
        this.counters = counters;
        this.bytes = bytes;
    }

    void hold() {
        if (holders++ == 0) {
            counters.heldBytes.add(bytes);
        }
    }

    void letGo() {
        if (--holders == 0) {
            counters.heldBytes.add(-bytes);
        }
    }
}
