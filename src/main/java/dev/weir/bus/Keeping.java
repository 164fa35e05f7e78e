package dev.weir.bus;

import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Brings complete events to the journal, or among what is for later, and counts what becomes of them. Thread-safe. */
final class Keeping {
    private final Counters counters;
    private final Entrance entrance;
    private final DelayedEvents delayed;
    private final AtomicReference<@Nullable Journal> journal = new AtomicReference<>();

    Keeping(Counters counters, Entrance entrance, DelayedEvents delayed) {
        this.counters = counters;
        this.entrance = entrance;
        this.delayed = delayed;
    }

    /** What keeps events; null while no policy keeps any. */
    @Nullable
    Journal journal() {
        return journal.get();
    }

    void journal(Journal keeping) {
        journal.set(keeping);
    }

    /**
     * Keeps one event.
     *
     * @param traced records what becomes of it, null when it is not sampled
     */
    Future<Receipt> one(Keep keep, String address, Journal.Entry entry, @Nullable Accepted traced) {
        Journal own = journal.get();
        Future<Receipt> kept = own == null
                ? Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "this node keeps nothing"))
                : own.append(address, keep, entry);
        return kept.onComplete((receipt, failure) -> {
            if (failure != null) {
                entrance.unkept(address, List.of(entry), failure);
            } else if (!receipt.repeated()) {
                counters.accepted.increment();
            }
            if (traced != null) {
                traced.ended(receipt, failure);
            }
        });
    }

    /** Keeps one event for later, whether its address keeps events or not. */
    Future<Receipt> later(String address, Journal.Entry entry, @Nullable Accepted traced) {
        return later(address, List.of(entry), traced == null ? List.of() : List.of(traced))
                .map(receipts -> receipts.get(0));
    }

    private Future<List<Receipt>> later(
            String address, List<Journal.Entry> entries, List<? extends @Nullable Accepted> traced) {
        return follow(address, entries, traced, delayed.accept(address, entries));
    }

    /**
     * Keeps events, all or none; for later when one of them is.
     *
     * @param traced beside them, null for those that are not sampled
     */
    Future<List<Receipt>> all(
            @Nullable Keep keep,
            String address,
            List<Journal.Entry> entries,
            List<? extends @Nullable Accepted> traced) {
        if (keep == null || entries.stream().anyMatch(entry -> Delay.isAsked(entry.headers()))) {
            return later(address, entries, traced);
        }
        Journal own = journal.get();
        Future<List<Receipt>> kept = own == null
                ? Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "this node keeps nothing"))
                : own.append(address, keep, entries);
        return follow(address, entries, traced, kept);
    }

    private Future<List<Receipt>> follow(
            String address,
            List<Journal.Entry> entries,
            List<? extends @Nullable Accepted> traced,
            Future<List<Receipt>> kept) {
        return kept.onComplete((receipts, failure) -> {
            if (failure != null) {
                entrance.unkept(address, entries, failure);
            } else {
                counters.accepted.add(
                        receipts.stream().filter(receipt -> !receipt.repeated()).count());
            }
            for (int i = 0; i < traced.size(); i++) {
                Accepted event = traced.get(i);
                if (event != null) {
                    event.ended(failure == null ? receipts.get(i) : null, failure);
                }
            }
        });
    }
}
