package dev.weir.node;

import dev.weir.bus.Addresses;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.metrics.EventBusMetrics;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many consumers this node's event bus has on each address, those of one's own edges included: Vert.x tells it as it would
 * tell metrics, so that a census needs neither the cluster nor a consumer of its own. Told of registrations and of what is discarded,
 * never of an event that is delivered. Thread-safe.
 */
final class BusListeners implements EventBusMetrics<String> {
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final LongAdder discarded = new LongAdder();

    /** Lets the Vert.x instance that is built count its consumers. */
    static VertxBuilder install(VertxBuilder builder) {
        return builder.withMetrics(options -> new VertxMeters());
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
    public String handlerRegistered(String address) {
        String shown = Addresses.shown(address);
        if (shown != null) {
            counts.merge(shown, 1, Integer::sum);
        }
        return shown == null ? address : shown;
    }

    @Override
    public void handlerUnregistered(String address) {
        counts.computeIfPresent(address, (key, n) -> n > 1 ? n - 1 : null);
    }

    @Override
    public void discardMessage(String address, boolean local, Message<?> message) {
        discarded.increment();
    }
}
