package dev.weir.bus;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps events that are to be delivered later and delivers them then. What the publisher needs of it; node wiring makes it.
 * Thread-safe; never blocks; answers come on the caller's context.
 */
public interface Delayed {
    /**
     * An event for later. It was checked as if it was to be delivered at once.
     *
     * @param entry complete, without the attributes of the delay
     */
    record Order(Journal.Entry entry, Delay delay) {}

    /** What has become of an event. */
    enum State {
        /** Its time has not come. */
        WAITING,
        /** Its time has come. */
        DELIVERED,
        /** Somebody took it back. */
        CANCELLED
    }

    /**
     * An event that is known here.
     *
     * @param key names it here; events of two producers may have the same id
     * @param due not before
     * @param headers its attributes as on the bus; not to be changed
     * @param bytes size of its data
     */
    record Item(String key, State state, Instant due, MultiMap headers, int bytes) {}

    /**
     * Keeps events for later, all or none.
     *
     * @return once they are durable, when each is due; fails with {@link Refusal}
     */
    Future<List<Receipt>> accept(String address, List<Order> orders);

    /**
     * Those with this id, also such as were delivered or cancelled lately.
     *
     * @param authId whose; null for all, of which 100 are found
     */
    Future<List<Item>> find(String address, String id, @Nullable String authId);

    /**
     * Those that wait on an address, by their time.
     *
     * @param authId whose; null for all
     * @param after the key of the last one that is known, null from the first on
     */
    Future<List<Item>> list(String address, @Nullable String authId, @Nullable String after, int limit);

    /** Takes an event back if it still waits; answers what it is then. */
    Future<State> cancel(String key);
}
