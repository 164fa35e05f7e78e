package dev.weir.observe.tap;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which parts of an event a tap shows: attributes by their names, its data or what stands at paths in it. Immutable. */
final class Selection {
    /** Everything. */
    static final Selection ALL = new Selection(List.of());

    private static final String DATA = "data";

    private final Set<String> attributes = new TreeSet<>();
    private final List<List<String>> paths = new ArrayList<>();
    private final boolean all;
    private boolean allData;

    /** @param fields such as {@code subject}, {@code data}, {@code data.amount}; none for everything */
    Selection(List<String> fields) {
        this.all = fields.isEmpty();
        for (String field : fields) {
            if (field.equals(DATA)) {
                allData = true;
            } else if (field.startsWith(DATA + ".")) {
                paths.add(List.of(field.substring(DATA.length() + 1).split("\\.", -1)));
            } else {
                attributes.add(field);
            }
        }
    }

    boolean hasAttribute(String name) {
        return all || attributes.contains(name);
    }

    boolean hasHeaders() {
        return all;
    }

    /** Whether data is shown as it is; otherwise only what {@link #of} leaves of it. */
    boolean hasAllData() {
        return all || allData;
    }

    /** What is shown of data, in its shape; null where nothing is. */
    @Nullable
    JsonObject of(@Nullable Object data) {
        JsonObject shown = new JsonObject();
        for (List<String> path : paths) {
            put(shown, data, path);
        }
        return shown.isEmpty() ? null : shown;
    }

    private static void put(JsonObject into, @Nullable Object from, List<String> path) {
        if (!(from instanceof JsonObject object) || !object.containsKey(path.get(0))) {
            return;
        }
        String name = path.get(0);
        Object value = object.getValue(name);
        if (path.size() == 1) {
            into.put(name, value);
        } else if (value instanceof JsonObject) {
            JsonObject below = into.getValue(name) instanceof JsonObject known ? known : new JsonObject();
            put(below, value, path.subList(1, path.size()));
            if (!below.isEmpty()) {
                into.put(name, below);
            }
        }
    }
}
