package dev.weir.journal;

import dev.weir.bus.Head;
import java.util.List;

/**
 * What a read found: it covers the offsets after {@code from} up to {@code to}.
 *
 * @param head after the read, so that a floor that moved meanwhile shows
 */
public record Stored(Head head, long from, long to, List<Row> rows) {
    /** A stored event with its place. */
    public record Row(long offset, EventRow event) {}
}
