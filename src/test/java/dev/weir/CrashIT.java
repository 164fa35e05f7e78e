package dev.weir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node of its own process, with SQLite, is killed under load again and again. */
class CrashIT {
    private static final int ROUNDS = Integer.getInteger("weir.crash.rounds", 3);
    private static final int PRODUCERS = 8;

    @TempDir
    Path home;

    @Test
    void whatWasAcknowledgedIsThereOnceAfterKillNineAndWhoResumesSeesEachOnce() throws Exception {
        long seed = Long.getLong("weir.crash.seed", System.nanoTime());
        Random random = new Random(seed);
        NodeProcess node = new NodeProcess(home, CrashLoad.ADDRESSES, Map.of("WEIR_HTTP_PORT", "" + Ports.free()));
        awaitReady(node);
        try (CrashLoad load = new CrashLoad(List.of(node), PRODUCERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                load.awaitMore(100 + random.nextInt(1_000));
                node.kill();
                load.hold();
                node.again();
                awaitReady(node);
                load.go();
            }
            load.awaitMore(100);
            load.check();
            load.report("sqlite", ROUNDS, seed);
        } finally {
            node.kill();
        }
    }

    private static void awaitReady(NodeProcess node) {
        Awaitility.await("the node serves").atMost(NodeProcesses.PATIENCE).until(node::isReady);
    }
}
