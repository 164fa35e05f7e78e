package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes with a journaled flow are killed or stand still under load: alone with SQLite, and three with PostgreSQL, where what one
 * did goes on at the others. In the end what came out is each acknowledged event once, in order per key.
 */
class FlowCrashIT {
    private static final int ROUNDS = Integer.getInteger("weir.crash.rounds", 3);
    private static final int PRODUCERS = 4;

    /** Each producer's events have that many, so that every node has some of them. */
    private static final int KEYS = 8;

    /** Promised are 10 s, of an idle machine; this one is busy. */
    private static final Duration ELSEWHERE = Duration.ofSeconds(30);

    private static final String ADDRESSES = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {age: 1d}}
              - {match: out, subscribe: anyone, history: anyone, keep: {age: 1d}}
            """;
    private static final String FLOW = """
            flow: copy
            from: orders
            stages:
              - filter: event.data.n >= 0
              - map: {n: event.data.n, twice: event.data.n * 2}
            to: out
            """;

    @TempDir
    Path home;

    private final long seed = Long.getLong("weir.crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final List<Thread> producers = new ArrayList<>();
    private volatile List<NodeProcess> targets = List.of();
    private volatile boolean enough;

    private void produce(List<NodeProcess> nodes) {
        targets = nodes;
        for (int number = 0; number < PRODUCERS; number++) {
            int own = number;
            Thread producer = new Thread(
                    () -> {
                        for (int n = 0; !enough; n++) {
                            // Each of a producer's events is there before the next, so their order is that of their
                            // numbers.
                            for (int at = n; !publish(at, "k" + own + "." + n % KEYS, n); at++) {
                                LockSupport.parkNanos(20_000_000);
                            }
                        }
                    },
                    "producer-" + number);
            producers.add(producer);
            producer.start();
        }
    }

    private boolean publish(int turn, String key, int n) {
        List<NodeProcess> nodes = targets;
        String id = key + "-" + n;
        String event = new JsonObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/crash")
                .put("type", "order")
                .put("subject", key)
                .put("data", new JsonObject().put("n", n))
                .encode();
        String url = nodes.get(turn % nodes.size()).url("/v1/addresses/orders/events");
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(3))
                .header("content-type", "application/cloudevents+json")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
        try {
            int status = http.send(request, BodyHandlers.ofString()).statusCode();
            boolean kept = status == 201 || status == 200;
            if (kept) {
                acknowledged.add(id);
            }
            return kept;
        } catch (IOException killed) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void awaitMore(int count) {
        int wanted = acknowledged.size() + count;
        Awaitility.await(count + " more acknowledged")
                .atMost(NodeProcesses.PATIENCE)
                .until(() -> acknowledged.size() >= wanted);
    }

    /** What is kept of an address, in order. */
    private static List<JsonObject> kept(NodeProcess node, String address) {
        List<JsonObject> kept = new ArrayList<>();
        String since = "";
        while (true) {
            JsonObject page = node.json("/v1/addresses/" + address + "/events?limit=1000" + since);
            JsonArray events = page.getJsonArray("events");
            if (events.isEmpty()) {
                return kept;
            }
            for (int i = 0; i < events.size(); i++) {
                kept.add(events.getJsonObject(i));
            }
            since = "&since=" + page.getString("next");
        }
    }

    /** Waits for the last, then compares all. */
    private void check(NodeProcess node) throws Exception {
        enough = true;
        for (Thread producer : producers) {
            producer.join();
        }
        List<JsonObject> in = kept(node, "orders");
        assertThat(in.stream().map(event -> event.getString("id"))).containsAll(acknowledged);
        Awaitility.await("all came out")
                .atMost(NodeProcesses.PATIENCE)
                .until(() -> kept(node, "out").size() >= in.size());
        assertThat(byKey(kept(node, "out"))).as("seed " + seed).isEqualTo(byKey(in));
    }

    private static Map<String, List<Integer>> byKey(List<JsonObject> events) {
        Map<String, List<Integer>> found = new HashMap<>();
        events.forEach(event -> found.computeIfAbsent(event.getString("subject"), first -> new ArrayList<>())
                .add(event.getJsonObject("data").getNumber("n").intValue()));
        return found;
    }

    private String yaml() throws IOException {
        Path flows = Files.createDirectories(home.resolve("flows"));
        Files.writeString(flows.resolve("copy.yaml"), FLOW);
        return "flows: {path: '" + flows + "'}\n" + ADDRESSES;
    }

    @Test
    void whatComesInComesOutOnceThoughTheProcessIsKilled() throws Exception {
        NodeProcess node = new NodeProcess(home, yaml(), Map.of("WEIR_HTTP_PORT", "" + Ports.free()));
        try {
            produce(List.of(node));
            for (int round = 0; round < ROUNDS; round++) {
                awaitMore(20 + random.nextInt(300));
                node.kill();
                node.again();
            }
            awaitMore(20);
            check(node);
        } finally {
            enough = true;
            node.kill();
        }
    }

    private static double partitions(NodeProcess node) {
        return node.metric("weir_flow_partitions{flow=\"copy\"}");
    }

    private static boolean isShared(List<NodeProcess> nodes) {
        List<Double> each = nodes.stream().map(FlowCrashIT::partitions).toList();
        return each.stream().allMatch(own -> own > 0)
                && each.stream().mapToDouble(own -> own).sum() == 64;
    }

    /** One node is dead and one stands still; when that goes on it still believes to be the owner of what others have now. */
    @Test
    void partitionsAreOwnedOnceAndThoseOfADeadNodeAndOfOneThatHangsGoOnElsewhere() throws Exception {
        try (PostgresServer server = new PostgresServer(home)) {
            String journal = "journal: {engine: postgresql, timeout: 2s, uri: '" + server.database("shop") + "'}\n";
            try (NodeProcesses nodes = new NodeProcesses(home, journal + yaml())) {
                nodes.startAll(1);
                List<NodeProcess> all = List.of(nodes.get(0), nodes.start(), nodes.start());
                nodes.awaitReady();
                nodes.await("each has its share", NodeProcesses.PATIENCE, () -> isShared(all));
                produce(all);
                awaitMore(100);
                targets = all.subList(0, 1);
                nodes.get(1).kill();
                nodes.get(2).signal("STOP");
                long begun = System.nanoTime();
                nodes.await("the third has all", ELSEWHERE, () -> isShared(all.subList(0, 1)));
                System.out.printf("elsewhere after %d ms%n", (System.nanoTime() - begun) / 1_000_000);
                awaitMore(20);
                nodes.get(2).signal("CONT");
                nodes.awaitReady();
                targets = all;
                String again = "each has its share again";
                nodes.await(again, NodeProcesses.PATIENCE, () -> nodes.areReady() && isShared(all));
                awaitMore(100);
                check(nodes.get(0));
            } finally {
                enough = true;
            }
        }
    }
}
