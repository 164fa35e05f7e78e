package dev.weir.node;

import dev.weir.bus.Addresses;
import dev.weir.bus.BusCensus;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.metrics.EventBusMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many consumers this node's event bus has on each address, those of one's own edges included, and which verticle has them: Vert.x
 * tells it as it would tell metrics, so that a census needs neither the cluster nor a consumer of its own. An event that is delivered
 * costs one adder. Thread-safe.
 */
final class BusListeners implements EventBusMetrics<BusListeners.Place>, BusCensus {
    /** The consumers of one deployment on one address; {@code shown} is null for the internal wire. */
    static final class Place {
        private final @Nullable String shown;
        private final @Nullable String deployment;
        private final LongAdder consumers = new LongAdder();
        private final LongAdder delivered = new LongAdder();

        private Place(@Nullable String shown, @Nullable String deployment) {
            this.shown = shown;
            this.deployment = deployment;
        }
    }

    private record Key(String address, String deployment) {}

    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final Map<Key, Place> places = new ConcurrentHashMap<>();
    private final Place internal = new Place(null, null);
    private final LongAdder discarded = new LongAdder();

    /** Lets the Vert.x instance that is built count its consumers. */
    static VertxBuilder install(VertxBuilder builder) {
        return VertxMeters.install(builder);
    }

    /** The counts of an instance, empty when it was not built to count. */
    static Optional<BusListeners> of(Vertx vertx) {
        return VertxMeters.of(vertx).map(VertxMeters::listeners);
    }

    /** Consumers by address, of one address when it is given. Without the internal wire. */
    JsonObject count(@Nullable String address) {
        JsonObject found = new JsonObject();
        if (address == null) {
            counts.forEach(found::put);
        } else if (has(address)) {
            found.put(address, counts.getOrDefault(address, 0));
        }
        return found;
    }

    /** Whether somebody of this node listens to an address or a pattern. */
    boolean has(String address) {
        return counts.containsKey(address);
    }

    /** Consumers on addresses and patterns, those of the edges included. */
    long all() {
        return counts.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** Messages that consumers have lost since start, because they were paused and had 1000 waiting. */
    LongAdder discarded() {
        return discarded;
    }

    @Override
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        places.forEach((key, place) -> entries.add(
                new Entry(key.address, place.deployment, place.consumers.intValue(), place.delivered.sum())));
        return entries;
    }

    @Override
    public Place handlerRegistered(String address) {
        String shown = Addresses.shown(address);
        if (shown == null) {
            return internal;
        }
        counts.merge(shown, 1, Integer::sum);
        Context context = Vertx.currentContext();
        String deployment = context == null ? null : context.deploymentID();
        Key key = new Key(shown, deployment == null ? "" : deployment);
        Place[] place = new Place[1];
        // Within the map's lock, so that the last one to leave does not take the place of one that comes.
        places.compute(key, (same, known) -> {
            place[0] = known == null ? new Place(shown, deployment) : known;
            place[0].consumers.increment();
            return place[0];
        });
        return place[0];
    }

    @Override
    public void handlerUnregistered(Place place) {
        if (place.shown == null) {
            return;
        }
        counts.computeIfPresent(place.shown, (key, n) -> n > 1 ? n - 1 : null);
        Key key = new Key(place.shown, place.deployment == null ? "" : place.deployment);
        places.computeIfPresent(key, (same, known) -> {
            known.consumers.decrement();
            return known.consumers.sum() > 0 ? known : null;
        });
    }

    @Override
    public void messageDelivered(Place place, boolean local) {
        if (place.shown != null) {
            place.delivered.increment();
        }
    }

    @Override
    public void discardMessage(Place place, boolean local, Message<?> message) {
        discarded.increment();
    }
}
