package dev.weir.node;

import dev.weir.bus.Departed;
import dev.weir.observe.Health;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** Ids of all members, the asking node included. */
    List<String> ids(String self);

    /** Those of them that are nodes, as far as it is known. */
    default List<String> nodes(String self) {
        return ids(self);
    }

    /**
     * How many consumers a member that is no node has registered, by address; of one address when it is given. What it hears of
     * itself alone is not known.
     */
    default JsonObject consumersOf(String member, @Nullable String address) {
        return new JsonObject();
    }

    /** What nodes left behind that are gone, the newest first. */
    default List<Departed> departed() {
        return List.of();
    }

    /** Called once the agent answers, before the node serves. */
    Future<Void> watch(Node node, NodeAgent agent, Health health, MeterRegistry meters);
}
