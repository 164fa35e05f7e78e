package dev.weir.node;

import dev.weir.bus.BusCensus;
import dev.weir.bus.Roster;
import dev.weir.observe.Reports;
import dev.weir.observe.TrafficReport;
import dev.weir.observe.TrafficSources;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Wires what a node tells of its addresses. Owned by the node's context. */
final class NodeReports {
    private final Set<String> edges = ConcurrentHashMap.newKeySet();

    /** Begins to tell whoever listens. */
    NodeReports(Node node, ClusterMembers members, NodeJournal journal, Roster roster) {
        BusCensus consumers = BusListeners.of(node.vertx())
                .<BusCensus>map(counting -> counting)
                .orElse(BusCensus.NONE);
        Reports reports = new Reports(node.id(), node.publisher(), node.answers(), node.timers());
        TrafficSources traffic = new TrafficSources(
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
        new TrafficReport(traffic).start(reports, node.timers());
    }

    /** The consumers of this deployment are an edge's: they stand for its sessions. */
    void edge(String deployment) {
        edges.add(deployment);
    }
}
