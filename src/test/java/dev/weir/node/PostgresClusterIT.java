package dev.weir.node;

import dev.weir.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a cluster with one journal in PostgreSQL. */
class PostgresClusterIT {
    private static final String ADDRESSES = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 100000}}
              - {match: prices, publish: anyone, subscribe: anyone, history: anyone, keep: latest}
            """;

    @TempDir
    Path home;

    @Test
    void subscribersOfAllNodesHearOneOrderAndResumeOnAnotherNode() throws Exception {
        try (PostgresServer server = new PostgresServer(home)) {
            String journal = "journal: {engine: postgresql, uri: '" + server.database("shop") + "'}\n";
            try (TestCluster cluster = new TestCluster(home, journal + ADDRESSES)) {
                OneOrder.check(cluster);
            }
        }
    }
}
