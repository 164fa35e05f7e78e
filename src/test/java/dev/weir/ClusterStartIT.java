package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How nodes of a cluster begin, and how {@code scripts/cluster} begins them again. */
class ClusterStartIT {
    private static final String POLICIES = "addresses:\n  - {match: news, publish: anyone, subscribe: anyone}\n";

    @TempDir
    Path home;

    @Test
    void nodesThatStartTogetherTakeDifferentPortsAndAreOneCluster() {
        String busPort = "" + Ports.free(2);
        try (var cluster = new NodeProcesses(home, POLICIES)) {
            NodeProcess one = cluster.start(POLICIES, Map.of("WEIR_CLUSTER_BUS_PORT", busPort));
            NodeProcess two = cluster.start(POLICIES, Map.of("WEIR_CLUSTER_BUS_PORT", busPort));
            cluster.await(
                    "both serve",
                    NodeProcesses.PATIENCE,
                    () -> one.isAlive() && two.isAlive() && one.isReady() && two.isReady());
            cluster.awaitReady();
            try (var writer = BridgeClient.connect(one.port());
                    var listener = BridgeClient.connect(two.port()).register("news")) {
                writer.send(BridgeClient.frame("publish", "news").put("body", 1));
                assertThat(listener.next().getInteger("body")).isEqualTo(1);
            }
        }
    }

    @Test
    void aNodeWithOtherPoliciesIsNotReadyAndSaysWhy() {
        try (var cluster = new NodeProcesses(home, POLICIES).startAll(1)) {
            NodeProcess other = cluster.start(POLICIES + "  - {match: more, publish: anyone}\n", Map.of());
            cluster.await("the other node says why it is not ready", NodeProcesses.PATIENCE, () -> {
                String health = other.get("/health/ready");
                return health.startsWith("503") && health.contains("\"check\":\"policies\"");
            });
        }
    }

    @Test
    void aNodeThatReachesNobodyBeginsAClusterOfItsOwn() {
        try (var cluster = new NodeProcesses(home, POLICIES)) {
            // A port where nobody is, and an address kept for documentation, where nothing ever answers.
            cluster.start(POLICIES, Map.of("WEIR_CLUSTER_JOIN", "127.0.0.1:1,192.0.2.1"));
            cluster.awaitReady();
            assertThat(cluster.get(0).output()).contains("in a cluster");
        }
    }

    @Test
    void theScriptStartsANodeAgainThatAsksForItAndNoOther() throws Exception {
        Path scripts = Files.createDirectories(home.resolve("scripts"));
        Files.copy(Path.of("scripts/cluster"), scripts.resolve("cluster"));
        // Node 1 asks to be restarted once; node 2 fails.
        executable(scripts.resolve("weir"), """
                #!/usr/bin/env bash
                [ "$1" = version ] && exit 0
                echo "$WEIR_HTTP_PORT" >>"%s"
                case $WEIR_HTTP_PORT in
                  7002) exit 1 ;;
                  *) [ "$(grep -c 7001 "%1$s")" -gt 1 ] || exit 75; exec sleep 100 ;;
                esac
                """.formatted(home.resolve("starts")));
        Path log = home.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(
                        "bash", scripts.resolve("cluster").toString(), "2")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("WEIR_CLUSTER_FIRST_PORT", "7001");
        Process script = builder.start();
        try {
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.readString(log).contains("node 1 asked to be restarted")
                            && Files.readString(log).contains("node 2 ended with 1")
                            && Files.readAllLines(home.resolve("starts")).size() == 3);
            assertThat(Files.readAllLines(home.resolve("starts"))).containsExactlyInAnyOrder("7001", "7002", "7001");
        } finally {
            script.destroy();
            assertThat(script.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
