package dev.weir.journal.hazelcast;

import java.security.SecureRandom;

/** Makes stamps, each once. Owned by the writer. */
final class Stamps {
    private final long writer = new SecureRandom().nextLong();
    private long commits;

    LogEntry.Stamp next() {
        return new LogEntry.Stamp(writer, ++commits);
    }
}
