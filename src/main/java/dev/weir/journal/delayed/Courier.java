package dev.weir.journal.delayed;

import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.journal.DelayedEvent.State;
import dev.weir.journal.DelayedStore.Mark;
import dev.weir.journal.DelayedStore.Standing;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events when their time comes, and not before: what is due is decided by the store's clock each time anew, so that a timer
 * only says when to ask. It asks at least every second, so that a clock that was set is noticed. Holds at most one round of events in
 * memory, however many wait. Owned by one event loop.
 *
 * <p>Of several nodes one is on duty. The others stand in for it with what is {@link #GRACE_MILLIS} late, so that a dead one is not
 * missed. Whoever delivers, an event is appended in the transaction that ends its waiting, hence once.
 */
final class Courier {
    /** Brings an event to the listeners of an address that keeps nothing. */
    interface Plain {
        void deliver(Policy policy, String address, MultiMap headers, @Nullable Object body);
    }

    /** How late an event is before a node that is not on duty delivers it. */
    static final long GRACE_MILLIS = 500;

    /** How long an event waits on for a policy of its address. */
    static final long POSTPONE_MILLIS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final long LATE_MILLIS = 1_000;
    private static final long ASK_MILLIS = 1_000;
    private static final int ROUND = 256;

    private final Store store;
    private final Supplier<Policies> policies;
    private final Plain plain;
    private final Clock clock;
    private final Timers timers;
    private final Tally tally;
    private Timers.@Nullable Timer timer;
    private boolean onDuty;
    private boolean working;
    private boolean again;
    private boolean closed;

    Courier(Store store, Supplier<Policies> policies, Plain plain, Clock clock, Timers timers, Tally tally) {
        this.store = store;
        this.policies = policies;
        this.plain = plain;
        this.clock = clock;
        this.timers = timers;
        this.tally = tally;
    }

    /** Whether this node is on duty. */
    void onDuty(boolean now) {
        boolean before = onDuty;
        onDuty = now;
        if (now && !before) {
            ask();
        }
    }

    boolean isOnDuty() {
        return onDuty;
    }

    /** Something may be due soon. */
    void ask() {
        if (closed) {
            return;
        }
        if (working) {
            again = true;
            return;
        }
        working = true;
        again = false;
        if (timer != null) {
            timer.cancel();
        }
        long grace = onDuty ? 0 : GRACE_MILLIS;
        store.nextMillis()
                .map(next -> Math.min(next, ASK_MILLIS) + grace)
                .compose(wait -> wait > 0 ? Future.succeededFuture(wait) : round(grace))
                .onComplete(done -> rest(done.succeeded() ? done.result() : (Long) ASK_MILLIS));
    }

    private void rest(long millis) {
        working = false;
        if (closed) {
            return;
        }
        if (again) {
            ask();
        } else {
            timer = timers.after(Duration.ofMillis(Math.min(Math.max(millis, 1), ASK_MILLIS)), this::ask);
        }
    }

    void close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Delivers what is due; how long to rest then, in milliseconds. */
    private Future<Long> round(long grace) {
        return store.due(grace, ROUND)
                .compose(events -> {
                    Map<String, List<Due>> byAddress = new LinkedHashMap<>();
                    events.forEach(each -> byAddress
                            .computeIfAbsent(each.event().address(), none -> new ArrayList<>())
                            .add(each));
                    List<Future<Integer>> deliveries = new ArrayList<>();
                    byAddress.forEach((address, due) -> deliveries.add(deliver(address, due)));
                    return Future.join(deliveries);
                })
                .map(0L);
    }

    private Future<Integer> deliver(String address, List<Due> events) {
        Optional<Policy> policy = policies.get().of(address);
        if (policy.isEmpty()) {
            LOG.warn(
                    "{} events for {} wait on, since no policy declares that address any more; declare it or cancel them",
                    events.size(),
                    address);
            tally.postponed.add(events.size());
            return store.change(new Mark(keys(events), State.WAITING, POSTPONE_MILLIS))
                    .map(0);
        }
        Future<Integer> delivered = policy.get().keep() == null
                ? publish(policy.get(), address, events)
                : store.append(address, policy.get().keep(), events);
        long lateSince = clock.millis() - LATE_MILLIS;
        long late = events.stream()
                .filter(each -> each.event().dueMillis() < lateSince)
                .count();
        return delivered.onSuccess(count -> {
            tally.delivered.add(count);
            tally.late.add(Math.min(late, count));
        });
    }

    /** At least once: first nobody else may, then everybody hears it, then it is over. */
    private Future<Integer> publish(Policy policy, String address, List<Due> events) {
        return store.change(new Mark(keys(events), State.TAKEN, 0)).compose(taken -> {
            List<Due> mine = mine(events, taken);
            for (Due each : mine) {
                plain.deliver(
                        policy, address, each.entry().headers(), each.entry().body());
            }
            return mine.isEmpty()
                    ? Future.succeededFuture(0)
                    : store.change(new Mark(keys(mine), State.DELIVERED, 0)).map(mine.size());
        });
    }

    private static List<Due> mine(List<Due> events, List<Standing> taken) {
        List<Due> mine = new ArrayList<>(events.size());
        for (int i = 0; i < taken.size(); i++) {
            if (taken.get(i).changed()) {
                mine.add(events.get(i));
            }
        }
        return mine;
    }

    private static List<String> keys(List<Due> events) {
        return events.stream().map(each -> each.event().key()).toList();
    }
}
