package dev.weir.node;

import dev.weir.observe.Health;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.List;

/** Who is in the cluster. */
interface ClusterMembers {
    /** A node that is alone. */
    ClusterMembers ALONE = new ClusterMembers() {
        @Override
        public List<String> ids(String self) {
            return List.of(self);
        }

        @Override
        public Future<Void> watch(Node node, NodeAgent agent, Health health, MeterRegistry meters) {
            return Future.succeededFuture();
        }
    };

    /** Ids of all nodes, the asking one included. */
    List<String> ids(String self);

    /** Called once the agent answers, before the node serves. */
    Future<Void> watch(Node node, NodeAgent agent, Health health, MeterRegistry meters);
}
