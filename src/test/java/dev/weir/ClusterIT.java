package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real nodes in processes of their own: what is published on one reaches the others, also after one was killed. */
class ClusterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String POLICIES = "addresses:\n  - {match: news, publish: anyone, subscribe: anyone}\n";

    @TempDir
    private Path home;

    private final List<NodeProcess> nodes = new ArrayList<>();
    private int base;

    private record NodeProcess(Process process, int port, Path log) {
        boolean isReady() throws InterruptedException {
            try {
                return health().startsWith("200");
            } catch (IOException notYet) {
                return false;
            }
        }

        String health() throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                    .build();
            var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (NodeProcess node : nodes) {
            node.process().destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private NodeProcess start(String yaml) throws IOException {
        base = base == 0 ? freePort() : base;
        int port = freePort();
        Path conf = Files.writeString(
                Files.createDirectories(home.resolve("n" + nodes.size())).resolve("weir.yaml"), yaml);
        Path log = conf.resolveSibling("out.log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.weir.Weir",
                        "run",
                        "--cluster",
                        "--conf",
                        conf.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("WEIR_HTTP_PORT", String.valueOf(port));
        builder.environment().put("WEIR_HTTP_LOOPS", "1");
        builder.environment().put("WEIR_CLUSTER_PORT", String.valueOf(base));
        builder.environment()
                .put(
                        "WEIR_CLUSTER_JOIN",
                        "127.0.0.1:" + base + ",127.0.0.1:" + (base + 1) + ",127.0.0.1:" + (base + 2));
        NodeProcess node = new NodeProcess(builder.start(), port, log);
        nodes.add(node);
        return node;
    }

    private NodeProcess startAndAwait(String yaml) throws IOException {
        NodeProcess node = start(yaml);
        await("a node is ready; logs: " + nodes.stream().map(NodeProcess::log).toList())
                .atMost(PATIENCE)
                .until(node::isReady);
        return node;
    }

    /** Publishes marked events on one node until the listener of another one hears of them. */
    private static void reaches(NodeProcess from, BridgeClient listener, String mark) {
        try (var writer = BridgeClient.connect(from.port())) {
            await("an event of one node reaches the other").atMost(PATIENCE).until(() -> {
                writer.send(BridgeClient.frame("publish", "news").put("body", mark));
                JsonObject heard = listener.poll(Duration.ofSeconds(1));
                while (heard != null && !mark.equals(heard.getValue("body"))) {
                    heard = listener.poll(Duration.ofSeconds(1));
                }
                return heard != null;
            });
        }
    }

    @Test
    void eventsCrossNodesAndGoOnWhenOneIsKilled() throws Exception {
        NodeProcess one = startAndAwait(POLICIES);
        NodeProcess two = startAndAwait(POLICIES);
        NodeProcess three = startAndAwait(POLICIES);
        try (var listener = BridgeClient.connect(two.port());
                var doomed = BridgeClient.connect(three.port())) {
            listener.register("news");
            doomed.register("news");
            reaches(one, listener, "first");
            reaches(one, doomed, "first for three");
            three.process().destroyForcibly().waitFor();
            reaches(one, listener, "after the kill");
            NodeProcess again = startAndAwait(POLICIES);
            reaches(again, listener, "from the new one");
            try (var fresh = BridgeClient.connect(again.port())) {
                fresh.register("news");
                reaches(one, fresh, "to the new one");
            }
        }
    }

    @Test
    void aNodeWithOtherPoliciesIsNotReadyAndSaysWhy() throws Exception {
        startAndAwait(POLICIES);
        NodeProcess other = start(POLICIES + "  - {match: more, publish: anyone}\n");
        await("the other node says why it is not ready")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> other.health().contains("\"check\":\"policies\""));
        assertThat(other.health()).startsWith("503");
    }
}
