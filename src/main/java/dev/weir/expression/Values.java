package dev.weir.expression;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a value is, and when two are the same. */
final class Values {
    private Values() {}

    /** Names for people. */
    static String kind(@Nullable Object value) {
        return switch (typeName(value)) {
            case "null_type" -> "null";
            case "bool" -> "a boolean";
            case "int", "double" -> "a number";
            case "string" -> "text";
            case "bytes" -> "bytes";
            case "list" -> "a list";
            case "map" -> "an object";
            case "google.protobuf.Timestamp" -> "a timestamp";
            case "google.protobuf.Duration" -> "a duration";
            case "optional_type" -> "an optional, end it with .orValue(...)";
            default -> "a type";
        };
    }

    /** CEL's name of the type. */
    static String typeName(@Nullable Object value) {
        if (value == null) {
            return "null_type";
        } else if (value instanceof Boolean) {
            return "bool";
        } else if (value instanceof Number number) {
            return Numbers.whole(number) ? "int" : "double";
        } else if (value instanceof String) {
            return "string";
        } else if (map(value) != null || value instanceof Fields) {
            return "map";
        } else if (list(value) != null) {
            return "list";
        } else if (value instanceof Instant) {
            return "google.protobuf.Timestamp";
        } else if (value instanceof Duration) {
            return "google.protobuf.Duration";
        } else if (value instanceof Buffer || value instanceof byte[]) {
            return "bytes";
        }
        return value instanceof Maybe ? "optional_type" : "type";
    }

    static @Nullable Map<?, ?> map(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return object.getMap();
        }
        return value instanceof Map<?, ?> map ? map : null;
    }

    static @Nullable List<?> list(@Nullable Object value) {
        if (value instanceof JsonArray array) {
            return array.getList();
        }
        return value instanceof List<?> list ? list : null;
    }

    static Fault notANumber(String name, @Nullable Object value) {
        return new Fault(name + " is " + kind(value) + " where a number is needed"
                + (value instanceof String ? ": write double(" + name + ") or int(" + name + ")" : ""));
    }

    /** Values of different types are different; whole and decimal numbers are compared by value. */
    static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number x) {
            return b instanceof Number y && Numbers.same(x, y);
        } else if (a instanceof String text) {
            return text.equals(b);
        } else if (a == null || a instanceof Boolean) {
            return Objects.equals(a, b);
        }
        return sameOthers(a, b);
    }

    private static boolean sameOthers(Object a, @Nullable Object b) {
        List<?> list = list(a);
        if (list != null) {
            List<?> other = list(b);
            return other != null && sameLists(list, other);
        }
        Map<?, ?> map = map(a);
        if (map != null) {
            Map<?, ?> other = map(b);
            return other != null && sameMaps(map, other);
        } else if (a instanceof Maybe one && b instanceof Maybe other) {
            return one.present() == other.present() && same(one.value(), other.value());
        }
        return a instanceof byte[] bytes ? Buffer.buffer(bytes).equals(bytes(b)) : a.equals(bytes(b));
    }

    private static @Nullable Object bytes(@Nullable Object value) {
        return value instanceof byte[] bytes ? Buffer.buffer(bytes) : value;
    }

    private static boolean sameLists(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameMaps(Map<?, ?> a, Map<?, ?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            if (!b.containsKey(entry.getKey()) || !same(entry.getValue(), b.get(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /** As the key of a map: whole numbers are Long, be they written as decimals or not. */
    static Object key(@Nullable Object key) {
        if (key instanceof String || key instanceof Boolean) {
            return key;
        } else if (key instanceof Number number) {
            double decimal = number.doubleValue();
            return Numbers.whole(number) || decimal == (long) decimal ? (Object) number.longValue() : decimal;
        }
        throw new Fault(kind(key) + " cannot be the key of a map: use text, a whole number or a boolean");
    }

    /** As callers get it: Long and Double, Buffer, no optional. */
    static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Number number) {
            if (number instanceof Long || number instanceof Double) {
                return number;
            }
            return Numbers.whole(number) ? (Object) number.longValue() : (Object) number.doubleValue();
        } else if (value instanceof Maybe maybe) {
            return plain(maybe.value());
        }
        return value instanceof TypeName type ? type.name() : bytes(value);
    }
}
