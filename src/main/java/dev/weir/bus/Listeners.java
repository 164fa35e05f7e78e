package dev.weir.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who listens to an address or pattern on one node, by kind. What edges register for their sessions is no listener.
 *
 * @param bridge sessions of the bridge
 * @param sse streams of server-sent events
 * @param consumers consumers of the bus, of edges and verticles alike
 * @param edges how many of them are the edges' own
 */
public record Listeners(int bridge, int sse, int consumers, int edges) {
    private static final Listeners NONE = new Listeners(0, 0, 0, 0);

    /** Adds up what the parts of all nodes answered, by address and node; addresses without listeners are left out. */
    public static SortedMap<String, SortedMap<String, Listeners>> byAddress(List<JsonObject> parts) {
        SortedMap<String, SortedMap<String, Listeners>> all = new TreeMap<>();
        for (JsonObject part : parts) {
            String node = part.getString("node", "");
            part.getJsonObject("sessions", new JsonObject()).forEach(each -> {
                JsonObject kinds = (JsonObject) each.getValue();
                add(all, each, node, new Listeners(kinds.getInteger("bridge", 0), kinds.getInteger("sse", 0), 0, 0));
            });
            part.getJsonObject("consumers", new JsonObject())
                    .forEach(each -> add(all, each, node, new Listeners(0, 0, (Integer) each.getValue(), 0)));
            part.getJsonObject("edges", new JsonObject())
                    .forEach(each -> add(all, each, node, new Listeners(0, 0, 0, (Integer) each.getValue())));
        }
        all.values().forEach(nodes -> nodes.values().removeIf(on -> on.total() == 0));
        all.values().removeIf(Map::isEmpty);
        return all;
    }

    private static void add(
            SortedMap<String, SortedMap<String, Listeners>> all,
            Map.Entry<String, Object> address,
            String node,
            Listeners more) {
        all.computeIfAbsent(address.getKey(), key -> new TreeMap<>()).merge(node, more, Listeners::plus);
    }

    /** All nodes together, in JSON. The field {@code listeners} is their number. */
    public static JsonObject describe(String address, SortedMap<String, Listeners> nodes) {
        JsonArray each = new JsonArray();
        nodes.forEach((node, on) -> each.add(on.describe(new JsonObject().put("node", node))));
        // One node's part of the edges may be a moment older than the other: each node is counted by itself.
        Listeners sum = nodes.values().stream()
                .map(on -> new Listeners(on.bridge, on.sse, on.verticles(), 0))
                .reduce(NONE, Listeners::plus);
        return sum.describe(new JsonObject().put("address", address).put("pattern", Addresses.isPattern(address)))
                .put("nodes", each);
    }

    private JsonObject describe(JsonObject into) {
        return into.put("listeners", total())
                .put("sessions", new JsonObject().put("bridge", bridge).put("sse", sse))
                .put("verticles", verticles());
    }

    private Listeners plus(Listeners more) {
        return new Listeners(bridge + more.bridge, sse + more.sse, consumers + more.consumers, edges + more.edges);
    }

    /** Consumers that are not the edges' own. */
    public int verticles() {
        return Math.max(0, consumers - edges);
    }

    private int total() {
        return bridge + sse + verticles();
    }
}
