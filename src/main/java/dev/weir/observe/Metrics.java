package dev.weir.observe;

import dev.weir.bus.Counters;
import dev.weir.bus.FailureCode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.ext.web.Router;
import java.util.concurrent.atomic.LongAdder;

/**
 * {@code /metrics} in the Prometheus text format. Weir counts in adders on the way of an event; they are read only when
 * somebody scrapes.
 */
public final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Shows the node's counters and the JVM's. */
    public Metrics(Counters counters) {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        counter("weir_events_accepted", "Events accepted from anywhere", counters.accepted);
        counter("weir_events_delivered", "Events written to, or queued for, a session", counters.delivered);
        counter("weir_events_unheard", "Events of plain addresses that nobody listened to", counters.unheard);
        counter("weir_delivered_bytes", "Bytes of frames written to sessions", counters.deliveredBytes);
        counter("weir_requests", "Requests sent on the bus for clients", counters.requests);
        counter("weir_http_requests", "HTTP requests, WebSocket handshakes included", counters.httpRequests);
        counter("weir_sessions_opened", "Sessions opened", counters.sessionsOpened);
        counter("weir_slow_disconnects", "Sessions closed because they read too slowly", counters.slowDisconnects);
        counter("weir_slow_drops", "Events dropped by drop-oldest", counters.slowDrops);
        counter("weir_slow_conflations", "Events replaced by conflate", counters.slowConflations);
        counter("weir_stream_drops", "Events dropped for slow readers of emitters", counters.streamDrops);
        counter("weir_access_dropped", "Requests the access source left out, being behind", counters.accessDropped);
        counter("weir_unreadable", "Records and responses that inputs could not read", counters.unreadable);
        Gauge.builder("weir_sessions", counters, Counters::sessions)
                .description("Sessions open now")
                .register(registry);
        Gauge.builder("weir_http_connections", counters.httpConnections, LongAdder::doubleValue)
                .description("HTTP connections open now, without those that became WebSockets")
                .register(registry);
        Gauge.builder("weir_held_bytes", counters.heldBytes, LongAdder::doubleValue)
                .description("Memory held by the queues of slow sessions")
                .register(registry);
        Gauge.builder("weir_queued_bytes", counters.queuedBytes, LongAdder::doubleValue)
                .description("Bytes waiting for slow sessions")
                .register(registry);
        following(counters);
        for (FailureCode code : FailureCode.values()) {
            FunctionCounter.builder("weir_refused", counters.refused(code), LongAdder::doubleValue)
                    .description("Requests refused, by code")
                    .tag("code", code.word())
                    .register(registry);
        }
    }

    private void following(Counters counters) {
        counter("weir_feed_held", "Stretches of logs that came ahead of a hole", counters.feedHeld);
        counter("weir_feed_reads", "Reads of the journal for what was lost on the bus", counters.feedReads);
        counter("weir_replay_events", "Events that sessions got while they caught up", counters.replayed);
        counter("weir_replay_reads", "Reads of the journal for sessions that catch up", counters.replayReads);
        counter("weir_replay_encoded", "Events encoded for sessions that catch up", counters.replayEncoded);
        Gauge.builder("weir_replays", counters.replays, LongAdder::doubleValue)
                .description("Sessions that catch up now")
                .register(registry);
    }

    /** Where other parts add their meters. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Adds {@code /metrics}. */
    public void mount(Router router) {
        router.get("/metrics").handler(routing -> routing.response()
                .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                .end(registry.scrape()));
    }

    private void counter(String name, String description, LongAdder adder) {
        FunctionCounter.builder(name, adder, LongAdder::doubleValue)
                .description(description)
                .register(registry);
    }
}
