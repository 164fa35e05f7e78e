package dev.weir.edge.fanout;

import dev.weir.bus.Position;

/** One session on its way from its position to where its group is. Owned by the group's event loop. */
final class CatchUp {
    private static final int MOST_WAITS = 3_000;

    private final Outlet outlet;
    private final String epoch;
    private final long values;
    private long at;
    private int waited;

    /** @param values up to this offset only what every key has is wanted, so that earlier deletions do not matter; 0 for none */
    CatchUp(Outlet outlet, Position from, long values) {
        this.outlet = outlet;
        this.epoch = from.epoch();
        this.at = from.offset();
        this.values = values;
    }

    Outlet outlet() {
        return outlet;
    }

    String epoch() {
        return epoch;
    }

    /** It has everything up to there. */
    long at() {
        return at;
    }

    long values() {
        return values;
    }

    void advance(long to) {
        at = to;
        waited = 0;
    }

    /** Whether it may wait once more for its transport; not for ever, about a minute in a row. */
    boolean mayWait() {
        return ++waited < MOST_WAITS;
    }
}
