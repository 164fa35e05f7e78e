package dev.weir.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a node left behind in the cluster when it went, as an audit found it.
 *
 * @param node its id
 * @param registrations how many consumers of its stood in the cluster
 * @param removed how many of them are gone now
 * @param addresses some of the addresses, as users call them
 * @param atMillis when they were found last
 */
public record Departed(String node, int registrations, int removed, List<String> addresses, long atMillis) {
    /** Most addresses that are named. */
    public static final int MOST_NAMED = 20;

    /** Copies what it is given. */
    public Departed {
        addresses = List.copyOf(addresses);
    }

    /** As reports have it. */
    public JsonObject toJson() {
        return new JsonObject()
                .put("node", node)
                .put("registrations", registrations)
                .put("removed", removed)
                .put("addresses", new JsonArray(addresses))
                .put("at", atMillis);
    }
}
