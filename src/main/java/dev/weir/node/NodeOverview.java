package dev.weir.node;

import dev.weir.bus.Breakers;
import dev.weir.bus.LocalAnswers;
import dev.weir.observe.Health;
import dev.weir.observe.Load;
import dev.weir.observe.Metrics;
import dev.weir.observe.Reports;
import dev.weir.observe.overview.Overview;
import java.util.Optional;
import java.util.function.Supplier;

/** Wires what the node tells of how it is doing. Stateless: the reports keep it alive. */
final class NodeOverview {
    private NodeOverview() {}

    /**
     * Begins to tell, on the caller's event loop.
     *
     * @param name where the node listens, once it does
     */
    static void begin(
            Node node,
            NodeAgent agent,
            ClusterMembers members,
            Supplier<Optional<String>> name,
            Health health,
            Load load,
            Metrics metrics,
            Reports reports) {
        LocalAnswers answers = node.answers();
        Breakers breakers = new Breakers().share(node.vertx());
        Overview.begin(
                new Overview.Identity(name, version(), node.clock().millis()),
                new Overview.Sources(
                        node.clock(),
                        node.counters(),
                        load,
                        metrics.registry(),
                        health,
                        answers,
                        agent,
                        () -> members.ids(node.id()),
                        () -> breakers.describe(node.vertx().deploymentIDs())),
                node.timers(),
                reports);
    }

    private static String version() {
        String version = NodeOverview.class.getPackage().getImplementationVersion();
        return version == null ? "built from source" : version;
    }
}
