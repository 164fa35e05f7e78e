package dev.weir.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Writes {@code docs/weir.schema.json}, a JSON Schema (draft 2020-12) of the configuration for editors. Stateless. */
public final class ConfigSchema {
    private ConfigSchema() {}

    /**
     * The schema as indented JSON.
     *
     * @param source the schema of one item of {@code sources:}
     */
    public static String json(JsonObject source) {
        JsonObject schema = new JsonObject()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", "Weir configuration");
        schema.mergeIn(object(WeirConfig.class));
        schema.getJsonObject("properties").getJsonObject("sources").put("items", source);
        return schema.encodePrettily() + "\n";
    }

    private static JsonObject object(Class<?> type) {
        JsonObject properties = new JsonObject();
        JsonArray required = new JsonArray();
        for (Key key : Key.of(type)) {
            properties.put(key.name(), described(key));
            if (key.required()) {
                required.add(key.name());
            }
        }
        // A key without a value counts as absent, hence null beside object.
        JsonObject object = new JsonObject()
                .put("type", new JsonArray().add("object").add("null"))
                .put("additionalProperties", false)
                .put("properties", properties);
        return required.isEmpty() ? object : object.put("required", required);
    }

    private static JsonObject described(Key key) {
        JsonObject schema = key.type() == List.class
                ? new JsonObject()
                        .put("type", new JsonArray().add("array").add("null"))
                        .put("items", value(key, key.element()))
                : value(key, key.type());
        schema.put("description", key.doc());
        if (!key.example().isEmpty()) {
            schema.put("examples", new JsonArray().add(key.example()));
        }
        String text = key.defaultText();
        if (text != null && key.type() != List.class && !key.isRaw()) {
            schema.put("default", key.type() == int.class ? Integer.valueOf(text) : text);
        }
        return schema;
    }

    private static JsonObject value(Key key, Class<?> type) {
        if (Key.isSection(type)) {
            return object(type);
        }
        if (type == SourceConfig.class) {
            return new JsonObject().put("type", "object");
        }
        if (type == RawValue.class) {
            return new JsonObject();
        }
        if (type == Map.class) {
            return new JsonObject().put("type", "object");
        }
        return scalar(key, type);
    }

    private static JsonObject scalar(Key key, Class<?> type) {
        if (type.isEnum()) {
            return new JsonObject().put("enum", Scalars.names(type));
        }
        if (type == Duration.class) {
            return pattern("^\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)$");
        }
        if (type == Rate.class) {
            return pattern("^\\d+(\\.\\d+)?\\s*/\\s*(s|m|h)$");
        }
        if (type == ByteSize.class) {
            return pattern("^\\d+\\s*(B|KiB|MiB|GiB|kB|MB|GB)?$")
                    .put("type", new JsonArray().add("string").add("integer"));
        }
        if (type == String.class || type == boolean.class) {
            return new JsonObject().put("type", type == boolean.class ? "boolean" : "string");
        }
        JsonObject number = new JsonObject().put("type", type == double.class ? "number" : "integer");
        Range range = key.range();
        return range == null ? number : number.put("minimum", range.min()).put("maximum", range.max());
    }

    private static JsonObject pattern(String pattern) {
        return new JsonObject().put("type", "string").put("pattern", pattern);
    }
}
