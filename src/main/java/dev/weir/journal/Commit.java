package dev.weir.journal;

import dev.weir.bus.Journal;
import io.vertx.core.Promise;
import java.util.List;

/**
 * An append on its way to the disk and back to its producer.
 *
 * @param entries as they go to listeners, in the order of the append's rows
 * @param bytes roughly, for the bound of the queue
 * @param done told on its producer's context
 */
record Commit(Append append, List<Journal.Entry> entries, int bytes, Promise<Outcome> done) implements Queued {
    @Override
    public int events() {
        return append.rows().size();
    }
}
