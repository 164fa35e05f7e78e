package dev.weir.journal.subscription;

import dev.weir.bus.KeptEvent;
import dev.weir.bus.Position;
import dev.weir.bus.SubscriptionPolicy;
import dev.weir.bus.Wire;
import dev.weir.journal.Failure;
import dev.weir.journal.Work;
import dev.weir.time.Clock;
import dev.weir.time.Durations;
import dev.weir.time.Timers;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of a subscription that are not settled: which may be delivered, which are out, which wait for their next attempt or
 * for an earlier one of their key. Owned by the dispatcher.
 */
final class Backlog {
    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);
    private static final long LONGEST_IN_MEMORY_MILLIS = 1_000;
    private static final int LEAST_AHEAD = 256;
    private static final int MOST_BYTES = 1 << 19;
    private static final int MOST_DEFERRED = 10_000;

    private final SubscriptionPolicy spec;
    private final Progress progress;
    private final Tally tally;
    private final Clock clock;
    private final Timers timers;
    private final Runnable changed;
    private final Tracing tracing;
    private final Map<Work.Place, Item> known = new HashMap<>();
    private final Deque<Item> ready = new ArrayDeque<>();
    private final Keys keys = new Keys();
    private int inFlight;
    private int deferred;

    /** @param changed runs when time has made something ready or failed */
    Backlog(
            SubscriptionPolicy spec,
            Progress progress,
            Tally tally,
            Clock clock,
            Timers timers,
            Tracing tracing,
            Runnable changed) {
        this.tracing = tracing;
        this.spec = spec;
        this.progress = progress;
        this.tally = tally;
        this.clock = clock;
        this.timers = timers;
        this.changed = changed;
    }

    int inFlight() {
        return inFlight;
    }

    int deferred() {
        return deferred;
    }

    boolean hasReady() {
        return !ready.isEmpty() && inFlight < spec.inFlight();
    }

    boolean hasRoom() {
        return deferred < MOST_DEFERRED && known.size() - deferred < Math.max(LEAST_AHEAD, 2 * spec.inFlight());
    }

    @Nullable
    Item find(Work.Place place) {
        return known.get(place);
    }

    void enter(Item item) {
        known.put(item.place(), item);
        if (keys.enter(item)) {
            proceed(item);
        } else {
            item.state = Item.State.BEHIND;
            if (!item.deferred && keys.first(item).deferred) {
                defer(item);
            }
        }
    }

    /** Its key is free: it may be delivered once it is due. */
    private void proceed(Item item) {
        long wait = item.dueMillis - clock.millis();
        if (wait > 0) {
            pause(item, Duration.ofMillis(wait));
        } else {
            item.state = Item.State.READY;
            ready.add(item);
        }
    }

    private void pause(Item item, Duration pause) {
        item.state = Item.State.WAITING;
        item.timer = timers.after(pause, () -> {
            item.timer = null;
            item.dueMillis = 0;
            item.state = Item.State.READY;
            ready.add(item);
            changed.run();
        });
    }

    /**
     * What may be delivered now, at most {@code max} and about half a MiB.
     *
     * @param to who gets it, for those who look on
     */
    List<Delivery> take(int max, String to) {
        int most = Math.min(max, spec.inFlight() - inFlight);
        List<Delivery> batch = new ArrayList<>(Math.min(most, ready.size()));
        int bytes = 0;
        while (batch.size() < most && !ready.isEmpty() && bytes < MOST_BYTES) {
            Delivery next = deliver(ready.remove(), to);
            bytes += Weight.of(next.event());
            batch.add(next);
        }
        return batch;
    }

    private Delivery deliver(Item item, String to) {
        item.attempts++;
        item.state = Item.State.IN_FLIGHT;
        inFlight++;
        tally.delivered.increment();
        if (item.attempts > 1) {
            tally.redelivered.increment();
        }
        awaitAck(item, spec.ackWait());
        tracing.delivered(item, to);
        Work.Place place = item.place();
        Position at = new Position(place.epoch(), place.offset());
        return new Delivery(new Delivery.Id(place.address(), at, item.attempts), item.attempts, item.event);
    }

    /** Counts it as failed unless it is settled in time, from now. */
    void awaitAck(Item item, Duration wait) {
        item.stopTimer();
        item.timer = timers.after(wait, () -> {
            item.timer = null;
            failed(item, null, "not settled within " + Durations.format(wait));
            changed.run();
        });
    }

    /** A delivery that waits in the store. */
    Item resume(Work.Deferred row, Lane lane) {
        MultiMap headers = row.event().busHeaders();
        headers.set(Wire.EPOCH, row.place().epoch())
                .set(Wire.OFFSET, Long.toString(row.place().offset()));
        KeptEvent event =
                new KeptEvent(row.place().offset(), headers, row.event().body());
        Item item = new Item(lane, event, Intake.keyOf(spec, lane, event));
        item.attempts = row.attempts();
        item.failures.addAll(row.failures());
        item.dueMillis = row.dueMillis();
        item.deferred = true;
        deferred++;
        enter(item);
        return item;
    }

    /** It is tried again after a pause, null for what the subscription says, unless that was the last attempt. */
    void failed(Item item, @Nullable Duration delay, String error) {
        item.failures.add(new Failure(clock.millis(), error));
        if (spec.retry().isExhausted(item.attempts)) {
            bury(item, "attempts");
            return;
        }
        leaveFlight(item);
        Duration pause = delay == null ? spec.retry().pauseAfter(item.attempts) : delay;
        tracing.again(item, pause.toMillis(), error);
        if (pause.isZero()) {
            item.state = Item.State.READY;
            ready.add(item);
            return;
        }
        item.dueMillis = clock.millis() + pause.toMillis();
        pause(item, pause);
        if (item.deferred || pause.toMillis() > LONGEST_IN_MEMORY_MILLIS) {
            // The log may go on; what follows with the same key waits beside it.
            keys.all(item).forEach(this::defer);
        }
    }

    private void defer(Item item) {
        if (!item.deferred) {
            deferred++;
            item.lane.settled(item.event.offset());
        }
        progress.defer(item);
    }

    /** It is a dead letter. */
    void bury(Item item, String reason) {
        progress.bury(item, reason, clock.millis());
        tracing.dead(item, reason, item.failures.get(item.failures.size() - 1).error());
        tally.deadLettered.increment();
        LOG.warn(
                "subscription {}: event {} of {} is a dead letter, {}: {}",
                spec.name(),
                item.event.offset(),
                item.lane.address,
                reason,
                item.failures.get(item.failures.size() - 1).error());
        done(item);
    }

    /** It is done with; the next of its key is free. */
    void done(Item item) {
        leaveFlight(item);
        if (item.state == Item.State.READY) {
            ready.remove(item);
        }
        item.state = Item.State.SETTLED;
        known.remove(item.place());
        tally.settled.increment();
        progress.settled(item);
        if (item.deferred) {
            deferred--;
        } else {
            item.lane.settled(item.event.offset());
        }
        Item next = keys.leave(item);
        if (next != null) {
            proceed(next);
        }
    }

    private void leaveFlight(Item item) {
        item.stopTimer();
        if (item.state == Item.State.IN_FLIGHT) {
            inFlight--;
        }
    }

    void clear() {
        known.values().forEach(Item::stopTimer);
        known.clear();
        ready.clear();
        keys.clear();
        inFlight = 0;
        deferred = 0;
    }
}
