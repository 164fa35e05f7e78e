package dev.weir.journal;

import io.vertx.core.Promise;

/** A change of what is kept beside the logs, on its way to the disk. */
record ChangeCommit(Change change, Promise<Boolean> done) implements Queued {
    private static final int BYTES = 1_000;

    /** What is to be changed, by the writer. */
    @FunctionalInterface
    interface Change {
        void apply(WorkStore store) throws JournalException;
    }

    @Override
    public int events() {
        return 1;
    }

    @Override
    public int bytes() {
        return BYTES;
    }
}
