package dev.weir.node;

import dev.weir.observe.Overview;
import dev.weir.observe.Reports;

/** Wires what the node tells of how it is doing. Stateless: the reports keep it alive. */
final class NodeOverview {
    private NodeOverview() {}

    /** Begins to tell, on the caller's event loop. */
    static void begin(Node node, Reports reports) {
        new Overview(node.counters()).report(reports);
    }
}
