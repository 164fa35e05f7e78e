package dev.weir.journal;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Headers as one JSON object, as engines store those that have no column: a string for each name, an array of them for a name that is
 * there several times. On the way of every event, so what is plain is written and read by hand. Owned by one caller.
 */
final class HeaderText {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final MultiMap headers;
    private final List<String> names = new ArrayList<>(4);
    private final StringBuilder out = new StringBuilder(256);
    private boolean several;

    /** @param headers all of the event, asked for the other values of a name */
    HeaderText(MultiMap headers) {
        this.headers = headers;
    }

    /** Writes one header. */
    void add(String name, String value) {
        for (String written : names) {
            if (written.equalsIgnoreCase(name)) {
                several = true;
                return;
            }
        }
        names.add(name);
        out.append(names.size() == 1 ? '{' : ',');
        string(out, name);
        out.append(':');
        string(out, value);
    }

    /** What was written, null when nothing was. */
    @Nullable
    String finish() {
        if (names.isEmpty()) {
            return null;
        }
        return several ? all().encode() : out.append('}').toString();
    }

    private JsonObject all() {
        JsonObject json = new JsonObject();
        for (String name : names) {
            List<String> values = headers.getAll(name);
            json.put(name, values.size() == 1 ? values.get(0) : new JsonArray(List.copyOf(values)));
        }
        return json;
    }

    static void string(StringBuilder out, String value) {
        out.append('"');
        int plain = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                out.append(value, plain, i);
                escaped(out, c);
                plain = i + 1;
            }
        }
        if (plain == 0) {
            // Copied as a whole, where a part goes over letter by letter.
            out.append(value);
        } else {
            out.append(value, plain, value.length());
        }
        out.append('"');
    }

    private static void escaped(StringBuilder out, char c) {
        if (c < 0x20) {
            out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
        } else {
            out.append('\\').append(c);
        }
    }

    /** Adds what was written to other headers. */
    static void read(String json, MultiMap into) {
        if (json.indexOf('\\') >= 0 || json.indexOf('[') >= 0 || !readPlain(json, into)) {
            readAny(json, into);
        }
    }

    /** Strings without escapes and nothing else; false, with nothing added, when it is not written that way. */
    private static boolean readPlain(String json, MultiMap into) {
        int end = json.length() - 1;
        if (end < 1 || json.charAt(0) != '{' || json.charAt(end) != '}') {
            return false;
        }
        List<String> found = new ArrayList<>(8);
        for (int at = 1; at < end; ) {
            int name = json.indexOf('"', at + 1);
            int value = name < 0 ? -1 : json.indexOf('"', name + 3);
            if (value < 0 || !json.startsWith("\":\"", name) || json.charAt(at) != '"') {
                return false;
            }
            found.add(json.substring(at + 1, name));
            found.add(json.substring(name + 3, value));
            at = value + 1;
            if (at < end && json.charAt(at++) != ',') {
                return false;
            }
        }
        for (int i = 0; i < found.size(); i += 2) {
            into.add(found.get(i), found.get(i + 1));
        }
        return true;
    }

    private static void readAny(String json, MultiMap into) {
        for (Map.Entry<String, Object> each : new JsonObject(json)) {
            if (each.getValue() instanceof JsonArray several) {
                several.forEach(value -> into.add(each.getKey(), String.valueOf(value)));
            } else {
                into.add(each.getKey(), String.valueOf(each.getValue()));
            }
        }
    }
}
