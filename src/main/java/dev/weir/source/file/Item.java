package dev.weir.source.file;

import org.jspecify.annotations.Nullable;

/**
 * One record of a file, or what was wrong with it.
 *
 * @param data a JSON value; null also when the record is bad
 * @param key the event's key
 * @param timeMillis when it happened, milliseconds since 1970; 0 when the layout names no time
 * @param end the bytes of the file up to its end, uncompressed
 * @param fault null when it could be read
 */
public record Item(
        @Nullable Object data,
        @Nullable String key,
        long timeMillis,
        long end,
        @Nullable Fault fault) {
    /**
     * What could not be read.
     *
     * @param place file and line
     * @param error what is wrong, and how to mend it where that is known
     */
    public record Fault(String place, String error) {}

    static Item bad(String place, String error, long end) {
        return new Item(null, null, 0, end, new Fault(place, error));
    }
}
