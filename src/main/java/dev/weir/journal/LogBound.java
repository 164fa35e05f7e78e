package dev.weir.journal;

import dev.weir.bus.AddressPattern;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.bus.Refusal;
import dev.weir.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps anybody from beginning logs without end: below a policy with a pattern there are at most {@code max-addresses}, those of
 * earlier runs and other nodes counted. An address whose log is known costs one look-up; only the first event of an address counts,
 * and the engine is asked at most once a second. Where other nodes begin logs too, those of the last second or so may exceed the bound.
 * Thread-safe; its lock is held for moments only.
 */
final class LogBound {
    private record Waiting(String address, Runnable in, Consumer<Refusal> out) {}

    private static final Logger LOG = LoggerFactory.getLogger(LogBound.class);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LATELY_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Longer than a commit may take: what was let in and is not there then was not kept. */
    private static final long PENDING_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Engine engine;
    private final Clock clock;
    private final Supplier<@Nullable Policies> policies;
    private final Executor background;
    /** By address: when it was let in, or last seen in the engine. */
    private final Map<String, Long> known = new ConcurrentHashMap<>();

    private final Map<AddressPattern, Integer> counts = new HashMap<>();
    private @Nullable Policies counted;
    private List<Waiting> waiting = new ArrayList<>();
    /** Ever, and the last time. */
    private boolean asked;

    private boolean answered;
    private boolean asking;
    private long askedNanos;

    /**
     * @param policies those in force
     * @param background where an engine that other nodes write to is asked
     */
    LogBound(Engine engine, Clock clock, Supplier<@Nullable Policies> policies, Executor background) {
        this.engine = engine;
        this.clock = clock;
        this.policies = policies;
        this.background = background;
        this.askedNanos = clock.nanos() - FRESH_NANOS;
    }

    /** Whether an address was let in, or has a log; then {@link #admit} need not be asked. */
    boolean knows(String address) {
        return known.containsKey(address);
    }

    /**
     * Lets an address begin its log: at once, or when the engine has told which logs there are.
     *
     * @param in runs when it may, or need not, since its log is there; before the address is known to anybody else
     * @param out gets the reason when it may not
     */
    synchronized void admit(String address, Runnable in, Consumer<Refusal> out) {
        Policies now = policies.get();
        Policy policy = now == null ? null : now.of(address).orElse(null);
        if (policy == null || policy.match().isLiteral()) {
            in.run();
            known.put(address, clock.nanos());
            return;
        }
        count(now);
        boolean fresh = clock.nanos() - askedNanos < FRESH_NANOS;
        if (!fresh && (!asked || engine.isShared() || isFull(policy))) {
            ask();
        }
        Waiting entrant = new Waiting(address, in, out);
        if (asking && (!asked || isFull(policy))) {
            waiting.add(entrant);
        } else {
            decide(entrant);
        }
    }

    /**
     * Lets an address begin its log, or says why not, for those who cannot wait. Until the engine has answered, what it said within the
     * last minute counts; without that they are to try again.
     */
    synchronized @Nullable Refusal enter(String address) {
        if (knows(address)) {
            return null;
        }
        Policies now = policies.get();
        Policy policy = now == null ? null : now.of(address).orElse(null);
        boolean lately = answered && clock.nanos() - askedNanos < LATELY_NANOS;
        AtomicReference<@Nullable Refusal> answer = new AtomicReference<>(
                lately && policy != null
                        ? tooMany(policy)
                        : new Refusal(
                                FailureCode.UNAVAILABLE, "whether there may be one more address is being found out"));
        admit(address, () -> answer.set(null), answer::set);
        return answer.get();
    }

    /** Lets several in; those that are in before another is refused have their places for a while. */
    void admit(List<String> addresses, Runnable in, Consumer<Refusal> out) {
        if (addresses.isEmpty()) {
            in.run();
            return;
        }
        List<String> others = addresses.subList(1, addresses.size());
        admit(addresses.get(0), () -> admit(others, in, out), out);
    }

    private void decide(Waiting entrant) {
        Policies now = policies.get();
        Policy policy = now == null ? null : now.of(entrant.address()).orElse(null);
        if (known.containsKey(entrant.address()) || policy == null) {
            entrant.in().run();
        } else if (!asked || (!answered && isFull(policy))) {
            entrant.out()
                    .accept(new Refusal(
                            FailureCode.UNAVAILABLE, "whether there may be one more address cannot be found out now"));
        } else if (isFull(policy)) {
            entrant.out().accept(tooMany(policy));
        } else {
            entrant.in().run();
            known.put(entrant.address(), clock.nanos());
            counts.merge(policy.match(), 1, Integer::sum);
        }
    }

    private static Refusal tooMany(Policy policy) {
        return new Refusal(
                FailureCode.TOO_MANY_ADDRESSES,
                "there are " + policy.maxAddresses() + " addresses below " + policy.match()
                        + " that keep events, as many as max-addresses allows");
    }

    private boolean isFull(Policy policy) {
        return counts.getOrDefault(policy.match(), 0) >= policy.maxAddresses();
    }

    /** Once for each reload, and whenever the engine was asked. */
    private void count(@Nullable Policies now) {
        if (now != counted && now != null) {
            counted = now;
            counts.clear();
            known.keySet()
                    .forEach(address -> now.of(address).ifPresent(each -> counts.merge(each.match(), 1, Integer::sum)));
        }
    }

    private void ask() {
        if (!engine.isShared()) {
            // Answered out of memory.
            look();
        } else if (!asking) {
            asking = true;
            background.execute(this::look);
        }
    }

    /** Asks the engine; may block. */
    void look() {
        long now = clock.nanos();
        try {
            found(engine.addresses().orElse(null), now);
        } catch (JournalException | RuntimeException e) {
            LOG.debug("which logs there are is not known now: {}", e.getMessage());
            told(false, now);
        }
    }

    private synchronized void found(@Nullable Set<String> there, long nowNanos) {
        if (there != null) {
            known.entrySet()
                    .removeIf(each -> !there.contains(each.getKey()) && nowNanos - each.getValue() > PENDING_NANOS);
            there.forEach(address -> known.putIfAbsent(address, nowNanos));
        }
        counted = null;
        count(policies.get());
        asked = true;
        told(true, nowNanos);
    }

    /** Nobody could be asked. */
    void notAsked() {
        told(false, clock.nanos());
    }

    /** What was known before an answer that failed may be out of date, so nobody is refused because of it. */
    private synchronized void told(boolean succeeded, long nowNanos) {
        asking = false;
        askedNanos = nowNanos;
        answered = succeeded;
        List<Waiting> entrants = waiting;
        waiting = new ArrayList<>();
        entrants.forEach(this::decide);
    }
}
