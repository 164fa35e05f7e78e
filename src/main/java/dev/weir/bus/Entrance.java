package dev.weir.bus;

import dev.weir.bus.Permission.Action;
import dev.weir.config.AddressConfig.RateConfig;
import dev.weir.event.EventHeaders;
import dev.weir.event.Incoming;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an event may come in, by the policy of its address: permission, rate, then type, size and schema. Changes
 * nothing but the client's rate. Counts what it refuses by its code. Thread-safe.
 */
final class Entrance {
    private final Authorizer authorizer;
    private final Counters counters;
    private final Spans spans;
    private final RateLimiter rates;

    Entrance(Clock clock, Authorizer authorizer, Counters counters, Spans spans) {
        this.spans = spans;
        this.authorizer = authorizer;
        this.counters = counters;
        this.rates = new RateLimiter(clock);
    }

    /** Completes with the policy under which one event may come in; fails with a {@link Refusal}. */
    Future<Policy> admit(
            Action action, Origin origin, String address, MultiMap headers, @Nullable Object data, int bytes) {
        try {
            Policy policy = policyFor(origin, address);
            String type = typeOf(headers);
            Future<Void> allowed = origin.trusted()
                    ? Future.succeededFuture()
                    : authorizer.check(policy, origin.who(), action, address, type);
            if (allowed.succeeded()) {
                // Nearly always: nobody has to be asked, and nothing waits.
                takeRate(policy, origin, 1);
                Inspection.check(policy, type, data, bytes);
                return Future.succeededFuture(policy);
            }
            return allowed.map(yes -> {
                        takeRate(policy, origin, 1);
                        Inspection.check(policy, type, data, bytes);
                        return policy;
                    })
                    .onFailure(failure -> refused(address, headers, failure));
        } catch (RuntimeException refusal) {
            refused(address, headers, refusal);
            return Future.failedFuture(refusal);
        }
    }

    /**
     * The policy under which an event of the node itself may come in: what it holds is looked at, nobody's rights are.
     *
     * @throws Refusal when it may not
     */
    Policy admitOwn(Origin origin, String address, MultiMap headers, @Nullable Object data) {
        try {
            Policy policy = policyFor(origin, address);
            Inspection.check(policy, typeOf(headers), data, 0);
            return policy;
        } catch (Refusal refusal) {
            refused(address, headers, refusal);
            throw refusal;
        }
    }

    /** The same for what only one listener gets: a request, or an event of an address that keeps nothing. */
    Future<Policy> admitOne(Origin origin, String address, MultiMap headers, @Nullable Object data, int bytes) {
        Policy found = authorizer.policies().find(address);
        if (found != null && found.keep() != null) {
            Refusal refusal = new Refusal(
                    FailureCode.REJECTED, "events of this address are kept, for all that listen: publish instead");
            count(refusal);
            return Future.failedFuture(refusal);
        }
        Action action = found != null && found.isForRequests() ? Action.REQUEST : Action.PUBLISH;
        return admit(action, origin, address, headers, data, bytes);
    }

    /**
     * The same for several events, of which all may come in or none. Permission is checked for all before the content of any. The
     * {@link Refusal} names the event.
     */
    Future<Policy> admitAll(Origin origin, String address, List<Incoming> events) {
        try {
            Policy policy = policyFor(origin, address);
            return permitted(policy, origin, address, events)
                    .map(yes -> {
                        takeRate(policy, origin, events.size());
                        inspect(policy, events);
                        return policy;
                    })
                    .onFailure(failure -> refused(address, faulty(events, failure), failure));
        } catch (Refusal refusal) {
            refused(address, faulty(events, refusal), refusal);
            return Future.failedFuture(refusal);
        }
    }

    /** The event that a refusal names, else the first. */
    private static MultiMap faulty(List<Incoming> events, Throwable failure) {
        int at = failure instanceof Refusal refusal ? Math.max(0, refusal.index()) : 0;
        return at < events.size() ? events.get(at).headers() : MultiMap.caseInsensitiveMultiMap();
    }

    private Future<Void> permitted(Policy policy, Origin origin, String address, List<Incoming> events) {
        if (origin.trusted()) {
            return Future.succeededFuture();
        }
        Map<String, Future<Void>> byType = new LinkedHashMap<>();
        for (int i = 0; i < events.size(); i++) {
            int index = i;
            byType.computeIfAbsent(typeOf(events.get(i).headers()), type -> authorizer
                    .check(policy, origin.who(), Action.PUBLISH, address, type)
                    .recover(failure -> Future.failedFuture(
                            failure instanceof Refusal refusal ? refusal.ofEvent(index) : failure)));
        }
        return Future.all(List.copyOf(byType.values())).mapEmpty();
    }

    private static void inspect(Policy policy, List<Incoming> events) {
        for (int i = 0; i < events.size(); i++) {
            Incoming event = events.get(i);
            try {
                Inspection.check(policy, typeOf(event.headers()), event.data(), event.bytes());
            } catch (Refusal refusal) {
                throw refusal.ofEvent(i);
            }
        }
    }

    private Policy policyFor(Origin origin, String address) {
        if (!origin.trusted() && Addresses.isSystem(address)) {
            throw new Refusal(FailureCode.ACCESS_DENIED);
        }
        if (Addresses.isPattern(address)) {
            throw new Refusal(FailureCode.UNKNOWN_ADDRESS, "a pattern is a way to subscribe, not an address");
        }
        return authorizer.policyOf(address);
    }

    private void takeRate(Policy policy, Origin origin, int events) {
        RateConfig rate = policy.rate();
        if (rate == null || origin.trusted()) {
            return;
        }
        long waitMillis = rates.take(origin.client(), policy.match(), rate, events);
        if (waitMillis > 0) {
            throw new Refusal(
                    FailureCode.TOO_FAST,
                    "at most " + rate.client() + " per client, and " + rate.burst() + " at once",
                    waitMillis);
        }
    }

    /** Counts it, and records it where events are kept. */
    private void refused(String address, MultiMap headers, Throwable failure) {
        count(failure);
        if (spans.isActive() && failure instanceof Refusal) {
            Policy policy = authorizer.policies().find(address);
            if (policy != null && policy.isJournaled()) {
                spans.refused(address, headers, Accepted.textOf(failure));
            }
        }
    }

    /** Counts events that were complete and could not be kept; those that are sampled are recorded elsewhere. */
    void unkept(String address, List<Journal.Entry> entries, Throwable failure) {
        count(failure);
        if (spans.isActive() && !entries.isEmpty() && !spans.isOn(entries.get(0).headers())) {
            spans.refused(address, entries.get(0).headers(), Accepted.textOf(failure));
        }
    }

    /** Counts a refusal; a failure that is none is not counted here. */
    void count(Throwable failure) {
        if (failure instanceof Refusal refusal) {
            counters.refused(refusal.code()).increment();
        }
    }

    private static String typeOf(MultiMap headers) {
        String type = headers.get(EventHeaders.TYPE);
        return type == null ? EventHeaders.DEFAULT_TYPE : type;
    }
}
