package dev.weir.node;

import dev.weir.flow.FlowServices;
import dev.weir.flow.Flows;
import dev.weir.flow.FlowsVerticle;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** The node's flows: there from the moment a file declares one. Owned by the node verticle's event loop. */
final class NodeFlows {
    static final String QUESTION = "flows";

    private final Node node;
    private final NodeJournal journal;
    private final FlowServices services;
    private @Nullable FlowsVerticle verticle;
    private Future<Void> changing = Future.succeededFuture();

    NodeFlows(Node node, ClusterMembers members, NodeJournal journal) {
        this.node = node;
        this.journal = journal;
        this.services = new FlowServices(
                node.vertx(),
                node.id(),
                () -> members.ids(node.id()),
                node.clock(),
                node.publisher(),
                node.authorizer(),
                node.counters(),
                journal::flows);
    }

    /** Puts flows in force, one change after the other. */
    Future<Void> use(Flows flows) {
        node.flows().set(flows);
        journal.flowsInForce(flows.reads());
        changing = changing.otherwiseEmpty().compose(before -> follow(flows));
        return changing;
    }

    private Future<Void> follow(Flows flows) {
        FlowsVerticle known = verticle;
        if (known != null) {
            return known.use(flows);
        }
        if (flows.isEmpty()) {
            return Future.succeededFuture();
        }
        FlowsVerticle made = new FlowsVerticle(flows, services);
        verticle = made;
        return node.vertx().deployVerticle(made).mapEmpty();
    }
}
