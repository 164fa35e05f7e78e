package dev.weir.expression;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code {"path": event.data.path, ?"user": event.data.?user}}, in this order. */
final class MapLiteral extends Node {
    /** One entry; an optional one is left out when its value is empty. */
    record Entry(Node key, Node value, boolean optional) {}

    private final List<Entry> entries;

    MapLiteral(List<Entry> entries) {
        this.entries = entries;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>(entries.size() * 2);
        for (Entry entry : entries) {
            Object key = Values.key(entry.key().eval(scope));
            Object value = entry.value().eval(scope);
            if (entry.optional() && value instanceof Maybe maybe) {
                if (!maybe.present()) {
                    continue;
                }
                value = maybe.value();
            }
            if (map.containsKey(key)) {
                throw new Fault("the key " + entry.key().name() + " stands twice in a map");
            }
            map.put(key, Json.compact(value));
        }
        return map;
    }

    @Override
    String name() {
        return "the map";
    }
}
