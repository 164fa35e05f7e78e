package dev.weir.edge.fanout;

import dev.weir.bus.Counters;
import io.netty.util.internal.PlatformDependent;
import java.util.HashSet;
import java.util.Set;

/**
 * What waits for all slow sessions of one event loop. The bytes are counted once however many sessions wait for them, over all
 * loops of the node; above a quarter of the direct memory the session with the longest queue of this loop is closed. Owned by
 * that event loop.
 */
final class Backlog {
    private static final int PART_OF_DIRECT_MEMORY = 4;

    private final Counters counters;
    private final long budgetBytes;
    private final Set<Outlet> waiting = new HashSet<>();

    Backlog(Counters counters) {
        this(counters, PlatformDependent.maxDirectMemory() / PART_OF_DIRECT_MEMORY);
    }

    Backlog(Counters counters, long budgetBytes) {
        this.counters = counters;
        this.budgetBytes = budgetBytes;
    }

    void begins(Outlet outlet) {
        waiting.add(outlet);
    }

    void ends(Outlet outlet) {
        waiting.remove(outlet);
    }

    /** Closes the sessions with the longest queues until the node is within its budget again. */
    void enforce() {
        while (counters.heldBytes.sum() > budgetBytes && !waiting.isEmpty()) {
            Outlet longest = null;
            for (Outlet each : waiting) {
                longest = longest == null || each.waitingBytes() > longest.waitingBytes() ? each : longest;
            }
            if (longest != null) {
                longest.shed();
            }
        }
    }
}
