package dev.weir.journal;

import io.vertx.core.Promise;

/** What waits for the writer. */
sealed interface Queued permits Commit, CutCommit, WorkCommit, ChangeCommit, DelayedCommit {
    /** How many events it has, for the size of a group. */
    int events();

    /** Roughly, for the bound of the queue. */
    int bytes();

    /** Told on the context of whoever waits for it. */
    Promise<?> done();
}
