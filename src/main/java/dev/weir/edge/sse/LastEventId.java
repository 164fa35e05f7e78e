package dev.weir.edge.sse;

import dev.weir.bus.Position;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a client that comes back was: {@code Last-Event-ID} as {@link Positions} wrote it. Immutable.
 *
 * @param single the position of whichever address it is one of, where the id names none
 * @param each positions by address
 * @param broken whether there is one that says nothing of where the client was, so that something may be missed
 */
record LastEventId(@Nullable Position single, Map<String, Position> each, boolean broken) {
    private static final LastEventId NONE = new LastEventId(null, Map.of(), false);
    private static final LastEventId BROKEN = new LastEventId(null, Map.of(), true);

    /** Reads the header. An id that is no position may be a damaged one, or of a time when nothing was kept. */
    static LastEventId parse(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return NONE;
        }
        if (header.indexOf('=') < 0) {
            Position single = Position.parse(header.trim());
            return single == null ? BROKEN : new LastEventId(single, Map.of(), false);
        }
        if (header.length() > Positions.MOST_CHARACTERS) {
            return BROKEN;
        }
        Map<String, Position> each = new HashMap<>();
        for (String pair : header.trim().split(",", -1)) {
            int equals = pair.indexOf('=');
            boolean one = equals > 0 && equals == pair.lastIndexOf('=');
            Position position = one ? Position.parse(pair.substring(equals + 1)) : null;
            if (position == null || each.put(pair.substring(0, equals), position) != null) {
                return BROKEN;
            }
        }
        return new LastEventId(null, Map.copyOf(each), false);
    }

    /** The position from which to go on at an address; null where the client named none. */
    @Nullable
    Position of(String address) {
        return single == null ? each.get(address) : single;
    }
}
