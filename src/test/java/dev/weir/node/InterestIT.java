package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two nodes of a cluster know of each other's listeners, and what it costs. */
class InterestIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CONF = """
            addresses:
              - {match: "a.{n}", publish: anyone, subscribe: anyone}
              - {match: "r.{n}", publish: anyone, subscribe: anyone}
            """;

    @TempDir
    static Path home;

    private static TestCluster cluster;
    private static TestCluster.Member one;
    private static TestCluster.Member two;

    @BeforeAll
    static void start() {
        cluster = new TestCluster(home, CONF);
        one = cluster.start();
        two = cluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static JsonObject publish(String address, int n) {
        return BridgeClient.frame("publish", address).put("body", n);
    }

    private static String get(TestCluster.Member from, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + from.port() + path))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private static double repairs(TestCluster.Member of) throws IOException, InterruptedException {
        return get(of, "/metrics")
                .lines()
                .filter(line -> line.startsWith("weir_cluster_repairs_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** Publishes a hundred events and waits until the node has taken all of them. */
    private static void publishHundred(BridgeClient writer, String address) {
        for (int n = 0; n < 100; n++) {
            writer.send(publish(address, n));
        }
        assertThat(writer.isQuiet()).isTrue();
    }

    @Test
    void publishingNeverReadsHazelcast() {
        try (BridgeClient writer = BridgeClient.connect(one.port());
                BridgeClient here = BridgeClient.connect(one.port());
                BridgeClient there = BridgeClient.connect(two.port())) {
            here.register("a.here");
            there.register("a.there");
            // The first one connects the nodes.
            writer.send(publish("a.there", -1));
            assertThat(there.next().getInteger("body")).isEqualTo(-1);
            long before = TestCluster.reads();
            publishHundred(writer, "a.nobody");
            publishHundred(writer, "a.here");
            publishHundred(writer, "a.there");
            for (int n = 0; n < 100; n++) {
                assertThat(here.next().getInteger("body")).isEqualTo(n);
                assertThat(there.next().getInteger("body")).isEqualTo(n);
            }
            assertThat(TestCluster.reads()).isEqualTo(before);
            TestCluster.registrations().get("a.nobody");
            assertThat(TestCluster.reads()).as("the count sees reads").isEqualTo(before + 1);
        }
    }

    @Test
    void whatIsPublishedElsewhereRightAfterRegisteredIsHeard() {
        try (BridgeClient writer = BridgeClient.connect(one.port());
                BridgeClient listener = BridgeClient.connect(two.port())) {
            for (int n = 0; n < 200; n++) {
                String address = "r." + n;
                // Every other time the publishing node has listeners of its own, and so an older answer in mind.
                if (n % 2 == 0) {
                    writer.register(address);
                    writer.send(publish(address, -1));
                    assertThat(writer.next().getInteger("body")).isEqualTo(-1);
                }
                listener.register(address);
                writer.send(publish(address, n));
                assertThat(listener.next().getInteger("body")).isEqualTo(n);
                if (n % 2 == 0) {
                    assertThat(writer.next().getInteger("body")).isEqualTo(n);
                }
            }
        }
    }

    @Test
    void aLostRegistrationIsPutBackAndCounted() throws Exception {
        try (BridgeClient writer = BridgeClient.connect(two.port());
                BridgeClient listener = BridgeClient.connect(one.port())) {
            listener.register("a.lost");
            double before = repairs(one);
            assertThat(TestCluster.registrations().remove("a.lost")).hasSize(1);
            await("the audit puts it back").atMost(PATIENCE).until(() -> repairs(one) > before);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(TestCluster.registrations().get("a.lost"))
                            .hasSize(1));
            await("the other node knows again").atMost(PATIENCE).until(() -> {
                writer.send(publish("a.lost", 1));
                return listener.poll(Duration.ofMillis(200)) != null;
            });
        }
    }

    @Test
    void listenersOfAllNodesAreCountedByKind() throws Exception {
        try (BridgeClient here = BridgeClient.connect(one.port());
                BridgeClient there = BridgeClient.connect(two.port());
                BridgeClient alsoThere = BridgeClient.connect(two.port())) {
            for (BridgeClient each : List.of(here, there, alsoThere)) {
                each.register("a.counted");
            }
            two.vertx()
                    .eventBus()
                    .consumer("a.counted", message -> {})
                    .completion()
                    .await(60, TimeUnit.SECONDS);
            for (TestCluster.Member asked : List.of(one, two)) {
                await().until(() -> new JsonObject(get(asked, "/v1/addresses/a.counted")).getInteger("listeners") == 4);
                JsonObject counted = new JsonObject(get(asked, "/v1/addresses/a.counted"));
                assertThat(counted.getInteger("listeners")).isEqualTo(4);
                assertThat(counted.getInteger("verticles")).isEqualTo(1);
                assertThat(counted.getJsonObject("sessions")).isEqualTo(new JsonObject("{\"bridge\":3,\"sse\":0}"));
                assertThat(counted.getJsonArray("nodes").stream()
                                .map(node -> ((JsonObject) node).getInteger("listeners")))
                        .containsExactlyInAnyOrder(1, 3);
            }
        }
    }
}
