package dev.weir.node;

import dev.weir.bus.ClusterQuery;
import dev.weir.observe.tap.TapTally;
import dev.weir.observe.tap.TapVerticle;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;

/** Deploys the node's taps, and shows what they count. */
final class NodeTaps {
    private NodeTaps() {}

    static Future<String> deploy(Node node, ClusterQuery cluster, MeterRegistry metrics) {
        TapTally tally = new TapTally();
        FunctionCounter.builder("weir_tap_events", tally, TapTally::shown)
                .description("Events that taps showed")
                .register(metrics);
        FunctionCounter.builder("weir_tap_dropped", tally, TapTally::dropped)
                .description("Events that taps saw and did not show")
                .register(metrics);
        Gauge.builder("weir_taps", tally, TapTally::open)
                .description("Taps open in the cluster")
                .register(metrics);
        return node.vertx()
                .deployVerticle(new TapVerticle(
                        node.id(), node.publisher(), node.answers(), cluster, node.clock(), node.timers(), tally));
    }
}
