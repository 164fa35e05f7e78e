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
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node of its own process is killed under load: what was acknowledged is there, once, where it was said to be. */
class CrashIT {
    private static final int ROUNDS = Integer.getInteger("weir.crash.rounds", 3);
    private static final int PRODUCERS = 8;
    private static final String YAML = """
            addresses:
              - match: orders
                publish: anyone
                subscribe: anyone
                history: anyone
                keep: {age: 1d}
            """;

    @TempDir
    Path home;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private int port;

    @Test
    void whatWasAcknowledgedIsThereOnceAfterKillNine() throws Exception {
        port = Ports.free();
        Files.writeString(Files.createDirectories(home.resolve("conf")).resolve("weir.yaml"), YAML);
        Random random = new Random();
        for (int round = 0; round < ROUNDS; round++) {
            int before = acknowledged.size();
            Process node = start(round);
            AtomicBoolean stopped = new AtomicBoolean();
            List<Thread> producers = produce(stopped);
            int wanted = before + 200 + random.nextInt(2_000);
            await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() >= wanted);
            node.destroyForcibly().waitFor();
            stopped.set(true);
            for (Thread producer : producers) {
                producer.join();
            }
        }
        Process last = start(ROUNDS);
        try {
            check();
        } finally {
            last.destroyForcibly().waitFor();
        }
    }

    private List<Thread> produce(AtomicBoolean stopped) {
        List<Thread> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            Thread producer = new Thread(() -> {
                while (!stopped.get()) {
                    publish("e" + ids.incrementAndGet());
                }
            });
            producer.start();
            producers.add(producer);
        }
        return producers;
    }

    /** One event; what happened to it is unknown when no answer comes. */
    private void publish(String id) {
        String event = new JsonObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/crash")
                .put("type", "order")
                .put("data", "x".repeat(250))
                .encode();
        HttpRequest request = HttpRequest.newBuilder(uri("/v1/addresses/orders/events"))
                .header("content-type", "application/cloudevents+json")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 201) {
                acknowledged.put(id, new JsonObject(answer.body()).getLong("offset"));
            }
        } catch (IOException killed) {
            assertThat(killed).isNotNull();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check() throws Exception {
        Map<String, Long> found = new HashMap<>();
        long expected = 0;
        String since = "";
        while (true) {
            JsonObject page = new JsonObject(http.send(
                            HttpRequest.newBuilder(uri("/v1/addresses/orders/events?limit=1000" + since))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
            JsonArray events = page.getJsonArray("events");
            if (events.isEmpty()) {
                break;
            }
            for (int i = 0; i < events.size(); i++) {
                JsonObject event = events.getJsonObject(i);
                long offset = Long.parseLong(event.getString("weiroffset"));
                assertThat(offset).isEqualTo(++expected);
                assertThat(found.put(event.getString("id"), offset)).isNull();
            }
            since = "&since=" + page.getString("next");
        }
        assertThat(found).containsAllEntriesOf(acknowledged);
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * 200);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private Process start(int round) throws IOException {
        Path log = home.resolve("out" + round + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.weir.Weir",
                        "--conf",
                        home.resolve("conf/weir.yaml").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(home.toFile());
        builder.environment().put("WEIR_HTTP_PORT", Integer.toString(port));
        builder.environment().put("WEIR_HTTP_MAX_LAG", "1m");
        Process process = builder.start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.readString(log).contains("    transport  ") || !process.isAlive());
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        return process;
    }
}
