package dev.weir.flow.stage;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The open windows of a key as JSON: what a journaled flow keeps of them. Pure. */
record WindowJson(WindowMeasures measures) {
    JsonObject write(WindowKey key) {
        JsonArray by = new JsonArray();
        for (@Nullable Object value : key.by) {
            by.add(value);
        }
        JsonArray panes = new JsonArray();
        key.panes.forEach(
                pane -> panes.add(new JsonArray().add(pane.start).add(pane.end).add(measures.write(pane.aggregates))));
        JsonObject json = new JsonObject()
                .put("key", key.key)
                .put("by", by)
                .put("panes", panes)
                .put("next", key.next)
                .put("high", key.high)
                .put("input", key.input);
        put(json, "partition", key.partition == 0 ? null : key.partition);
        put(json, "update", key.updateAt == 0 ? null : key.updateAt);
        put(json, "cause", key.cause);
        put(json, "correlation", key.correlation);
        return json;
    }

    private static void put(JsonObject json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    WindowKey read(Object kept) {
        JsonObject json = (JsonObject) kept;
        JsonArray by = json.getJsonArray("by");
        @Nullable Object[] values = new @Nullable Object[by.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = by.getValue(i);
        }
        WindowKey key = new WindowKey(json.getString("key"), values);
        for (Object item : json.getJsonArray("panes")) {
            JsonArray pane = (JsonArray) item;
            key.panes.add(new WindowPane(pane.getLong(0), pane.getLong(1), measures.read(pane.getJsonArray(2))));
        }
        key.next = json.getLong("next");
        key.high = json.getLong("high");
        key.input = json.getString("input");
        key.partition = json.getInteger("partition", 0);
        key.updateAt = json.getLong("update", 0L);
        key.cause = json.getString("cause");
        key.correlation = json.getString("correlation");
        return key;
    }
}
