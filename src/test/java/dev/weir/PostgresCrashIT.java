package dev.weir;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes of a cluster on one PostgreSQL: one of them or two are killed under load, and the database is restarted in between. */
class PostgresCrashIT {
    private static final int ROUNDS = Integer.getInteger("weir.crash.rounds", 1);
    private static final int PRODUCERS = 6;
    private static final int NODES = 3;

    @TempDir
    Path home;

    @Test
    void whatWasAcknowledgedIsThereOnceWhicheverNodesAndDatabaseDieAndWhoResumesSeesEachOnce() throws Exception {
        long seed = Long.getLong("weir.crash.seed", System.nanoTime());
        Random random = new Random(seed);
        try (PostgresServer server = new PostgresServer(home)) {
            String journal = "journal: {engine: postgresql, timeout: 2s, uri: '" + server.database("shop") + "'}\n";
            try (NodeProcesses nodes = new NodeProcesses(home, journal + CrashLoad.ADDRESSES)) {
                nodes.startAll(1);
                List<NodeProcess> all = List.of(nodes.get(0), nodes.start(), nodes.start());
                nodes.awaitReady();
                try (CrashLoad load = new CrashLoad(all, PRODUCERS)) {
                    for (int round = 0; round < ROUNDS; round++) {
                        if (round > 0) {
                            nodes.awaitReady();
                        }
                        round(round + 2, random, load, all, server);
                    }
                    load.check();
                    load.report("postgresql", ROUNDS, seed);
                }
            }
        }
    }

    /** One node and the database, two nodes, or both with the database between them. */
    private static void round(int round, Random random, CrashLoad load, List<NodeProcess> all, PostgresServer server)
            throws Exception {
        int first = random.nextInt(NODES);
        load.awaitMore(50 + random.nextInt(300));
        all.get(first).kill();
        if (round % 3 != 1) {
            load.awaitMore(random.nextInt(50));
            server.stop();
            server.start();
        }
        if (round % 3 != 0) {
            load.awaitMore(random.nextInt(50));
            all.get((first + 1) % NODES).kill();
        }
        load.awaitMore(50);
    }
}
