package dev.weir.journal.hazelcast;

import dev.weir.journal.JournalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the entry of a log true again whose ring does not have what it says. Whoever is told of the log's new epoch knows that
 * events are missing. Owned by the writer.
 */
final class Repair {
    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

    private final Logs logs;
    private final Rings rings;
    private final Stamps stamps;

    Repair(Logs logs, Rings rings, Stamps stamps) {
        this.logs = logs;
        this.rings = rings;
        this.stamps = stamps;
    }

    /** Does nothing when the log has another entry by now: then it was that entry only that was wrong. */
    void repair(String address, LogEntry old, Gone why, long nowMillis) throws JournalException {
        if (!old.hasEvents()) {
            return;
        }
        if (rings.hasHead(address, old)) {
            overwritten(address, old);
            return;
        }
        if (logs.replace(address, old, LogEntry.begin(nowMillis, stamps.next()))) {
            LOG.error(
                    "the events of {} are lost, since too many members of the cluster went at once; it begins anew: {}",
                    address,
                    why.getMessage());
            rings.destroy(old.ringName(address));
        }
    }

    /** So many members died that what they have left in the ring has taken the place of the oldest events. */
    private void overwritten(String address, LogEntry old) throws JournalException {
        long floor = rings.oldest(address, old) - 1;
        if (floor > old.floor()) {
            logs.replace(
                    address, old, old.next(old.head(), floor, old.appendedMillis(), old.segments(), stamps.next()));
        }
    }
}
