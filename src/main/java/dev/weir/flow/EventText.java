package dev.weir.flow;

import dev.weir.bus.Position;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event as a JSON value, for states that remember events. Pure functions. */
final class EventText {
    private EventText() {}

    static Object write(FlowEvent event) {
        JsonObject headers = new JsonObject();
        for (Map.Entry<String, String> header : event.waiting()) {
            headers.put(header.getKey(), header.getValue());
        }
        JsonObject json = new JsonObject().put("input", event.arrival().input()).put("headers", headers);
        var place = event.arrival().place();
        if (place != null) {
            json.put("at", place.at().toString());
        }
        if (event.arrival().partition() != 0) {
            json.put("partition", event.arrival().partition());
        }
        Object data = event.data();
        return data instanceof Buffer bytes ? json.put("bytes", bytes.getBytes()) : json.put("data", data);
    }

    static FlowEvent read(Object value) {
        JsonObject json = (JsonObject) value;
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, Object> header : json.getJsonObject("headers")) {
            headers.add(header.getKey(), String.valueOf(header.getValue()));
        }
        @Nullable String at = json.getString("at");
        Arrival arrival = new Arrival(
                json.getString("input"),
                headers,
                at == null ? null : Position.parse(at),
                json.getInteger("partition", 0));
        Object data = json.containsKey("bytes") ? Buffer.buffer(json.getBinary("bytes")) : json.getValue("data");
        return FlowEvent.of(arrival, data);
    }
}
