package dev.weir.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads plain JSON, for {@link QuickJson}. Owned by one caller. */
final class QuickJsonReader {
    /** Instead of a value: somebody else should look at this text. */
    static final Object UNUSUAL = new Object();

    private static final int MOST_CHARS = 32 * 1024;
    private static final int MOST_DEPTH = 50;
    private static final int MOST_DIGITS = 15;
    private static final int NAMES = 256;

    /** Names come again and again. Threads may overwrite each other's: then a name is made once more. */
    private static final @Nullable String[] KNOWN = new String[NAMES];

    private final String text;
    private final int length;
    private int at;

    private QuickJsonReader(String text) {
        this.text = text;
        this.length = text.length();
    }

    /** The value, with objects and arrays as Vert.x has them, or {@link #UNUSUAL}. */
    static @Nullable Object read(String text) {
        if (text.length() > MOST_CHARS) {
            return UNUSUAL;
        }
        QuickJsonReader reader = new QuickJsonReader(text);
        reader.blanks();
        Object value = reader.value(0);
        reader.blanks();
        if (value == UNUSUAL || reader.at < reader.length) {
            return UNUSUAL;
        }
        return value instanceof List<?> list ? new JsonArray(list) : object(value);
    }

    @SuppressWarnings("unchecked") // Only this class made it.
    private static @Nullable Object object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? new JsonObject((Map<String, Object>) map) : value;
    }

    private int peek() {
        return at < length ? text.charAt(at) : -1;
    }

    private void blanks() {
        for (int c = peek(); c == ' ' || c == '\n' || c == '\r' || c == '\t'; c = peek()) {
            at++;
        }
    }

    private @Nullable Object value(int depth) {
        int c = peek();
        if (depth > MOST_DEPTH) {
            return UNUSUAL;
        }
        return switch (c) {
            case '{' -> map(depth);
            case '[' -> list(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> c == '-' || isDigit(c) ? number() : UNUSUAL;
        };
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            return UNUSUAL;
        }
        at += word.length();
        return value;
    }

    private Object map(int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        at++;
        if (ends('}')) {
            return map;
        }
        do {
            blanks();
            String name = name();
            blanks();
            if (name == null || peek() != ':') {
                return UNUSUAL;
            }
            at++;
            blanks();
            Object value = value(depth + 1);
            if (value == UNUSUAL) {
                return UNUSUAL;
            }
            map.put(name, value);
        } while (goesOn());
        return ends('}') ? map : UNUSUAL;
    }

    private Object list(int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        at++;
        if (ends(']')) {
            return list;
        }
        do {
            blanks();
            Object value = value(depth + 1);
            if (value == UNUSUAL) {
                return UNUSUAL;
            }
            list.add(value);
        } while (goesOn());
        return ends(']') ? list : UNUSUAL;
    }

    private boolean ends(char end) {
        blanks();
        if (peek() != end) {
            return false;
        }
        at++;
        return true;
    }

    private boolean goesOn() {
        blanks();
        if (peek() != ',') {
            return false;
        }
        at++;
        return true;
    }

    private Object string() {
        int begin = ++at;
        while (at < length) {
            char c = text.charAt(at);
            if (c == '"') {
                return text.substring(begin, at++);
            }
            if (c == '\\') {
                return escaped(begin);
            }
            if (c < 0x20) {
                return UNUSUAL;
            }
            at++;
        }
        return UNUSUAL;
    }

    private Object escaped(int begin) {
        StringBuilder out = new StringBuilder(length - begin).append(text, begin, at);
        while (at < length) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c < 0x20) {
                return UNUSUAL;
            }
            int meant = c == '\\' ? meant(peek()) : c;
            if (meant < 0) {
                return UNUSUAL;
            }
            at += c == '\\' ? 1 : 0;
            out.append((char) meant);
        }
        return UNUSUAL;
    }

    private static int meant(int escape) {
        return switch (escape) {
            case '"', '\\', '/' -> escape;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> -1;
        };
    }

    private @Nullable String name() {
        if (peek() != '"') {
            return null;
        }
        int end = text.indexOf('"', at + 1);
        if (end > at + 1) {
            int size = end - at - 1;
            int place = (size * 31 + text.charAt(at + 1) * 7 + text.charAt(end - 1)) % NAMES;
            String known = KNOWN[place];
            if (known != null && known.length() == size && text.startsWith(known, at + 1)) {
                at = end + 1;
                return known;
            }
            String fresh = string() instanceof String read ? read : null;
            if (fresh != null && at == end + 1) {
                KNOWN[place] = fresh;
            }
            return fresh;
        }
        return string() instanceof String read ? read : null;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** Whole numbers, and fractions without an exponent; as long as nobody can be of another opinion of their value. */
    private Object number() {
        int begin = at;
        boolean negative = peek() == '-';
        at += negative ? 1 : 0;
        int first = at;
        long whole = 0;
        for (; isDigit(peek()); at++) {
            whole = whole * 10 + (peek() - '0');
        }
        int digits = at - first;
        boolean plain = digits > 0 && digits <= MOST_DIGITS && (digits == 1 || text.charAt(first) != '0');
        if (!plain || peek() == 'e' || peek() == 'E') {
            return UNUSUAL;
        }
        if (peek() == '.') {
            return fraction(begin, first);
        }
        long value = negative ? -whole : whole;
        if (value == (int) value) {
            return (int) value;
        }
        return value;
    }

    private Object fraction(int begin, int first) {
        int point = at++;
        while (isDigit(peek())) {
            at++;
        }
        boolean plain = at > point + 1 && at - first <= MOST_DIGITS && peek() != 'e' && peek() != 'E';
        return plain ? (Object) Double.parseDouble(text.substring(begin, at)) : UNUSUAL;
    }
}
