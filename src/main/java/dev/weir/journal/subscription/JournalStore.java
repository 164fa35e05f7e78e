package dev.weir.journal.subscription;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Head;
import dev.weir.bus.Keep;
import dev.weir.bus.Kept;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.bus.Refusal;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** The journal as dispatchers see it. Owned by one event loop. */
final class JournalStore implements Store {
    private final EngineJournal journal;
    private final Supplier<Policies> policies;

    JournalStore(EngineJournal journal, Supplier<Policies> policies) {
        this.journal = journal;
        this.policies = policies;
    }

    @Override
    public Future<WorkStore.Standing> standing(String subscription) {
        return journal.ask(store -> store.standing(subscription));
    }

    @Override
    public Future<Boolean> commit(Work work) {
        return journal.keep(work);
    }

    @Override
    public Future<Head> head(String address) {
        Optional<Keep> keep = policies.get().of(address).map(Policy::keep);
        return keep.isEmpty()
                ? Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "nothing is kept of " + address + " now"))
                : journal.head(address, keep.get());
    }

    @Override
    public Future<Long> offsetBefore(String address, long millis) {
        return journal.offsetBefore(address, millis);
    }

    @Override
    public Future<Kept> read(String address, long from, int limit) {
        return journal.read(address, from, limit);
    }
}
