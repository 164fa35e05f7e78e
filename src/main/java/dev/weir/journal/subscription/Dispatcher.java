package dev.weir.journal.subscription;

import dev.weir.bus.FailureCode;
import dev.weir.bus.FailureText;
import dev.weir.bus.Head;
import dev.weir.bus.Refusal;
import dev.weir.bus.SubscriptionPolicy;
import dev.weir.journal.Failure;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the events of a subscription to whoever asks, and sees to it that each is settled exactly once: done, tried again, or a
 * dead letter. At least once: what a consumer settled is in the store before it is told so; when the store fails, everything
 * begins again from there. Owned by one event loop.
 */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration RESTART = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final SubscriptionPolicy spec;
    private final Store store;
    private final Clock clock;
    private final Timers timers;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final Pulls pulls;
    private final Progress progress;
    private final Backlog backlog;
    private final Intake intake;
    private final Tally tally;
    private final Runnable whenReplaced;
    private final Tracing tracing;
    private Timers.@Nullable Timer looking;
    private boolean running;
    private boolean closed;

    /**
     * @param whenReplaced runs when another node turns out to own the subscription
     * @param news hears of what operators should know
     * @param tracing records what becomes of sampled events
     */
    Dispatcher(
            SubscriptionPolicy spec,
            Store store,
            Clock clock,
            Timers timers,
            Tally tally,
            Runnable whenReplaced,
            News news,
            Tracing tracing) {
        this.spec = spec;
        this.store = store;
        this.clock = clock;
        this.timers = timers;
        this.tally = tally;
        this.whenReplaced = whenReplaced;
        this.tracing = tracing;
        spec.from().forEach(address -> lanes.put(address, new Lane(address)));
        this.pulls = new Pulls(timers);
        this.progress = new Progress(spec.name(), store, lanes.values(), this::lost, news::buried);
        this.backlog = new Backlog(spec, progress, tally, clock, timers, tracing, this::readOn);
        this.intake = new Intake(spec, store, tally, this::hasRoom, backlog::enter, this::readOn, news::skipped);
    }

    /** Goes on where the subscription stood. A store that does not answer is asked again every second. */
    void start(Work.@Nullable Fence fence) {
        progress.fence(fence);
        restart();
    }

    private void restart() {
        if (closed) {
            return;
        }
        store.standing(spec.name()).compose(this::restore).onComplete(restored -> {
            if (closed) {
                return;
            }
            if (restored.failed()) {
                LOG.warn("subscription {} waits for the journal: {}", spec.name(), FailureText.of(restored.cause()));
                timers.after(RESTART, this::restart);
            } else {
                running = true;
                looking = looking == null ? timers.every(LOOK, this::look) : looking;
                readOn();
            }
        });
    }

    private Future<?> restore(WorkStore.Standing standing) {
        standing.cursors().forEach(cursor -> Optional.ofNullable(lanes.get(cursor.address()))
                .ifPresent(lane -> lane.restore(cursor)));
        List<Future<Void>> placed = lanes.values().stream().map(intake::place).toList();
        return Future.all(placed).onSuccess(all -> standing.deferred().forEach(this::resume));
    }

    /** Rows of an address that the subscription does not name any more wait until it does. */
    private @Nullable Item resume(Work.Deferred row) {
        Lane lane = lanes.get(row.place().address());
        return lane == null ? null : backlog.resume(row, lane);
    }

    /** New events may be there. */
    void wake(String address, Head head) {
        Lane lane = lanes.get(address);
        if (running && lane != null && lane.epoch().equals(head.epoch())) {
            lane.head(head.head());
            intake.fill(lanes.values());
        }
    }

    /** In a log of another epoch offsets mean other events; the store knows where the subscription stands in it, if it does. */
    private void seen(Lane lane, Head head) {
        if (running && !lane.abandoned && !lane.epoch().equals(head.epoch()) && !progress.isCommitting()) {
            forget(new Refusal(FailureCode.UNAVAILABLE, "the log of " + lane.address + " began anew"));
            restart();
        } else {
            wake(lane.address, head);
        }
    }

    /** A word of new events may have been lost. */
    private void look() {
        Status now = status();
        tally.now(now.lag(), now.inFlight(), now.deferred());
        for (Lane lane : lanes.values()) {
            store.head(lane.address).onSuccess(head -> seen(lane, head));
        }
    }

    private void readOn() {
        serve();
        intake.fill(lanes.values());
        progress.flush();
    }

    private boolean hasRoom() {
        return running && backlog.hasRoom();
    }

    /**
     * Takes up to {@code max} events, as soon as there is one.
     *
     * @param name so that it can be cancelled, null when it will not be
     * @param wait how long to wait for the first; the answer is empty then
     * @param to who asks, for those who look on
     */
    Future<List<Delivery>> pull(@Nullable String name, int max, Duration wait, String to) {
        Future<List<Delivery>> answer = pulls.add(name, max, wait, to);
        serve();
        intake.fill(lanes.values());
        return answer;
    }

    void cancelPull(String name) {
        pulls.cancel(name);
    }

    private void serve() {
        while (running && backlog.hasReady() && pulls.isWaiting()) {
            pulls.answer(backlog.take(pulls.nextMax(), pulls.nextTo()));
        }
    }

    /** Settles deliveries. Succeeds once that is kept, with what became of each; fails when it cannot be kept. */
    Future<List<Settlement.Result>> settle(List<Settlement> settlements) {
        if (!running) {
            return Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "the subscription waits for the journal"));
        }
        List<Settlement.Result> results = settlements.stream().map(this::settle).toList();
        Future<List<Settlement.Result>> answer = progress.saved().map(results);
        serve();
        intake.fill(lanes.values());
        return answer;
    }

    private Settlement.Result settle(Settlement settlement) {
        Delivery.Id id = settlement.id();
        Item item = backlog.find(
                new Work.Place(id.address(), id.at().epoch(), id.at().offset()));
        if (item == null || id.attempt() > item.attempts) {
            return Settlement.Result.UNKNOWN;
        }
        if (settlement.outcome() == Settlement.Outcome.ACK) {
            // Whichever attempt it was, it is done.
            tracing.acknowledged(item);
            backlog.done(item);
            return Settlement.Result.DONE;
        }
        if (id.attempt() < item.attempts || item.state != Item.State.IN_FLIGHT) {
            return Settlement.Result.STALE;
        }
        String error = settlement.error() == null ? "not acknowledged" : settlement.error();
        switch (settlement.outcome()) {
            case EXTEND -> backlog.awaitAck(item, settlement.delay() == null ? spec.ackWait() : settlement.delay());
            case REJECT -> {
                item.failures.add(new Failure(clock.millis(), error));
                backlog.bury(item, "rejected");
            }
            default -> backlog.failed(item, settlement.delay(), error);
        }
        return Settlement.Result.DONE;
    }

    /**
     * Dead letters become deliveries again, as if they had never been tried.
     *
     * @param rate so many a second, 0 for all at once
     * @return how many, once that is kept
     */
    Future<Integer> replay(List<Work.DeadLetter> letters, double rate) {
        if (!running) {
            return Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "the subscription waits for the journal"));
        }
        int replayed = 0;
        for (Work.DeadLetter letter : letters) {
            long due = replayed == 0 || rate == 0 ? 0 : clock.millis() + (long) (1_000 * replayed / rate);
            Work.Deferred row = new Work.Deferred(letter.place(), due, 0, List.of(), letter.event());
            if (letter.subscription().equals(spec.name()) && backlog.find(letter.place()) == null) {
                Item item = resume(row);
                if (item != null) {
                    progress.defer(item);
                    progress.discard(letter.id());
                    replayed++;
                }
            }
        }
        return progress.saved().map(replayed).onComplete(kept -> serve());
    }

    private void lost(@Nullable Throwable failure) {
        if (failure == null) {
            LOG.info("subscription {} has another owner now", spec.name());
        } else {
            LOG.warn("subscription {} begins again from what is kept: {}", spec.name(), FailureText.of(failure));
        }
        forget(new Refusal(FailureCode.UNAVAILABLE, "it is not known to be kept and will be delivered again"));
        if (failure == null) {
            close();
            whenReplaced.run();
        } else {
            timers.after(RESTART, this::restart);
        }
    }

    private void forget(Refusal why) {
        running = false;
        backlog.clear();
        lanes.values().forEach(lane -> lane.abandoned = true);
        lanes.replaceAll((address, lane) -> new Lane(address));
        progress.clear(why);
    }

    /**
     * Stops at once; consumers that wait get nothing, what is in flight is delivered again by the next owner. He must not begin before
     * the answer, when the outcome of the last commit is known: what it settled would be delivered again.
     */
    Future<Void> close() {
        closed = true;
        if (looking != null) {
            looking.cancel();
        }
        forget(new Refusal(FailureCode.UNAVAILABLE, "the subscription moves to another node"));
        tally.disowned();
        pulls.close();
        return progress.idle();
    }

    /** How it is doing now. */
    Status status() {
        long lag = lanes.values().stream().mapToLong(Lane::lag).sum();
        return new Status(
                running,
                lanes.values().stream().map(Lane::position).toList(),
                lag,
                backlog.inFlight(),
                backlog.deferred(),
                tally);
    }
}
