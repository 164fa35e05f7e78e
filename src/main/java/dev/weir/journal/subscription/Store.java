package dev.weir.journal.subscription;

import dev.weir.bus.Head;
import dev.weir.bus.Kept;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import io.vertx.core.Future;

/** What a dispatcher needs of the journal. Never blocks; answers come on the caller's context. */
interface Store {
    Future<WorkStore.Standing> standing(String subscription);

    /** Keeps the work; false when its fence is no longer in force. */
    Future<Boolean> commit(Work work);

    Future<Head> head(String address);

    /** The last offset appended before a time, in milliseconds since 1970. */
    Future<Long> offsetBefore(String address, long millis);

    Future<Kept> read(String address, long from, int limit);
}
