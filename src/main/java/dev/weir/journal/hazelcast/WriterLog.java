package dev.weir.journal.hazelcast;

import org.jspecify.annotations.Nullable;

/** What the writer remembers of a log. Owned by the writer. */
final class WriterLog {
    private static final int CONTENDED = 32;

    final String address;

    /** Names the log's incarnation among the ids that are remembered. */
    int number;

    /** The newest entry that was seen; null when none was. */
    @Nullable
    LogEntry entry;

    /** Whether the entry may be an old one, so that nobody would take what is built on it. */
    boolean stale = true;

    /** Up to which offset recent ids are remembered; -1 when none are. */
    long idsTo = -1;

    /** For how many more commits other nodes are expected to write too. */
    int contended;

    WriterLog(String address, int number) {
        this.address = address;
        this.number = number;
    }

    /** @param fresh its number if it is another incarnation */
    void adopt(LogEntry now, int fresh) {
        LogEntry before = entry;
        if (before == null || !before.epoch().equals(now.epoch())) {
            number = fresh;
            idsTo = -1;
        } else if (now.head() > before.head()) {
            contended = CONTENDED;
        }
        entry = now;
        stale = false;
    }
}
