package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of three nodes that keep events in their memory is killed under load. */
class ClusterJournalIT {
    private static final int PRODUCERS = 4;
    private static final String YAML = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 100000}}
            """;

    @TempDir
    Path home;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();

    @Test
    void whatWasAcknowledgedIsThereOnceAndWhoResumesSeesItOnce() throws Exception {
        try (var cluster = new NodeProcesses(home, YAML).startAll(1)) {
            cluster.start();
            cluster.start();
            cluster.awaitReady();
            assertThat(cluster.get(0).output()).contains("hazelcast, in the memory of all nodes");
            List<Long> heard = new ArrayList<>();
            BridgeClient before = subscriber(cluster.get(0), "weir-rewind", "0");
            List<Thread> producers = produce(cluster);
            cluster.await(
                    "enough is acknowledged",
                    NodeProcesses.PATIENCE,
                    () -> acknowledged.size() >= 200 && !before.unread().isEmpty());
            cluster.get(0).kill();
            before.closeCodeWithin(NodeProcesses.PATIENCE);
            String epoch = hear(before, heard, Long.MAX_VALUE);
            int then = acknowledged.size();
            cluster.await("the others go on", NodeProcesses.PATIENCE, () -> acknowledged.size() >= then + 200);
            enough.set(true);
            for (Thread producer : producers) {
                producer.join();
            }
            Map<String, Long> kept = kept(cluster.get(1));
            assertThat(kept).containsAllEntriesOf(acknowledged).isEqualTo(kept(cluster.get(2)));
            try (BridgeClient after =
                    subscriber(cluster.get(1), "weir-since", epoch + ":" + heard.get(heard.size() - 1))) {
                hear(after, heard, kept.size());
            }
            for (int i = 0; i < kept.size(); i++) {
                assertThat(heard.get(i)).isEqualTo(i + 1);
            }
            assertThat(heard).hasSameSizeAs(kept.keySet());
        }
    }

    private static BridgeClient subscriber(NodeProcess node, String header, String value) {
        BridgeClient client = BridgeClient.connect(node.port());
        client.send(BridgeClient.frame("register", "orders").put("headers", new JsonObject().put(header, value)));
        JsonObject headers = client.next().getJsonObject("headers");
        assertThat(headers.getString("weir-recovered")).as(headers.encode()).isEqualTo("true");
        return client;
    }

    /** Takes what has come, or what comes up to an offset; answers the epoch. */
    private static String hear(BridgeClient client, List<Long> heard, long last) {
        Duration patience = last == Long.MAX_VALUE ? Duration.ZERO : Duration.ofSeconds(30);
        String epoch = "";
        while (heard.isEmpty() || heard.get(heard.size() - 1) < last) {
            JsonObject frame = client.poll(patience);
            if (frame == null) {
                return epoch;
            }
            if (frame.getString("type").equals("rec")) {
                JsonObject headers = frame.getJsonObject("headers");
                heard.add(Long.parseLong(headers.getString("weir-offset")));
                epoch = headers.getString("weir-epoch");
            }
        }
        return epoch;
    }

    private List<Thread> produce(NodeProcesses cluster) {
        List<Thread> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            Thread producer = new Thread(() -> {
                while (!enough.get()) {
                    int number = ids.incrementAndGet();
                    // Which node does not matter; who gets no answer asks the next one.
                    for (int next = number; !publish(cluster.get(next % 3), "e" + number); next++) {
                        Thread.onSpinWait();
                    }
                }
            });
            producer.start();
            producers.add(producer);
        }
        return producers;
    }

    private boolean publish(NodeProcess node, String id) {
        String event = new JsonObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/crash")
                .put("type", "order")
                .put("data", "x".repeat(250))
                .encode();
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/orders/events")))
                .timeout(Duration.ofSeconds(30))
                .header("content-type", "application/cloudevents+json")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofString());
            boolean kept = answer.statusCode() == 201 || answer.statusCode() == 200;
            if (kept) {
                acknowledged.put(id, new JsonObject(answer.body()).getLong("offset"));
            }
            return kept;
        } catch (IOException killed) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static Map<String, Long> kept(NodeProcess node) {
        Map<String, Long> found = new HashMap<>();
        String since = "";
        while (true) {
            JsonObject answer = node.json("/v1/addresses/orders/events?limit=1000" + since);
            JsonArray events = answer.getJsonArray("events");
            if (events.isEmpty()) {
                return found;
            }
            for (int i = 0; i < events.size(); i++) {
                JsonObject event = events.getJsonObject(i);
                long offset = Long.parseLong(event.getString("weiroffset"));
                assertThat(offset).isEqualTo(found.size() + 1);
                assertThat(found.put(event.getString("id"), offset)).isNull();
            }
            since = "&since=" + answer.getString("next");
        }
    }
}
