package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.OutsideServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed while a webhook of its journaled flow refuses, so that attempts and the breaker, which are in memory, are gone.
 * The webhook gets each acknowledged event at least once, those of a key in order.
 */
class WebhookCrashIT {
    private static final String ADDRESSES = """
            addresses:
              - {match: orders, publish: anyone, keep: {age: 1d}}
            """;
    private static final int KEYS = 10;

    @TempDir
    Path home;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<String> acknowledged = new HashSet<>();

    private void publish(NodeProcess node, String key, int n) throws Exception {
        String id = key + "-" + n;
        String event = new JsonObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/crash")
                .put("type", "order")
                .put("subject", key)
                .encode();
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/orders/events")))
                .timeout(Duration.ofSeconds(30))
                .header("content-type", "application/cloudevents+json")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
        acknowledged.add(id);
    }

    private void publishSome(NodeProcess node, int from, int to) throws Exception {
        for (int n = from; n < to; n++) {
            for (int key = 0; key < KEYS; key++) {
                publish(node, "k" + key, n);
            }
        }
    }

    @Test
    void aWebhookGetsWhatWasAcknowledgedThoughTheProcessIsKilledWhileItTriesAgain() throws Exception {
        Set<String> delivered = ConcurrentHashMap.newKeySet();
        Map<String, List<Integer>> firsts = new ConcurrentHashMap<>();
        AtomicInteger refused = new AtomicInteger();
        AtomicBoolean down = new AtomicBoolean();
        try (OutsideServer hooks = OutsideServer.start((before, request) -> {
            String id = request.getHeader("x-id");
            boolean takes = !down.get() && before % 4 != 0;
            if (takes && delivered.add(id)) {
                int dash = id.indexOf('-');
                firsts.computeIfAbsent(id.substring(0, dash), first -> new CopyOnWriteArrayList<>())
                        .add(Integer.valueOf(id.substring(dash + 1)));
            }
            refused.addAndGet(takes ? 0 : 1);
            request.response().setStatusCode(takes ? 204 : 503).end();
        })) {
            Path flows = Files.createDirectories(home.resolve("flows"));
            Files.writeString(
                    flows.resolve("hook.yaml"),
                    "flow: hook\nfrom: orders\nto:\n  - webhook: {url: '" + hooks.url("/hook")
                            + "', headers: {x-id: '{event.id}'}, retry: {backoff: [100ms], attempts: 1000}, breaker: {failures: 90%, of: 10, pause: 300ms}}\n");
            String yaml = "flows: {path: '" + flows + "'}\n" + ADDRESSES;
            NodeProcess node = new NodeProcess(home, yaml, Map.of("WEIR_HTTP_PORT", "" + Ports.free()));
            try {
                Awaitility.await("the node serves")
                        .atMost(NodeProcesses.PATIENCE)
                        .until(node::isReady);
                publishSome(node, 0, 6);
                Awaitility.await("some are delivered")
                        .atMost(NodeProcesses.PATIENCE)
                        .until(() -> delivered.size() >= 20);
                down.set(true);
                publishSome(node, 6, 9);
                int before = refused.get();
                Awaitility.await("it is tried again, and the breaker opens")
                        .atMost(NodeProcesses.PATIENCE)
                        .until(() -> refused.get() >= before + 10);
                node.kill();
                assertThat(delivered.size()).isLessThan(acknowledged.size());
                down.set(false);
                node.again();
                Awaitility.await("all are delivered")
                        .atMost(NodeProcesses.PATIENCE)
                        .until(() -> delivered.containsAll(acknowledged));
                firsts.values().forEach(numbers -> assertThat(numbers).isSorted());
            } finally {
                node.kill();
            }
        }
    }
}
