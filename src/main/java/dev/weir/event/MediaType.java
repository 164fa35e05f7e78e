package dev.weir.event;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A content type, as far as Weir must understand it.
 *
 * @param essence type and subtype in lower case, without parameters
 * @param charset the parameter {@code charset}, unquoted
 */
public record MediaType(String essence, @Nullable String charset) {
    /** Reads a content type; whatever it is, it never fails. */
    public static MediaType of(String contentType) {
        int semicolon = contentType.indexOf(';');
        if (semicolon < 0) {
            return new MediaType(lower(contentType), null);
        }
        return new MediaType(lower(contentType.substring(0, semicolon)), charset(contentType.substring(semicolon + 1)));
    }

    /** Whether it is JSON, or something written in JSON. */
    public boolean isJson() {
        return essence.equals("application/json") || essence.endsWith("+json") || essence.equals("text/json");
    }

    /** Whether its charset is UTF-8, or not said. */
    public boolean isUtf8() {
        return charset == null || charset.equalsIgnoreCase("utf-8");
    }

    boolean isText() {
        return essence.startsWith("text/");
    }

    private static @Nullable String charset(String parameters) {
        int from = 0;
        while (from < parameters.length()) {
            int semicolon = parameters.indexOf(';', from);
            int to = semicolon < 0 ? parameters.length() : semicolon;
            int equals = parameters.indexOf('=', from);
            if (equals > 0
                    && equals < to
                    && lower(parameters.substring(from, equals)).equals("charset")) {
                return unquoted(parameters.substring(equals + 1, to).trim());
            }
            from = to + 1;
        }
        return null;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static String lower(String text) {
        return text.trim().toLowerCase(Locale.ROOT);
    }
}
