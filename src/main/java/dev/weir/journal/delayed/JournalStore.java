package dev.weir.journal.delayed;

import dev.weir.bus.Keep;
import dev.weir.journal.DelayedStore.Change;
import dev.weir.journal.DelayedStore.Standing;
import dev.weir.journal.EngineJournal;
import io.vertx.core.Future;
import java.util.List;

/** The journal as the courier sees it. Owned by one event loop. */
final class JournalStore implements Store {
    private final EngineJournal journal;

    JournalStore(EngineJournal journal) {
        this.journal = journal;
    }

    @Override
    public Future<Long> nextMillis() {
        return journal.askDelayed(delayed -> delayed.nextMillis(journal.moment()));
    }

    @Override
    public Future<List<Due>> due(long lateMillis, int limit) {
        return journal.askDelayed(delayed -> delayed.due(lateMillis, limit, journal.moment()).stream()
                .map(Due::of)
                .toList());
    }

    @Override
    public Future<List<Standing>> change(Change change) {
        return journal.keep(change);
    }

    @Override
    public Future<Integer> append(String address, Keep keep, List<Due> events) {
        return journal.deliver(
                address,
                keep,
                events.stream().map(Due::entry).toList(),
                events.stream().map(Due::event).toList());
    }
}
