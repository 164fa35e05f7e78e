package dev.weir.node;

import dev.weir.bus.BusCensus;
import dev.weir.bus.ListenerCounts;
import dev.weir.bus.Roster;
import dev.weir.observe.Health;
import dev.weir.observe.Reports;
import dev.weir.observe.TrafficReport;
import dev.weir.observe.TrafficSources;
import dev.weir.observe.VerticleReport;
import dev.weir.observe.VerticleSources;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Wires what a node tells of its addresses and verticles. Owned by the node's context. */
final class NodeReports {
    private final Node node;
    private final ClusterMembers members;
    private final NodeJournal journal;
    private final Roster roster;
    private final NodeVerticles verticles;
    private final Set<String> edges = ConcurrentHashMap.newKeySet();

    NodeReports(Node node, ClusterMembers members, NodeJournal journal, Roster roster) {
        this.node = node;
        this.members = members;
        this.journal = journal;
        this.roster = roster;
        this.verticles = new NodeVerticles(node.vertx(), node.clock());
    }

    /** Begins to tell whoever listens, and to watch for leaks. */
    void start(Reports reports, Health health, MeterRegistry metrics) {
        BusCensus consumers = BusListeners.of(node.vertx())
                .<BusCensus>map(counting -> counting)
                .orElse(BusCensus.NONE);
        new TrafficReport(traffic(consumers)).start(reports, node.timers());
        VerticleSources running = new VerticleSources(
                node.clock(),
                consumers,
                edges::contains,
                new ListenerCounts().share(node.vertx()),
                verticles::ids,
                verticles::states);
        new VerticleReport(running, health, metrics).start(reports, node.timers());
    }

    private TrafficSources traffic(BusCensus consumers) {
        return new TrafficSources(
                node.clock(),
                node.counters().traffic,
                node.publisher(),
                node.answers(),
                consumers,
                edges::contains,
                roster,
                () -> node.authorizer().policies(),
                journal::subscriptions,
                members::departed);
    }

    /** Users' verticles. */
    NodeVerticles verticles() {
        return verticles;
    }

    /** The consumers of this deployment are an edge's: they stand for its sessions. */
    void edge(String deployment) {
        edges.add(deployment);
    }
}
