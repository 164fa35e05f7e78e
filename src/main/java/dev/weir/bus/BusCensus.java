package dev.weir.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who consumes from the event bus of this node, and how much. Thread-safe, answers out of memory. */
@FunctionalInterface
public interface BusCensus {
    /** Where nobody counts. */
    BusCensus NONE = List::of;

    /**
     * The consumers that one deployment has on one address.
     *
     * @param address as users call it: an address, a pattern, or the journaled address whose log is followed
     * @param deployment the id of the verticle that registered them, null for code outside any
     * @param consumers how many there are now
     * @param delivered messages that they and those before them were given; of a log each stretch counts once
     */
    record Entry(String address, @Nullable String deployment, int consumers, long delivered) {}

    /** All there are now. */
    List<Entry> entries();
}
