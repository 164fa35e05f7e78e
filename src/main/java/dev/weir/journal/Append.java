package dev.weir.journal;

import dev.weir.bus.Keep;
import java.util.List;

/**
 * Events for one log, in order; all of them are kept or none.
 *
 * @param rows may be empty: then the log is begun if there is none
 * @param delayed when the rows are events whose time has come, the key of each in {@link DelayedStore}: with the append it is
 *     delivered. One that is not waiting there any more is left out and has no offset in the {@link Outcome}. Else empty
 */
public record Append(String address, Keep keep, List<EventRow> rows, List<String> delayed) {
    /** Copies what it is given. */
    public Append {
        rows = List.copyOf(rows);
        delayed = List.copyOf(delayed);
    }

    /** Events of now. */
    public Append(String address, Keep keep, List<EventRow> rows) {
        this(address, keep, rows, List.of());
    }

    /** Roughly how many bytes its events take. */
    public long bytes() {
        long bytes = 0;
        for (EventRow row : rows) {
            bytes += row.size();
        }
        return bytes;
    }
}
