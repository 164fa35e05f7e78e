package dev.weir.bus;

import dev.weir.config.Location;
import dev.weir.config.SubscriptionConfig.Order;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a subscription: a named durable position on journaled addresses with acknowledgement and redelivery. Immutable.
 *
 * @param from the journaled addresses, at least one
 * @param consume who may take its deliveries
 * @param ackWait how long a consumer has to settle a delivery before it counts as failed
 * @param inFlight how many deliveries may be unsettled at once
 * @param order whether events with the same key wait for each other
 * @param start where a new subscription begins
 * @param types the event types it wants, empty for all
 * @param at where it was written
 */
public record SubscriptionPolicy(
        String name,
        List<String> from,
        Permission consume,
        Duration ackWait,
        int inFlight,
        RetryPolicy retry,
        Order order,
        StartAt start,
        Set<String> types,
        Location at) {
    /** Copies what it is given. */
    public SubscriptionPolicy {
        from = List.copyOf(from);
        types = Set.copyOf(types);
    }

    /** Whether another says the same, wherever it is written. */
    public boolean sameAs(@Nullable SubscriptionPolicy other) {
        return other != null && at(Location.NONE).equals(other.at(Location.NONE));
    }

    SubscriptionPolicy at(Location place) {
        return new SubscriptionPolicy(name, from, consume, ackWait, inFlight, retry, order, start, types, place);
    }

    /** Whether it wants events of this type. */
    public boolean wants(String type) {
        return types.isEmpty() || types.contains(type);
    }
}
