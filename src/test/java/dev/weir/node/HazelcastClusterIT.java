package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a cluster that keep events in their memory, as they do unless told otherwise. */
class HazelcastClusterIT {
    private static final String ADDRESSES = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 100000}}
            """;

    @TempDir
    Path home;

    @Test
    void subscribersOfAllNodesHearOneOrderAndResumeOnAnotherNode() throws Exception {
        try (TestCluster cluster = new TestCluster(home, ADDRESSES)) {
            OneOrder.check(cluster);
        }
    }

    @Test
    void whatItCannotKeepIsAProblemThatNamesTheEngineThatCan() {
        String more = """
                  - {match: prices, publish: anyone, subscribe: anyone, keep: latest}
                  - {match: old, publish: anyone, subscribe: anyone, keep: {age: 7d}}
                subscriptions:
                  - {name: billing, from: [orders], consume: anyone}
                """;
        try (TestCluster cluster = new TestCluster(home, ADDRESSES + more)) {
            assertThatThrownBy(cluster::start)
                    .hasMessageContaining("keep: latest of prices")
                    .hasMessageContaining("keep of old needs events")
                    .hasMessageContaining("subscription billing")
                    .hasMessageContaining("engine: postgresql");
        }
        try (TestCluster cluster = new TestCluster(home, "journal: {engine: sqlite}\n" + ADDRESSES)) {
            assertThatThrownBy(cluster::start)
                    .hasMessageContaining("engine: postgresql")
                    .hasMessageContaining("without --cluster");
        }
    }
}
