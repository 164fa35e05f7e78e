package dev.weir.bus;

import java.util.List;

/**
 * A stretch of a log. It covers the offsets after {@code from} up to {@code to}; those that are not among the events were
 * compacted or deleted. Immutable.
 *
 * @param from exclusive
 * @param to inclusive
 * @param head of the log when it was read
 */
public record Kept(String address, Head head, long from, long to, List<KeptEvent> events) {
    /** Copies what it is given. */
    public Kept {
        events = List.copyOf(events);
    }
}
