package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Producers on nodes that are killed, and a subscriber that comes back each time where it was. Half of the producers send an event
 * again until it is acknowledged, the others never do. In the end what was acknowledged must be there once, where it was said to be,
 * without holes, and the subscriber must have seen each event once and in order.
 */
final class CrashLoad implements AutoCloseable {
    /** What nodes need for it. */
    static final String ADDRESSES = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {age: 1d}}
            """;

    private static final Duration PATIENCE = NodeProcesses.PATIENCE;
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final long BACKOFF_NANOS = 20_000_000;
    private static final Duration LOOK = Duration.ofMillis(100);

    private final List<NodeProcess> nodes;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER)
            .build();
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger repeats = new AtomicInteger();
    private final AtomicInteger resumes = new AtomicInteger();
    private final AtomicReference<Throwable> wrong = new AtomicReference<>();
    private final List<Thread> producers = new ArrayList<>();
    private final Thread subscriber;
    private final List<String> heard = new ArrayList<>();
    private volatile int heardCount;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean stopped;
    private volatile boolean closed;
    private String epoch = "";

    /** Starts it, on nodes that serve. */
    CrashLoad(List<NodeProcess> nodes, int producers) {
        this.nodes = List.copyOf(nodes);
        CountDownLatch registered = new CountDownLatch(1);
        this.subscriber = new Thread(() -> subscribe(registered), "crash-subscriber");
        subscriber.start();
        await().atMost(PATIENCE).until(() -> registered.getCount() == 0 || wrong.get() != null);
        for (int i = 0; i < producers; i++) {
            int number = i;
            Thread producer = new Thread(() -> produce(number), "crash-producer-" + i);
            this.producers.add(producer);
            producer.start();
        }
    }

    /** Nobody tries anything while no node is there. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    /** On it goes. */
    void go() {
        gate.countDown();
    }

    /** Waits until so many more are acknowledged than now. */
    void awaitMore(int count) {
        int wanted = acknowledged.size() + count;
        await(count + " more acknowledged").atMost(PATIENCE).until(() -> {
            fine();
            return acknowledged.size() >= wanted;
        });
    }

    private void fine() {
        if (wrong.get() != null) {
            throw new AssertionError("the load went wrong", wrong.get());
        }
    }

    private void produce(int number) {
        try {
            int at = number;
            while (!stopped) {
                String id = "e" + ids.incrementAndGet();
                while (!publish(nodes.get(at % nodes.size()), id) && !stopped) {
                    at++;
                    // Whoever is refused at once leaves the machine to the node that starts again.
                    LockSupport.parkNanos(BACKOFF_NANOS);
                    if (number % 2 != 0) {
                        break;
                    }
                    repeats.incrementAndGet();
                }
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            wrong.compareAndSet(null, e);
        }
    }

    /** One event; what happened to it is unknown when no answer comes. */
    private boolean publish(NodeProcess node, String id) throws InterruptedException {
        gate.await();
        String event = new JsonObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/crash")
                .put("type", "order")
                .put("data", "x".repeat(250))
                .encode();
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/orders/events")))
                            .timeout(ANSWER)
                            .header("content-type", "application/cloudevents+json")
                            .POST(HttpRequest.BodyPublishers.ofString(event))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200 || answer.statusCode() == 201) {
                acknowledged.put(id, new JsonObject(answer.body()).getLong("offset"));
                return true;
            }
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        } catch (IOException killed) {
            // Nobody knows.
        }
        return false;
    }

    private void subscribe(CountDownLatch registered) {
        try {
            for (int at = 0; !closed; at++) {
                gate.await();
                NodeProcess node = nodes.get(at % nodes.size());
                try (BridgeClient client = BridgeClient.connect(node.port())) {
                    hear(client, registered);
                } catch (java.util.concurrent.CompletionException refused) {
                    // This one is dead; the next may be alive.
                }
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            wrong.compareAndSet(null, e);
        }
    }

    private void hear(BridgeClient client, CountDownLatch registered) {
        JsonObject since = epoch.isEmpty()
                ? new JsonObject().put("weir-rewind", "0")
                : new JsonObject().put("weir-since", epoch + ":" + heard.size());
        client.send(BridgeClient.frame("register", "orders").put("headers", since));
        while (!closed) {
            JsonObject frame = client.poll(LOOK);
            if (frame == null) {
                if (client.isClosed() && client.unread().isEmpty()) {
                    return;
                }
                continue;
            }
            switch (frame.getString("type")) {
                case "registered" -> {
                    JsonObject headers = frame.getJsonObject("headers");
                    assertThat(headers.getString("weir-recovered"))
                            .as(frame.encode())
                            .isEqualTo("true");
                    epoch = headers.getString("weir-epoch");
                    resumes.incrementAndGet();
                    registered.countDown();
                }
                case "rec" -> {
                    JsonObject headers = frame.getJsonObject("headers");
                    assertThat(headers.getString("weir-epoch")).isEqualTo(epoch);
                    assertThat(headers.getString("weir-offset"))
                            .as("the next one")
                            .isEqualTo("" + (heard.size() + 1));
                    heard.add(headers.getString("ce-id"));
                    heardCount = heard.size();
                }
                default -> {
                    // The journal may be away for now; it is tried again.
                    return;
                }
            }
        }
    }

    /** Ends the producers and checks everything, on what is left of the nodes. */
    void check() throws Exception {
        stopped = true;
        for (Thread producer : producers) {
            producer.join();
        }
        fine();
        List<String> kept = kept();
        Map<String, Long> places = new HashMap<>();
        for (int i = 0; i < kept.size(); i++) {
            assertThat(places.put(kept.get(i), i + 1L)).as(kept.get(i)).isNull();
        }
        assertThat(places).containsAllEntriesOf(acknowledged);
        await("the subscriber has seen all").atMost(PATIENCE).until(() -> {
            fine();
            return heardCount >= kept.size();
        });
        closed = true;
        subscriber.join();
        assertThat(heard).isEqualTo(kept);
    }

    /** The ids of all that is there; their offsets begin at 1 and have no holes. */
    private List<String> kept() {
        NodeProcess node =
                nodes.stream().filter(NodeProcess::isAlive).findFirst().orElseThrow();
        List<String> kept = new ArrayList<>();
        String since = "";
        while (true) {
            JsonObject page = node.json("/v1/addresses/orders/events?limit=1000" + since);
            JsonArray events = page.getJsonArray("events");
            if (events.isEmpty()) {
                return kept;
            }
            for (int i = 0; i < events.size(); i++) {
                JsonObject event = events.getJsonObject(i);
                kept.add(event.getString("id"));
                assertThat(event.getString("weiroffset")).isEqualTo("" + kept.size());
            }
            since = "&since=" + page.getString("next");
        }
    }

    /** Leaves what happened for the bench to show. */
    void report(String name, int rounds, long seed) throws IOException {
        String line = "| %s | %d | %d | %d | %d | %d | %d |%n"
                .formatted(name, rounds, acknowledged.size(), heard.size(), repeats.get(), resumes.get() - 1, seed);
        Files.writeString(Files.createDirectories(Path.of("target", "crash")).resolve(name + ".md"), line);
    }

    @Override
    public void close() {
        stopped = true;
        closed = true;
        go();
        try {
            for (Thread producer : producers) {
                producer.join();
            }
            subscriber.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
