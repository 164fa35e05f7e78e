package dev.weir.journal.sql;

import dev.weir.bus.Head;
import dev.weir.bus.Keep;
import java.util.Objects;
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

    /** Whether the newest event of each key is kept, so that the floor says only which deletions are forgotten. */
    volatile boolean latest;

    /** Events up to here are deleted from the disk. */
    long deleted;

    /** When the newest event was appended; never goes back, whatever the clock does. */
    long appendedMillis;

    /** Until then nobody need look whether events for later wait for it: some do; 0 when none did. */
    long awaitedMillis;

    /** How much is kept; null when no policy says so. */
    @Nullable
    Keep keep;

    /** Until then nothing is too old, so nobody need look. */
    long dueMillis;

    LogState(int id, String address, Head head, long appendedMillis, long deleted) {
        this.id = id;
        this.address = address;
        this.epoch = head.epoch();
        this.committed = head;
        this.appendedMillis = appendedMillis;
        this.deleted = deleted;
    }

    void keep(@Nullable Keep now) {
        if (!Objects.equals(now, keep)) {
            keep = now;
            dueMillis = 0;
        }
    }

    Head head() {
        return committed;
    }

    void committed(long head, long floor) {
        committed = new Head(epoch, head, floor);
    }
}
