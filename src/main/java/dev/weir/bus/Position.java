package dev.weir.bus;

import org.jspecify.annotations.Nullable;

/**
 * A place in a log, always exclusive: the last event seen. Written {@code <epoch>:<offset>}.
 *
 * @param epoch names the log's incarnation
 * @param offset 0 or more
 */
public record Position(String epoch, long offset) {
    private static final int MOST_DIGITS = 18;

    /** Reads a position; null when the text is none. */
    public static @Nullable Position parse(@Nullable String text) {
        int colon = text == null ? -1 : text.lastIndexOf(':');
        if (text == null || colon < 1 || colon == text.length() - 1 || text.length() - colon - 1 > MOST_DIGITS) {
            return null;
        }
        for (int i = colon + 1; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        return new Position(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return epoch + ":" + offset;
    }
}
