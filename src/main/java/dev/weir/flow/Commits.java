package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Publisher;
import dev.weir.bus.Refusal;
import dev.weir.time.Timers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Commits one cut of a lane after the other: while one is on its way the next gathers, so that nothing waits for the disk. One that
 * cannot be kept now is tried again as it is, since applying it twice does no harm. Owned by the lane's event loop.
 */
final class Commits {
    private static final int MOST_IN_A_CUT = 4_096;
    private static final Duration AGAIN = Duration.ofMillis(500);

    /** What a lane does with commits. */
    interface Owner {
        /** Brings what a cut emitted to plain addresses there. */
        void emit(Publisher.Prepared prepared);

        /** A dead letter is kept from now on. */
        void buried(FlowCommit.Dead letter);

        /** A cut was taken or kept, so there may be room. */
        void advanced();

        /** What was done last is not kept and will not be: the lane is to begin anew. */
        void lost();
    }

    private final String flow;
    private final FlowJournal journal;
    private final List<FlowCommit.Claim> claims;
    private final Supplier<List<FlowCommit.Cursor>> progress;
    private final Context context;
    private final Timers timers;
    private final FlowRun run;
    private final Owner owner;
    private Cut cut = new Cut();
    private boolean scheduled;
    private boolean committing;
    private boolean closed;
    private @Nullable Future<Void> committed;

    /** @param progress how far inputs are read since it was asked last */
    Commits(
            String flow,
            FlowJournal journal,
            List<FlowCommit.Claim> claims,
            Supplier<List<FlowCommit.Cursor>> progress,
            Context context,
            Timers timers,
            FlowRun run,
            Owner owner) {
        this.flow = flow;
        this.journal = journal;
        this.claims = claims;
        this.progress = progress;
        this.context = context;
        this.timers = timers;
        this.run = run;
        this.owner = owner;
    }

    FlowJournal journal() {
        return journal;
    }

    List<FlowCommit.Claim> claims() {
        return claims;
    }

    /** What gathers now; to be {@link #schedule scheduled} when something was added. */
    Cut cut() {
        return cut;
    }

    boolean isFull() {
        return cut.events() >= MOST_IN_A_CUT;
    }

    /** Commits what has gathered at the end of this turn of the event loop. */
    void schedule() {
        if (!scheduled && !committing && !closed) {
            scheduled = true;
            context.runOnContext(soon -> {
                scheduled = false;
                if (!committing && !closed && !cut.isEmpty()) {
                    commit();
                }
            });
        }
    }

    /** Completes when all that has gathered is kept. */
    Future<Void> flush() {
        if (closed) {
            return Future.succeededFuture();
        }
        if (!committing && !cut.isEmpty()) {
            commit();
        }
        Future<Void> under = committed;
        return under == null
                ? Future.succeededFuture()
                : under.compose(done -> cut.isEmpty() && !committing ? Future.succeededFuture() : flush());
    }

    void close() {
        closed = true;
    }

    private void commit() {
        Cut done = cut;
        cut = new Cut();
        committing = true;
        try {
            FlowCommit commit = done.toCommit(flow, claims, progress.get());
            committed = commit.isEmpty() ? kept(done) : send(commit, done);
        } catch (RuntimeException unkeepable) {
            // A stage whose state cannot be written would be asked for it again and again.
            run.stopped("what it remembers cannot be kept: " + Mishaps.textOf(unkeepable));
            committed = refused();
        }
        owner.advanced();
    }

    private Future<Void> send(FlowCommit commit, Cut done) {
        return journal.commit(commit).transform(answer -> {
            if (answer.succeeded()) {
                return answer.result() ? kept(done) : refused();
            }
            if (closed) {
                return Future.failedFuture(answer.cause());
            }
            if (answer.cause() instanceof Refusal refusal && !refusal.code().retryable()) {
                run.stopped("what came out cannot be kept: " + refusal.getMessage());
                return refused();
            }
            run.warn("what was done is not kept yet, it is tried again: " + Mishaps.textOf(answer.cause()));
            Promise<Void> again = Promise.promise();
            timers.after(AGAIN, () -> {
                if (closed) {
                    // Another lane may have begun from what was kept without it.
                    again.fail(answer.cause());
                } else {
                    send(commit, done).onComplete(again);
                }
            });
            return again.future();
        });
    }

    /** What gathered since builds on what is not kept, so it must not be kept either. */
    private Future<Void> refused() {
        committing = false;
        if (!closed) {
            closed = true;
            owner.lost();
        }
        return Future.succeededFuture();
    }

    private Future<Void> kept(Cut done) {
        committing = false;
        done.plain().forEach(owner::emit);
        done.dead().forEach(owner::buried);
        run.committed(done.events());
        if (!cut.isEmpty() && !closed) {
            commit();
        }
        return Future.succeededFuture();
    }
}
