package dev.weir.flow.aggregate;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values that are kept as they came: JSON values, times, durations and bytes. What JSON does not have is written as an object with one
 * name that begins with {@code $}; an object of a user with such a name is wrapped.
 */
final class Values {
    private static final String TIME = "$time";
    private static final String DURATION = "$duration";
    private static final String BYTES = "$bytes";
    private static final String AS_IS = "$as-is";
    private static final int SHOWN = 80;

    private Values() {}

    /** Throws unless the value can be kept. */
    static void check(String function, @Nullable Object value) {
        if (value instanceof Number && Numbers.read(value) == null) {
            throw new IllegalArgumentException(function + " needs a finite number, found " + value);
        }
        if (!isKnown(value)) {
            throw new IllegalArgumentException(
                    function + " cannot keep " + show(value) + ": it is no JSON value, time or duration");
        }
    }

    private static boolean isKnown(@Nullable Object value) {
        return value == null
                || value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof JsonObject
                || value instanceof JsonArray
                || value instanceof Map
                || value instanceof List
                || value instanceof Instant
                || value instanceof Duration
                || value instanceof Buffer
                || value instanceof byte[];
    }

    /** The same value for all that count as equal: whole numbers as {@code Long} also where they came as decimals. */
    static Object normal(Object value) {
        if (value instanceof Number) {
            Number number = Numbers.read(value);
            if (number instanceof Double decimal && decimal == Math.rint(decimal) && Math.abs(decimal) < 0x1p63) {
                return decimal.longValue();
            }
            return number == null ? value : number;
        }
        if (value instanceof byte[] bytes) {
            return Buffer.buffer(bytes);
        }
        return value instanceof CharSequence ? value.toString() : value;
    }

    /** As JSON that {@link #read} takes. */
    static @Nullable Object write(@Nullable Object value) {
        if (value instanceof Instant time) {
            return new JsonObject().put(TIME, time.toString());
        }
        if (value instanceof Duration duration) {
            return new JsonObject().put(DURATION, duration.toString());
        }
        if (value instanceof Buffer buffer) {
            return write(buffer.getBytes());
        }
        if (value instanceof byte[] bytes) {
            return new JsonObject().put(BYTES, Base64.getEncoder().encodeToString(bytes));
        }
        if (value instanceof JsonObject || value instanceof Map) {
            return writeObject(fields(value));
        }
        if (value instanceof JsonArray || value instanceof List) {
            JsonArray written = new JsonArray();
            items(value).forEach(item -> written.add(write(item)));
            return written;
        }
        return value instanceof CharSequence ? value.toString() : value;
    }

    /** Of a list. */
    static List<?> items(Object list) {
        return list instanceof JsonArray array ? array.getList() : (List<?>) list;
    }

    /** Of an object. */
    static Map<?, ?> fields(Object object) {
        return object instanceof JsonObject json ? json.getMap() : (Map<?, ?>) object;
    }

    private static JsonObject writeObject(Map<?, ?> fields) {
        JsonObject written = new JsonObject();
        boolean wrap = false;
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            String name = String.valueOf(field.getKey());
            wrap |= name.startsWith("$");
            written.put(name, write(field.getValue()));
        }
        return wrap ? new JsonObject().put(AS_IS, written) : written;
    }

    /** What {@link #write} was given; lists and maps come back as JSON. */
    static @Nullable Object read(@Nullable Object json) {
        if (json instanceof JsonArray || json instanceof List) {
            JsonArray read = new JsonArray();
            items(json).forEach(item -> read.add(read(item)));
            return read;
        }
        if (json instanceof JsonObject || json instanceof Map) {
            return readObject(fields(json));
        }
        return json;
    }

    private static Object readObject(Map<?, ?> fields) {
        if (fields.size() == 1) {
            Object name = fields.keySet().iterator().next();
            Object inner = fields.get(name);
            if (TIME.equals(name)) {
                return Instant.parse(String.valueOf(inner));
            }
            if (DURATION.equals(name)) {
                return Duration.parse(String.valueOf(inner));
            }
            if (BYTES.equals(name)) {
                return Buffer.buffer(Base64.getDecoder().decode(String.valueOf(inner)));
            }
            if (AS_IS.equals(name)) {
                return readFields(inner == null ? Map.of() : fields(inner));
            }
        }
        return readFields(fields);
    }

    private static JsonObject readFields(Map<?, ?> fields) {
        JsonObject read = new JsonObject();
        fields.forEach((name, value) -> read.put(String.valueOf(name), read(value)));
        return read;
    }

    /** For messages: texts in quotes, long ones cut. */
    static String show(@Nullable Object value) {
        if (value instanceof Double decimal && decimal == Math.rint(decimal) && Math.abs(decimal) < 1e15) {
            return Long.toString(decimal.longValue());
        }
        String text = String.valueOf(value);
        String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
        return value instanceof CharSequence ? "'" + shown + "'" : shown;
    }
}
