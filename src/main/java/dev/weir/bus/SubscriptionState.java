package dev.weir.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * How a subscription does on one node.
 *
 * @param from its addresses
 * @param owned whether this node owns it; lag and what is in flight are known to the owner only
 * @param lag events between its positions and the heads
 * @param inFlight deliveries that consumers have
 * @param deferred deliveries that wait for another attempt
 * @param delivered deliveries of this node, each attempt counted
 * @param deadLettered events that became dead letters on this node
 */
public record SubscriptionState(
        String name,
        List<String> from,
        boolean owned,
        long lag,
        int inFlight,
        int deferred,
        long delivered,
        long deadLettered) {
    /** Copies what it is given. */
    public SubscriptionState {
        from = List.copyOf(from);
    }

    /** As reports have it. */
    public JsonObject toJson() {
        return new JsonObject()
                .put("name", name)
                .put("from", new JsonArray(from))
                .put("owned", owned)
                .put("lag", lag)
                .put("inFlight", inFlight)
                .put("deferred", deferred)
                .put("delivered", delivered)
                .put("deadLettered", deadLettered);
    }
}
