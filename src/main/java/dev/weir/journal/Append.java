package dev.weir.journal;

import dev.weir.bus.Keep;
import java.util.List;

/**
 * Events for one log, in order; all of them are kept or none.
 *
 * @param rows may be empty: then the log is begun if there is none
 */
public record Append(String address, Keep keep, List<EventRow> rows) {
    /** Copies what it is given. */
    public Append {
        rows = List.copyOf(rows);
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
