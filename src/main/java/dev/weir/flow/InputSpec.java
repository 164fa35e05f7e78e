package dev.weir.flow;

import dev.weir.bus.StartAt;
import dev.weir.config.Location;
import dev.weir.config.RawValue;
import java.util.List;
import java.util.Set;

/**
 * Where a flow's events come from.
 *
 * @param kind {@code address}, or a kind of source
 * @param name of an address or a pattern; of another input its kind and what tells it from others
 * @param types of events that are taken; empty for all
 * @param start where a flow that has not read a journaled address begins
 * @param options of a source
 */
record InputSpec(String kind, String name, List<String> types, StartAt start, RawValue options, Location at) {
    static final String ADDRESS = "address";

    InputSpec {
        types = List.copyOf(types);
    }

    /** Kinds that each node has its own of, so that a plain flow reads them on every node. */
    private static final Set<String> LOCAL = Set.of("host", "node", "access", "tail");

    /** Kinds that can be read on from where they were. */
    private static final Set<String> RESUMABLE = Set.of("file", "http");

    boolean isLocal() {
        return LOCAL.contains(kind);
    }

    boolean isResumable() {
        return RESUMABLE.contains(kind);
    }

    boolean isAddress() {
        return kind.equals(ADDRESS);
    }
}
