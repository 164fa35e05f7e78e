package dev.weir.journal;

import dev.weir.bus.AddressPattern;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.bus.Refusal;
import dev.weir.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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
    private static final Logger LOG = LoggerFactory.getLogger(LogBound.class);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

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
    private boolean asked;
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

    /** Why an event of this address, or a subscriber, may not begin its log; null when it may, or when the log is there. */
    @Nullable
    Refusal refuse(String address) {
        return known.containsKey(address) ? null : begin(address);
    }

    private synchronized @Nullable Refusal begin(String address) {
        Policies now = policies.get();
        Policy policy = now == null ? null : now.of(address).orElse(null);
        if (policy == null || policy.match().isLiteral()) {
            known.put(address, clock.nanos());
            return null;
        }
        count(now);
        boolean fresh = clock.nanos() - askedNanos < FRESH_NANOS;
        if (!fresh && (!asked || engine.isShared() || isFull(policy))) {
            ask();
        }
        if (known.containsKey(address)) {
            return null;
        }
        if (asked && !isFull(policy)) {
            known.put(address, clock.nanos());
            counts.merge(policy.match(), 1, Integer::sum);
            return null;
        }
        return asked && (fresh || !engine.isShared())
                ? new Refusal(
                        FailureCode.TOO_MANY_ADDRESSES,
                        "there are " + policy.maxAddresses() + " addresses below " + policy.match()
                                + " that keep events, as many as max-addresses allows")
                : new Refusal(FailureCode.BUSY, "whether there may be one more address is being found out");
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
        if (engine.isShared()) {
            if (!asking) {
                asking = true;
                background.execute(this::look);
            }
        } else {
            // Answered out of memory.
            look();
        }
    }

    /** Asks the engine; may block. */
    void look() {
        long now = clock.nanos();
        try {
            found(engine.addresses().orElse(null), now);
        } catch (JournalException | RuntimeException e) {
            LOG.debug("which logs there are is not known now: {}", e.getMessage());
            notFound(now);
        }
    }

    private synchronized void notFound(long nowNanos) {
        asking = false;
        askedNanos = nowNanos;
    }

    private synchronized void found(@Nullable Set<String> there, long nowNanos) {
        notFound(nowNanos);
        asked = true;
        if (there != null) {
            known.entrySet()
                    .removeIf(each -> !there.contains(each.getKey()) && nowNanos - each.getValue() > PENDING_NANOS);
            there.forEach(address -> known.putIfAbsent(address, nowNanos));
        }
        counted = null;
        count(policies.get());
    }
}
