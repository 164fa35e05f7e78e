package dev.weir.observe;

import dev.weir.bus.Addresses;
import dev.weir.bus.Head;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One address in use, as one node sees it.
 *
 * @param in events and requests that came in here since the node started
 * @param out events that sessions of this node got
 * @param taken messages that verticles and flows of this node got
 * @param inRate a second, as all rates, in tenths
 * @param bridge sessions of the bridge that listen
 * @param sse streams that listen
 * @param verticles consumers of the bus that are not the edges'
 * @param kept the ends of its log, null when it has none
 * @param present members, on all nodes
 * @param match of the policy that decides, null when there is none
 */
record TrafficRow(
        String address,
        long in,
        long out,
        long taken,
        long inRate,
        long outRate,
        long takenRate,
        int bridge,
        int sse,
        int verticles,
        @Nullable Head kept,
        int present,
        @Nullable String match) {
    private static final double TENTHS = 10;

    static long tenths(double rate) {
        return Math.round(rate * TENTHS);
    }

    /** Without what is zero. */
    JsonObject toJson() {
        JsonObject json = new JsonObject().put("address", address);
        if (Addresses.isPattern(address)) {
            json.put("pattern", true);
        }
        put(json, "in", in);
        put(json, "out", out);
        put(json, "taken", taken);
        rate(json, "inRate", inRate);
        rate(json, "outRate", outRate);
        rate(json, "takenRate", takenRate);
        put(json, "bridge", bridge);
        put(json, "sse", sse);
        put(json, "verticles", verticles);
        put(json, "present", present);
        if (kept != null) {
            json.put(
                    "kept",
                    new JsonObject()
                            .put("epoch", kept.epoch())
                            .put("head", kept.head())
                            .put("floor", kept.floor()));
        }
        return match == null ? json : json.put("match", match);
    }

    private static void put(JsonObject json, String name, long value) {
        if (value != 0) {
            json.put(name, value);
        }
    }

    private static void rate(JsonObject json, String name, long tenths) {
        if (tenths != 0) {
            json.put(name, tenths / TENTHS);
        }
    }
}
