package dev.weir.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes plain JSON, for {@link QuickJson}. Owned by one caller. */
final class QuickJsonWriter {
    private static final int MOST_DEPTH = 50;
    private static final int FIRST_BYTES = 320;

    /** From how many letters on looking at eight at once pays. */
    private static final int LONG = 24;

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long HIGH = 0x8080_8080_8080_8080L;

    private byte[] out = new byte[FIRST_BYTES];
    private int size;

    private QuickJsonWriter() {}

    /** The text in UTF-8; null when somebody else should look at this value. */
    static byte @Nullable [] write(@Nullable Object value) {
        QuickJsonWriter writer = new QuickJsonWriter();
        return writer.value(value, 0) ? Arrays.copyOf(writer.out, writer.size) : null;
    }

    private boolean value(@Nullable Object value, int depth) {
        if (depth > MOST_DEPTH) {
            return false;
        }
        if (value instanceof String text) {
            return string(text);
        }
        if (value instanceof JsonObject object) {
            return map(object.getMap(), depth);
        }
        if (value instanceof Map<?, ?> map) {
            return map(map, depth);
        }
        if (value instanceof JsonArray array) {
            return list(array.getList(), depth);
        }
        return value instanceof List<?> list ? list(list, depth) : simple(value);
    }

    private boolean simple(@Nullable Object value) {
        boolean finite = value instanceof Double number && Double.isFinite(number);
        if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long || finite) {
            ascii(String.valueOf(value));
            return true;
        }
        return false;
    }

    private boolean map(Map<?, ?> map, int depth) {
        char before = '{';
        for (Map.Entry<?, ?> each : map.entrySet()) {
            put(before);
            before = ',';
            if (!(each.getKey() instanceof String name) || !string(name)) {
                return false;
            }
            put(':');
            if (!value(each.getValue(), depth + 1)) {
                return false;
            }
        }
        if (before == '{') {
            put('{');
        }
        put('}');
        return true;
    }

    private boolean list(List<?> list, int depth) {
        char before = '[';
        for (Object each : list) {
            put(before);
            before = ',';
            if (!value(each, depth + 1)) {
                return false;
            }
        }
        if (before == '[') {
            put('[');
        }
        put(']');
        return true;
    }

    private boolean string(String text) {
        int length = text.length();
        room(length * 3 + 2);
        out[size++] = '"';
        for (int i = plain(text); i < length; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                out[size++] = (byte) c;
            } else if (!special(c)) {
                return false;
            }
        }
        out[size++] = '"';
        return true;
    }

    /** Writes what the text begins with as far as it needs no look; how many letters that is. */
    private int plain(String text) {
        int length = text.length();
        if (length >= LONG) {
            // The library copies text without looking at each letter where it can, and eight bytes are looked at at
            // once.
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int plain = bytes.length == length ? plainBytes(bytes) : 0;
            System.arraycopy(bytes, 0, out, size, plain);
            size += plain;
            return plain;
        }
        byte[] into = out;
        int from = size;
        int i = 0;
        for (; i < length && isPlain(text.charAt(i)); i++) {
            into[from + i] = (byte) text.charAt(i);
        }
        size = from + i;
        return i;
    }

    /**
     * How many bytes come before the first group of eight with one below 0x20, above 0x7f, or that is a quote, a backslash or a
     * question mark, which half of a pair of chars becomes as well. By the borrow out of each byte, as in "Hacker's Delight" 6-1.
     */
    private static int plainBytes(byte[] bytes) {
        int i = 0;
        for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
            long eight = (long) EIGHT.get(bytes, i);
            long odd = (eight - EACH * 0x20) | below(eight, '"') | below(eight, '\\') | below(eight, '?') | eight;
            if ((odd & HIGH) != 0) {
                return i;
            }
        }
        return i;
    }

    private static long below(long eight, char wanted) {
        return (eight ^ EACH * wanted) - EACH;
    }

    private static boolean isPlain(char c) {
        return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
    }

    /** Escapes and letters beyond ASCII; not those of which two chars make one. */
    private boolean special(char c) {
        char escape = escape(c);
        if (escape != 0) {
            out[size++] = '\\';
            out[size++] = (byte) escape;
        } else if (c < 0x20 || Character.isSurrogate(c)) {
            return false;
        } else if (c < 0x800) {
            out[size++] = (byte) (0xc0 | (c >> 6));
            out[size++] = (byte) (0x80 | (c & 0x3f));
        } else {
            out[size++] = (byte) (0xe0 | (c >> 12));
            out[size++] = (byte) (0x80 | ((c >> 6) & 0x3f));
            out[size++] = (byte) (0x80 | (c & 0x3f));
        }
        return true;
    }

    private static char escape(char c) {
        return switch (c) {
            case '"', '\\' -> c;
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            default -> 0;
        };
    }

    private void ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            out[size++] = (byte) text.charAt(i);
        }
    }

    private void put(char c) {
        room(1);
        out[size++] = (byte) c;
    }

    private void room(int more) {
        if (size + more > out.length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, size + more));
        }
    }
}
