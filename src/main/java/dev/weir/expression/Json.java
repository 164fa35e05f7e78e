package dev.weir.expression;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as the data of an event. */
final class Json {
    private Json() {}

    /** Whole numbers as a JSON reader makes them, so that what was calculated equals what was read. */
    static @Nullable Object compact(@Nullable Object value) {
        return value instanceof Long whole && whole.intValue() == whole ? (Object) whole.intValue() : value;
    }

    static @Nullable Object of(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return new JsonObject(ready(map) ? strings(map) : copy(map));
        } else if (value instanceof List<?> list) {
            return new JsonArray(ready(list) ? list : copy(list));
        } else if (value instanceof Fields fields) {
            return new JsonObject(copy(fields));
        }
        return scalar(value);
    }

    @SuppressWarnings("unchecked") // ready() has seen that all keys are strings
    private static Map<String, @Nullable Object> strings(Map<?, ?> map) {
        return (Map<String, @Nullable Object>) map;
    }

    private static @Nullable Object scalar(@Nullable Object value) {
        if (value instanceof Double || value instanceof Float) {
            double decimal = ((Number) value).doubleValue();
            if (Double.isNaN(decimal) || Double.isInfinite(decimal)) {
                throw new ExpressionException(
                        "", decimal + " is no value in JSON: guard the division, or choose a value with ? :");
            }
            return value;
        } else if (value instanceof Instant at) {
            return Times.text(at);
        } else if (value instanceof Duration duration) {
            return Times.text(duration);
        } else if (value instanceof TypeName type) {
            return type.name();
        } else if (value instanceof Maybe maybe) {
            return of(maybe.value());
        }
        return value instanceof byte[] bytes ? Buffer.buffer(bytes) : compact(value);
    }

    /** Whether a map or list is JSON already, so that nothing need be copied. */
    private static boolean ready(@Nullable Object value) {
        if (value instanceof String || value instanceof Integer || value == null || value instanceof Boolean) {
            return true;
        } else if (value instanceof Long whole) {
            return whole.intValue() != whole;
        } else if (value instanceof Double decimal) {
            return !decimal.isNaN() && !decimal.isInfinite();
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getKey() instanceof String) || !ready(entry.getValue())) {
                    return false;
                }
            }
            return true;
        } else if (value instanceof List<?> list) {
            for (Object each : list) {
                if (!ready(each)) {
                    return false;
                }
            }
            return true;
        }
        return value instanceof JsonObject || value instanceof JsonArray || value instanceof Buffer;
    }

    private static Map<String, @Nullable Object> copy(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), of(value)));
        return copy;
    }

    private static Map<String, @Nullable Object> copy(Fields fields) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        for (String name : fields.names()) {
            if (fields.has(name)) {
                copy.put(name, of(fields.field(name)));
            }
        }
        return copy;
    }

    private static List<@Nullable Object> copy(List<?> list) {
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        for (Object each : list) {
            copy.add(of(each));
        }
        return copy;
    }
}
