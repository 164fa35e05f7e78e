package dev.weir.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was read from YAML or the environment, untyped, with the place of every value. */
sealed interface Yaml {
    /** Where it begins. */
    Location at();

    /** What it is, in the words of a problem. */
    String found();

    /** What kind of scalar the text is. */
    enum Kind {
        TEXT,
        QUOTED,
        WHOLE,
        DECIMAL,
        BOOL,
        NOTHING,
        /** From an environment variable, where everything is text: read as whatever is wanted. */
        VARIABLE
    }

    /** One value, as it was spelled. */
    record Scalar(String text, Kind kind, Location at) implements Yaml {
        @Override
        public String found() {
            return switch (kind) {
                case WHOLE, DECIMAL -> "the number " + text;
                case BOOL -> text;
                case NOTHING -> "nothing";
                case TEXT, QUOTED, VARIABLE -> "the text '" + text + "'";
            };
        }

        Object plain() {
            return switch (kind) {
                case WHOLE -> whole();
                case DECIMAL ->
                    Double.parseDouble(text.replace(".inf", "Infinity").replace(".nan", "NaN"));
                case BOOL -> Boolean.parseBoolean(text);
                default -> text;
            };
        }

        private Object whole() {
            try {
                return Long.decode(text.replace("0o", "0"));
            } catch (NumberFormatException e) {
                return Double.parseDouble(text);
            }
        }
    }

    /** A list. */
    record Items(List<Yaml> items, Location at) implements Yaml {
        @Override
        public String found() {
            return "a list";
        }
    }

    /** A map in file order. */
    record Fields(Map<String, Field> fields, Location at) implements Yaml {
        @Override
        public String found() {
            return "a map";
        }

        @Nullable
        Yaml get(String name) {
            Field field = fields.get(name);
            return field == null || isNothing(field.value) ? null : field.value;
        }
    }

    /** One entry of a map: where its key stands, and its value. */
    record Field(Location keyAt, Yaml value) {}

    /** True for a key without a value, which is as if the key were absent. */
    static boolean isNothing(Yaml yaml) {
        return yaml instanceof Scalar scalar && scalar.kind == Kind.NOTHING;
    }

    /** The value with the places of all its parts; keys without a value are left out. */
    static RawValue raw(Yaml yaml) {
        if (yaml instanceof Items list) {
            return new RawValue(list.items.stream().map(Yaml::raw).toList(), list.at);
        }
        if (yaml instanceof Fields map) {
            Map<String, RawValue> values = new LinkedHashMap<>();
            map.fields.forEach((key, field) -> {
                if (!isNothing(field.value)) {
                    values.put(key, raw(field.value));
                }
            });
            return new RawValue(java.util.Collections.unmodifiableMap(values), map.at);
        }
        return new RawValue(((Scalar) yaml).plain(), yaml.at());
    }

    /** The same with {@link RawValue#NOTHING} for what is not there. */
    static RawValue rawWithNothing(Yaml yaml) {
        if (yaml instanceof Items list) {
            return new RawValue(list.items.stream().map(Yaml::rawWithNothing).toList(), list.at);
        }
        if (yaml instanceof Fields map) {
            Map<String, RawValue> values = new LinkedHashMap<>();
            map.fields.forEach((key, field) -> values.put(key, rawWithNothing(field.value)));
            return new RawValue(java.util.Collections.unmodifiableMap(values), map.at);
        }
        return isNothing(yaml) ? new RawValue(RawValue.NOTHING, yaml.at()) : raw(yaml);
    }

    /** The value as strings, numbers, booleans, lists and maps; keys without a value are left out. */
    static Object plain(Yaml yaml) {
        if (yaml instanceof Items list) {
            List<Object> values = new ArrayList<>();
            list.items.forEach(item -> values.add(plain(item)));
            return List.copyOf(values);
        }
        if (yaml instanceof Fields map) {
            Map<String, Object> values = new LinkedHashMap<>();
            map.fields.forEach((key, field) -> {
                if (!isNothing(field.value)) {
                    values.put(key, plain(field.value));
                }
            });
            return java.util.Collections.unmodifiableMap(values);
        }
        return ((Scalar) yaml).plain();
    }
}
