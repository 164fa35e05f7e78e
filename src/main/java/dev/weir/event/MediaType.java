package dev.weir.event;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A content type, as far as Weir must understand it.
 *
 * @param essence type and subtype in lower case, without parameters
 * @param charset the parameter {@code charset}, unquoted
 */
record MediaType(String essence, @Nullable String charset) {
    static MediaType of(String contentType) {
        int semicolon = contentType.indexOf(';');
        if (semicolon < 0) {
            return new MediaType(lower(contentType), null);
        }
        return new MediaType(lower(contentType.substring(0, semicolon)), charset(contentType.substring(semicolon + 1)));
    }

    boolean isJson() {
        return essence.equals("application/json") || essence.endsWith("+json") || essence.equals("text/json");
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
