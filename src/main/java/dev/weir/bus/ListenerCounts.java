package dev.weir.bus;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many listeners the emitters of a node have beyond the first, by address and verticle: an emitter has one consumer on the bus
 * however many they are. Thread-safe.
 */
public final class ListenerCounts implements Shareable {
    private static final String KEY = "listeners";

    /** The listeners of one verticle on one address. */
    public record Place(String address, String deployment) {}

    private final Map<Place, LongAdder> counts = new ConcurrentHashMap<>();

    /** Those of the node that runs in this Vert.x instance; of an instance without one, others that nobody reads. */
    public static ListenerCounts of(Vertx vertx) {
        ListenerCounts shared = vertx.sharedData()
                .<String, ListenerCounts>getLocalMap(Publisher.SHARED_MAP)
                .get(KEY);
        return shared == null ? new ListenerCounts() : shared;
    }

    /** Leaves these where {@link #of} finds them. */
    public ListenerCounts share(Vertx vertx) {
        vertx.sharedData()
                .<String, ListenerCounts>getLocalMap(Publisher.SHARED_MAP)
                .put(KEY, this);
        return this;
    }

    /** The count of one place, to be changed by whoever has the listeners. */
    public LongAdder at(String address, @Nullable String deployment) {
        return counts.computeIfAbsent(
                new Place(address, Objects.requireNonNullElse(deployment, "")), place -> new LongAdder());
    }

    /**
     * Those that have any. What verticles had that are gone is forgotten, since nobody removes the listeners of a verticle that ends.
     *
     * @param deployed ids of all verticles
     */
    public Map<Place, Integer> of(Set<String> deployed) {
        counts.keySet().removeIf(place -> !place.deployment.isEmpty() && !deployed.contains(place.deployment));
        Map<Place, Integer> some = new HashMap<>();
        counts.forEach((place, count) -> {
            if (count.sum() > 0) {
                some.put(place, count.intValue());
            }
        });
        return some;
    }
}
