package dev.weir.presence;

import dev.weir.presence.Entry.Spot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * What rosters say to each other. Every letter has the sender's id and a format number; fields that are not known are ignored.
 * <ul>
 *   <li>{@code changes}: what happened between two versions of the sender's entries
 *   <li>{@code alive}: the version they have
 *   <li>{@code ask}: send me all of yours
 *   <li>{@code part}: a part of them all, at one version
 * </ul>
 */
final class Letters {
    static final String CHANGES = "changes";
    static final String ALIVE = "alive";
    static final String ASK = "ask";
    static final String PART = "part";

    private static final int FORMAT = 1;

    private Letters() {}

    static JsonObject changes(String node, long from, long to, List<Entry> put, List<Spot> removed) {
        JsonArray gone = new JsonArray();
        removed.forEach(
                spot -> gone.add(new JsonObject().put("address", spot.address()).put("session", spot.session())));
        return letter(CHANGES, node)
                .put("from", from)
                .put("to", to)
                .put("put", entries(put))
                .put("removed", gone);
    }

    static JsonObject alive(String node, long version) {
        return letter(ALIVE, node).put("version", version);
    }

    static JsonObject ask(String node) {
        return letter(ASK, node);
    }

    static JsonObject part(String node, long version, int part, int of, List<Entry> entries) {
        return letter(PART, node)
                .put("version", version)
                .put("part", part)
                .put("of", of)
                .put("put", entries(entries));
    }

    private static JsonObject letter(String kind, String node) {
        return new JsonObject().put("format", FORMAT).put("kind", kind).put("node", node);
    }

    private static JsonArray entries(List<Entry> entries) {
        return new JsonArray(entries.stream().map(Entry::toJson).toList());
    }

    static List<Entry> put(JsonObject letter) {
        List<Entry> entries = new ArrayList<>();
        letter.getJsonArray("put", new JsonArray()).forEach(each -> entries.add(Entry.of((JsonObject) each)));
        return entries;
    }

    static List<Spot> removed(JsonObject letter) {
        List<Spot> spots = new ArrayList<>();
        letter.getJsonArray("removed", new JsonArray()).forEach(each -> {
            JsonObject spot = (JsonObject) each;
            spots.add(new Spot(spot.getString("address"), spot.getString("session")));
        });
        return spots;
    }
}
