package dev.weir.presence;

import dev.weir.bus.Attendee;
import io.vertx.core.json.JsonObject;

/**
 * One session on one address. Only the session's node makes and removes it.
 *
 * @param spot which session, where
 * @param who the member it stands for
 * @param sinceMillis when the member came, as far as the session's node knew
 * @param stamp greater than that of anything the member said before, as far as the session's node knew
 */
record Entry(Spot spot, Attendee who, long sinceMillis, long stamp) {
    /** A session on an address. */
    record Spot(String address, String session) {}

    /** Names the member on its address. */
    String member() {
        return (who.anonymous() ? "a" : "s") + who.id();
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("address", spot.address())
                .put("session", spot.session())
                .put("id", who.id())
                .put("anonymous", who.anonymous())
                .put("data", who.data())
                .put("since", sinceMillis)
                .put("stamp", stamp);
    }

    static Entry of(JsonObject json) {
        return new Entry(
                new Spot(json.getString("address"), json.getString("session")),
                new Attendee(json.getString("id"), json.getBoolean("anonymous"), json.getString("data")),
                json.getLong("since"),
                json.getLong("stamp"));
    }
}
