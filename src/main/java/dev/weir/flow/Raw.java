package dev.weir.flow;

import dev.weir.config.RawValue;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks into values as they were read from YAML. Pure functions. */
final class Raw {
    private Raw() {}

    /** The entries of a map but those without a value, which are as if they were not there; none when it is something else. */
    static Map<String, RawValue> map(RawValue raw) {
        Map<String, RawValue> entries = all(raw);
        entries.values().removeIf(RawValue::isNothing);
        return entries;
    }

    /** All entries of a map, where null may be meant; none when it is something else. */
    static Map<String, RawValue> all(RawValue raw) {
        Map<String, RawValue> entries = new LinkedHashMap<>();
        if (raw.value() instanceof Map<?, ?> given) {
            given.forEach((name, value) -> {
                if (name instanceof String text && value instanceof RawValue entry) {
                    entries.put(text, entry);
                }
            });
        }
        return entries;
    }

    /** The items of a list; the value itself when it is none. */
    static List<RawValue> items(RawValue raw) {
        return raw.value() instanceof List<?> list
                ? list.stream()
                        .filter(RawValue.class::isInstance)
                        .map(RawValue.class::cast)
                        .toList()
                : List.of(raw);
    }

    static boolean isMap(RawValue raw) {
        return raw.value() instanceof Map;
    }

    static boolean isList(RawValue raw) {
        return raw.value() instanceof List;
    }

    /** The same without what is not there, at any depth. */
    static RawValue present(RawValue raw) {
        if (isMap(raw)) {
            Map<String, RawValue> entries = map(raw);
            entries.replaceAll((name, value) -> present(value));
            return new RawValue(entries, raw.at());
        }
        return isList(raw)
                ? new RawValue(
                        items(raw).stream()
                                .filter(item -> !item.isNothing())
                                .map(Raw::present)
                                .toList(),
                        raw.at())
                : raw;
    }

    /** As a JSON value. */
    static @Nullable Object json(RawValue raw) {
        if (isMap(raw)) {
            JsonObject json = new JsonObject();
            all(raw).forEach((name, value) -> json.put(name, json(value)));
            return json;
        }
        if (isList(raw)) {
            JsonArray json = new JsonArray();
            items(raw).forEach(item -> json.add(json(item)));
            return json;
        }
        if (raw.isNothing()) {
            return null;
        }
        return raw.value() instanceof Long whole && whole == whole.intValue() ? (Object) whole.intValue() : raw.value();
    }

    /** What it is, in the words of a problem. */
    static String found(RawValue raw) {
        if (isMap(raw)) {
            return "a map";
        }
        if (isList(raw)) {
            return "a list";
        }
        if (raw.isNothing()) {
            return "nothing";
        }
        return raw.value() instanceof String text ? "the text '" + text + "'" : String.valueOf(raw.value());
    }
}
