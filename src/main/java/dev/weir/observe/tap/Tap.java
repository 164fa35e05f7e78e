package dev.weir.observe.tap;

import dev.weir.bus.Addresses;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to see, the same on every node of the cluster. Immutable.
 *
 * @param id nobody guesses it
 * @param pattern an address, or a pattern, also one that no policy has
 * @param filter an expression over {@code event}; null to see all
 * @param rate most events a second that each node shows, 1 to {@link #MOST_A_SECOND}
 * @param fields what is shown of each event, see {@link Selection}; none for everything
 * @param revision counts its changes, so that a late word does not undo a later one
 */
record Tap(String id, String pattern, @Nullable String filter, int rate, List<String> fields, long revision) {
    /** Copies what it is given. */
    Tap {
        fields = List.copyOf(fields);
    }

    /** How much a node shows when nobody says. */
    static final int USUAL_RATE = 200;

    /** The most that a node shows. */
    static final int MOST_A_SECOND = 2_000;

    /** Taps in the whole cluster. */
    static final int MOST_TAPS = 20;

    /** Where it shows what it sees. */
    String address() {
        return Addresses.TAP_PREFIX + id;
    }

    /** As nodes tell each other, and as clients get it. */
    JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("id", id)
                .put("address", address())
                .put("pattern", pattern)
                .put("rate", rate)
                .put("revision", revision);
        if (!fields.isEmpty()) {
            json.put("fields", new JsonArray(fields));
        }
        return filter == null ? json : json.put("filter", filter);
    }

    /** As another node told it. */
    static Tap of(JsonObject told) {
        return new Tap(
                told.getString("id"),
                told.getString("pattern"),
                told.getString("filter"),
                told.getInteger("rate", USUAL_RATE),
                told.getJsonArray("fields", new JsonArray()).stream()
                        .map(String::valueOf)
                        .toList(),
                told.getLong("revision", 0L));
    }
}
