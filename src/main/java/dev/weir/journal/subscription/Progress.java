package dev.weir.journal.subscription;

import dev.weir.bus.Ids;
import dev.weir.journal.Work;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the store does not know yet. One commit is under way at a time; what comes meanwhile goes with the next, so that many
 * acknowledgements share one. Owned by the dispatcher.
 */
final class Progress {
    /** Hears of work that was not kept: whatever is in memory is ahead of the store then. */
    interface Lost {
        /** @param failure null when another owner took over */
        void lost(@Nullable Throwable failure);
    }

    private final String subscription;
    private final Store store;
    private final Collection<Lane> lanes;
    private final Lost whenLost;
    private final Ids ids = new Ids();
    private final Map<Work.Place, Work.Deferred> deferred = new LinkedHashMap<>();
    private final Set<Work.Place> resumed = new LinkedHashSet<>();
    private final List<Work.DeadLetter> dead = new ArrayList<>();
    private final List<String> discarded = new ArrayList<>();
    private final Consumer<Work.DeadLetter> buried;
    private List<Promise<Void>> waiting = new ArrayList<>();
    private Work.@Nullable Fence fence;
    private boolean committing;
    private Future<?> newest = Future.succeededFuture();

    Progress(
            String subscription, Store store, Collection<Lane> lanes, Lost whenLost, Consumer<Work.DeadLetter> buried) {
        this.buried = buried;
        this.subscription = subscription;
        this.store = store;
        this.lanes = lanes;
        this.whenLost = whenLost;
    }

    void fence(Work.@Nullable Fence inForce) {
        fence = inForce;
    }

    /** Whether the outcome of a commit is on its way. */
    boolean isCommitting() {
        return committing;
    }

    /** Completes once no commit is under way, whatever became of it. */
    Future<Void> idle() {
        return newest.<Void>mapEmpty().otherwiseEmpty();
    }

    /** The item waits in the store from now on. */
    void defer(Item item) {
        item.deferred = true;
        deferred.put(item.place(), item.asDeferred());
    }

    /** The item is done with. */
    void settled(Item item) {
        if (item.deferred) {
            deferred.remove(item.place());
            resumed.add(item.place());
        }
    }

    void bury(Item item, String reason, long nowMillis) {
        dead.add(new Work.DeadLetter(
                ids.next(),
                subscription,
                "subscription " + subscription,
                item.place(),
                nowMillis,
                reason,
                item.attempts,
                item.failures,
                item.row()));
    }

    /** The dead letter goes. */
    void discard(String letter) {
        discarded.add(letter);
    }

    /** Succeeds when all that was noted so far is kept. */
    Future<Void> saved() {
        Promise<Void> saved = Promise.promise();
        waiting.add(saved);
        flush();
        return saved.future();
    }

    /** Writes what there is unless a commit is under way, which writes it afterwards. */
    void flush() {
        if (committing) {
            return;
        }
        List<Promise<Void>> told = waiting;
        waiting = new ArrayList<>();
        Work work = take();
        if (work == null) {
            told.forEach(Promise::complete);
            return;
        }
        committing = true;
        newest = store.commit(work).onComplete(outcome -> {
            committing = false;
            if (outcome.succeeded() && Boolean.TRUE.equals(outcome.result())) {
                told.forEach(Promise::complete);
                work.dead().forEach(buried);
                flush();
            } else {
                Throwable failure = outcome.cause();
                waiting.addAll(0, told);
                whenLost.lost(failure);
            }
        });
    }

    private @Nullable Work take() {
        List<Work.Cursor> cursors =
                lanes.stream().filter(Lane::isDirty).map(Lane::write).toList();
        if (cursors.isEmpty() && deferred.isEmpty() && resumed.isEmpty() && dead.isEmpty() && discarded.isEmpty()) {
            return null;
        }
        Work work = new Work(
                subscription,
                fence,
                cursors,
                List.copyOf(deferred.values()),
                List.copyOf(resumed),
                List.copyOf(dead),
                List.copyOf(discarded));
        deferred.clear();
        resumed.clear();
        dead.clear();
        discarded.clear();
        return work;
    }

    /** Forgets everything; whoever waits is told why. */
    void clear(Throwable why) {
        deferred.clear();
        resumed.clear();
        dead.clear();
        discarded.clear();
        List<Promise<Void>> told = waiting;
        waiting = new ArrayList<>();
        told.forEach(each -> each.fail(why));
    }
}
