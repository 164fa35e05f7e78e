package dev.weir.journal.delayed;

import dev.weir.bus.Keep;
import dev.weir.journal.DelayedStore.Change;
import dev.weir.journal.DelayedStore.Standing;
import io.vertx.core.Future;
import java.util.List;

/** What the courier needs of the journal. Never blocks; answers come on the caller's context. */
interface Store {
    /** See {@link dev.weir.journal.DelayedStore#nextMillis}. */
    Future<Long> nextMillis();

    /** See {@link dev.weir.journal.DelayedStore#due}. */
    Future<List<Due>> due(long lateMillis, int limit);

    /** See {@link dev.weir.journal.DelayedStore#keep}. */
    Future<List<Standing>> change(Change change);

    /** Appends events of one address and ends their waiting, both or neither; how many of them still waited. */
    Future<Integer> append(String address, Keep keep, List<Due> events);
}
