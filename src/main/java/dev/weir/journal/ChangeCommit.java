package dev.weir.journal;

import io.vertx.core.Promise;

/** A change of what is kept beside the logs, on its way to the disk. */
record ChangeCommit<T>(EngineJournal.Question<T> change, Promise<T> done) implements Queued {
    private static final int BYTES = 1_000;

    /** Makes it; called by the writer. */
    void apply(WorkStore store) throws JournalException {
        done.tryComplete(change.ask(store));
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
