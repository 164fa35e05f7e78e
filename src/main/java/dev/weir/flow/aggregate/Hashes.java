package dev.weir.flow.aggregate;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * 64-bit hashes of values, the same in every process and version, since they are part of what is kept. Values that are equal as JSON
 * have one hash: 1 and 1.0, and objects whatever the order of their fields. Each step ends in the finalizer of MurmurHash3 (Appleby), which
 * spreads every bit over all.
 */
final class Hashes {
    private static final long NULL = 0x6e756c6cL;
    private static final long TEXT = 0x74657874L;
    private static final long DECIMAL = 0x64656369L;
    private static final long LIST = 0x6c697374L;
    private static final long OBJECT = 0x6f626a65L;
    private static final long OTHER = 0x6f746865L;
    private static final long ODD = 0x9e3779b97f4a7c15L; // 2^64 divided by the golden ratio

    private Hashes() {}

    static long ofLong(long value) {
        return mix(value + ODD);
    }

    static long of(@Nullable Object value) {
        if (value == null) {
            return mix(NULL);
        }
        if (value instanceof CharSequence text) {
            return ofText(TEXT, text);
        }
        if (value instanceof Number) {
            Object number = Values.normal(value);
            return number instanceof Long whole
                    ? ofLong(whole)
                    : mix(Double.doubleToLongBits(((Number) number).doubleValue()) ^ DECIMAL);
        }
        return value instanceof Boolean flag ? mix(flag ? 3 : 5) : ofParts(value);
    }

    private static long ofParts(Object value) {
        if (value instanceof JsonObject || value instanceof Map) {
            long sum = OBJECT; // whatever the order
            for (Map.Entry<?, ?> field : Values.fields(value).entrySet()) {
                sum += mix(ofText(OBJECT, String.valueOf(field.getKey())) + of(field.getValue()) * ODD);
            }
            return mix(sum);
        }
        if (value instanceof JsonArray || value instanceof List) {
            long all = LIST;
            for (Object item : Values.items(value)) {
                all = mix(all * ODD + of(item));
            }
            return all;
        }
        Object bytes = value instanceof Buffer buffer ? buffer.getBytes() : value;
        return bytes instanceof byte[] array
                ? ofBytes(array)
                : ofText(OTHER, value.getClass().getSimpleName() + value);
    }

    private static long ofText(long seed, CharSequence text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * ODD;
            hash ^= hash >>> 32;
        }
        return mix(hash + text.length());
    }

    private static long ofBytes(byte[] bytes) {
        long hash = OTHER;
        for (byte one : bytes) {
            hash = (hash ^ one) * ODD;
            hash ^= hash >>> 32;
        }
        return mix(hash + bytes.length);
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
