package dev.weir.journal.trace;

import dev.weir.bus.Addresses;
import dev.weir.bus.SubscriptionPolicy;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What reads logs now. Immutable.
 *
 * @param subscriptions by name
 * @param flows the journaled addresses that each reads, by name; null while that is not known
 */
public record InForce(
        Map<String, SubscriptionPolicy> subscriptions,
        @Nullable Map<String, Set<String>> flows) {
    /** Copies what it is given. */
    public InForce {
        subscriptions = Map.copyOf(subscriptions);
    }

    boolean reads(SubscriptionPolicy subscription, String address) {
        return subscription.from().stream().anyMatch(from -> Addresses.isOf(from, address));
    }

    /** Whether a flow that once read the address still does. */
    boolean isFlow(String flow, String address) {
        return flows == null || flows.getOrDefault(flow, Set.of()).contains(address);
    }
}
