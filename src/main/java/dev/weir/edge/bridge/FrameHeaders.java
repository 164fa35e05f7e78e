package dev.weir.edge.bridge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a frame, read in one pass: attributes of the event by the rules that HTTP has too, all others as the stock bridge
 * takes them. What a client may not say passes unread, since it is dropped later. Immutable, but for the map's owner.
 *
 * @param map as on the bus; without an attribute that is wrong
 * @param fault what the first such attribute breaks, null when none does
 */
record FrameHeaders(MultiMap map, @Nullable Refusal fault) {
    static FrameHeaders of(JsonObject frame) {
        MultiMap map = MultiMap.caseInsensitiveMultiMap();
        Refusal fault = null;
        if (frame.getValue("headers") instanceof JsonObject given) {
            for (Map.Entry<String, Object> header : given) {
                Refusal bad = header.getValue() == null ? null : take(map, header.getKey(), header.getValue());
                fault = fault == null ? bad : fault;
            }
        }
        return new FrameHeaders(map, fault);
    }

    private static @Nullable Refusal take(MultiMap map, String name, Object value) {
        String attribute = EventHeaders.attributeOf(name);
        if (attribute == null || Wire.isReserved(name)) {
            map.add(name, value.toString());
            return null;
        }
        try {
            EventHeaders.accept(map, attribute, value);
            return null;
        } catch (InvalidEventException bad) {
            return new Refusal(FailureCode.INVALID_EVENT, "header '" + name + "': " + bad.getMessage());
        }
    }
}
