package dev.weir.bus;

import dev.weir.event.EventHeaders;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is on an address. Who is there with several sessions is one member.
 *
 * @param id the subject of a token; of a client without one {@code ~} and what stands for its key or session
 * @param anonymous whether it showed no token
 * @param data what it shows of itself, as JSON text; of several sessions what was said last. Null when nothing was given
 * @param sinceMillis wall-clock time at which the first of its sessions came
 * @param sessions how many sessions it has here, 1 or more
 */
public record Member(String id, boolean anonymous, @Nullable String data, long sinceMillis, int sessions) {
    /** What it shows of itself: a JSON value, a new copy each time. */
    public @Nullable Object value() {
        return data == null ? null : Json.decodeValue(data);
    }

    /** Out of {@link #toJson}. */
    static Member of(JsonObject json) {
        Object data = json.getValue("data");
        return new Member(
                json.getString("id"),
                json.getBoolean("anonymous", false),
                data == null ? null : Json.encode(data),
                EventHeaders.parseTime(json.getString("since")).toEpochMilli(),
                json.getInteger("sessions"));
    }

    /** As clients see it. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject().put("id", id);
        if (anonymous) {
            json.put("anonymous", true);
        }
        if (data != null) {
            json.put("data", value());
        }
        return json.put("since", EventHeaders.formatTime(Instant.ofEpochMilli(sinceMillis)))
                .put("sessions", sessions);
    }
}
