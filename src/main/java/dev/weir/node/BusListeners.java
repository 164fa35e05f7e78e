package dev.weir.node;

import dev.weir.bus.Addresses;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.metrics.EventBusMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many consumers this node's event bus has on each address, those of one's own edges included: Vert.x tells it as it would
 * tell metrics, so that a census needs neither the cluster nor a consumer of its own. Thread-safe.
 */
final class BusListeners implements VertxMetrics, EventBusMetrics<String> {
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    private BusListeners() {}

    /** Lets the Vert.x instance that is built count its consumers. */
    static VertxBuilder install(VertxBuilder builder) {
        return builder.withMetrics(options -> new BusListeners());
    }

    /** The counts of an instance, empty when it was not built to count. */
    static Optional<BusListeners> of(Vertx vertx) {
        return ((VertxInternal) vertx).metrics() instanceof BusListeners own ? Optional.of(own) : Optional.empty();
    }

    /** Consumers by address, of one address when it is given. Without the internal wire. */
    JsonObject count(@Nullable String address) {
        JsonObject found = new JsonObject();
        if (address == null) {
            counts.forEach(found::put);
        } else if (counts.containsKey(address)) {
            found.put(address, counts.getOrDefault(address, 0));
        }
        return found;
    }

    @Override
    public EventBusMetrics<String> createEventBusMetrics() {
        return this;
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
    public void close() {
        // Asked twice, as metrics of Vert.x and of its bus; nothing is held.
    }
}
