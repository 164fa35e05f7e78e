package dev.weir.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxBootstrapImpl;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.EventBusMetrics;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What Vert.x tells of itself, as far as it costs nothing on the way of an event: consumers, what they lost, the pools that
 * blocking work waits for, and how long event loops worked for verticles (docs/adr/0006). Made before the instance, shown once the node has a registry. Thread-safe.
 */
final class VertxMeters implements VertxMetrics {
    private static final String PREFIX = "vert.x-";

    private final BusListeners listeners = new BusListeners();
    private final LoopTimes loops = new LoopTimes();
    private final Map<String, Pool> pools = new ConcurrentHashMap<>();

    /** One pool of threads for work that blocks. */
    private static final class Pool implements PoolMetrics<Pool, Pool> {
        private final LongAdder waiting = new LongAdder();
        private final LongAdder busy = new LongAdder();

        @Override
        public Pool enqueue() {
            waiting.increment();
            return this;
        }

        @Override
        public void dequeue(Pool same) {
            waiting.decrement();
        }

        @Override
        public Pool begin() {
            busy.increment();
            return this;
        }

        @Override
        public void end(Pool same) {
            busy.decrement();
        }
    }

    /** Measures the instance that is built. */
    static VertxBuilder install(VertxBuilder builder) {
        return builder.withMetrics(new VertxMetricsFactory() {
            @Override
            public void init(VertxBootstrap bootstrap) {
                VertxMetricsFactory.super.init(bootstrap);
                if (((VertxBootstrapImpl) bootstrap).metrics() instanceof VertxMeters own) {
                    own.loops.measure(bootstrap);
                }
            }

            @Override
            public VertxMetrics metrics(VertxOptions options) {
                return new VertxMeters();
            }
        });
    }

    /** Those of an instance, empty when it was not built with them. */
    static Optional<VertxMeters> of(Vertx vertx) {
        return ((VertxInternal) vertx).metrics() instanceof VertxMeters own ? Optional.of(own) : Optional.empty();
    }

    /** The census of consumers. */
    BusListeners listeners() {
        return listeners;
    }

    /** How long event loops worked for verticles. */
    LoopTimes loops() {
        return loops;
    }

    /** Shows them at {@code /metrics}. */
    void show(MeterRegistry registry) {
        Gauge.builder("weir_bus_consumers", listeners, BusListeners::all)
                .description("Consumers of this node's event bus, one of the edges for each address and event loop")
                .register(registry);
        FunctionCounter.builder("weir_bus_discarded", listeners.discarded(), LongAdder::doubleValue)
                .description("Messages that paused consumers lost, having 1000 waiting")
                .register(registry);
        pools.forEach((name, pool) -> {
            Gauge.builder("weir_pool_waiting", pool.waiting, LongAdder::doubleValue)
                    .description("Blocking tasks that wait for a thread of a pool")
                    .tag("pool", name)
                    .register(registry);
            Gauge.builder("weir_pool_busy", pool.busy, LongAdder::doubleValue)
                    .description("Threads of a pool that run a blocking task")
                    .tag("pool", name)
                    .register(registry);
        });
    }

    @Override
    public EventBusMetrics<BusListeners.Place> createEventBusMetrics() {
        return listeners;
    }

    @Override
    public PoolMetrics<?, ?> createPoolMetrics(String type, String name, int maxSize) {
        String known = String.valueOf(name);
        String shown = known.startsWith(PREFIX) ? known.substring(PREFIX.length()) : known;
        return pools.computeIfAbsent(shown, first -> new Pool());
    }
}
