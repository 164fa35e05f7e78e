package dev.weir.node;

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
        public void watch(Node node) {
            // Nobody comes or goes.
        }
    };

    /** Ids of all nodes, the asking one included. */
    List<String> ids(String self);

    /** Called once the node's parts exist, before it serves. */
    void watch(Node node);
}
