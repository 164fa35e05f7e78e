package dev.weir.journal.sql;

import dev.weir.bus.Head;
import dev.weir.bus.Keep;
import org.jspecify.annotations.Nullable;

/**
 * What the engine has in memory of a log. The writer alone changes it; readers see {@link #head()}, which holds committed values
 * only.
 */
final class LogState {
    final int id;
    final String address;
    final String epoch;
    private volatile Head committed;

    /** Events up to here are deleted from the disk. */
    long deleted;

    /** When the newest event was appended; never goes back, whatever the clock does. */
    long appendedMillis;

    /** As the newest append said; null since the start until then. */
    @Nullable
    Keep keep;

    LogState(int id, String address, Head head, long appendedMillis, long deleted) {
        this.id = id;
        this.address = address;
        this.epoch = head.epoch();
        this.committed = head;
        this.appendedMillis = appendedMillis;
        this.deleted = deleted;
    }

    Head head() {
        return committed;
    }

    void committed(long head, long floor) {
        committed = new Head(epoch, head, floor);
    }
}
