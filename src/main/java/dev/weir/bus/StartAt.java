package dev.weir.bus;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Where a new subscription begins.
 *
 * @param end with the next event
 * @param position behind this position, null for none
 * @param millis with the first event kept at this time or later, milliseconds since 1970; null for none
 */
public record StartAt(
        boolean end, @Nullable Position position, @Nullable Long millis) {
    /** With the oldest event that is kept. */
    public static final StartAt BEGINNING = new StartAt(false, null, null);

    /** With the next event. */
    public static final StartAt END = new StartAt(true, null, null);

    /** Reads {@code beginning}, {@code end}, a position or an RFC 3339 time; null when the text is none of them. */
    public static @Nullable StartAt parse(String text) {
        if ("beginning".equals(text)) {
            return BEGINNING;
        }
        if ("end".equals(text)) {
            return END;
        }
        try {
            // First, since an offset from UTC looks like the offset of a position.
            return new StartAt(
                    false, null, OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeException | ArithmeticException noTime) {
            Position position = Position.parse(text);
            return position == null ? null : new StartAt(false, position, null);
        }
    }
}
