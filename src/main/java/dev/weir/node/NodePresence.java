package dev.weir.node;

import dev.weir.config.PresenceConfig;
import dev.weir.presence.PresenceVerticle;
import dev.weir.presence.Tally;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** The node's roster with its meters. */
final class NodePresence {
    private NodePresence() {}

    static PresenceVerticle of(Node node, PresenceConfig limits, ClusterMembers members, MeterRegistry meters) {
        Tally tally = new Tally();
        gauge("weir_presence_members", "Members on all addresses of the cluster", tally.members, meters);
        gauge(
                "weir_presence_entries",
                "Sessions of this node that are present, each address counted",
                tally.entries,
                meters);
        counter("weir_presence_joins", "Members that came, in the whole cluster", tally.joins, meters);
        counter("weir_presence_leaves", "Members that went, in the whole cluster", tally.leaves, meters);
        counter("weir_presence_copies", "Copies of another node's entries asked for as a whole", tally.copies, meters);
        return new PresenceVerticle(
                node.id(), node.clock(), node.timers(), limits, () -> members.ids(node.id()), tally);
    }

    private static void gauge(String name, String description, LongAdder adder, MeterRegistry meters) {
        Gauge.builder(name, adder, LongAdder::doubleValue)
                .description(description)
                .register(meters);
    }

    private static void counter(String name, String description, LongAdder adder, MeterRegistry meters) {
        FunctionCounter.builder(name, adder, LongAdder::doubleValue)
                .description(description)
                .register(meters);
    }
}
