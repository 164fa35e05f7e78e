package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does when its disk does not. */
class JournalFaultsTest {
    private static final String YAML = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {age: 1d}}
              - {match: plain, publish: anyone, subscribe: anyone}
            """;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path home;

    private static HttpResponse<String> post(TestNode node, String address, String id) throws Exception {
        String event = new JsonObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/test")
                .put("type", "order")
                .put("data", "x".repeat(20_000))
                .encode();
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/" + address + "/events")))
                        .header("content-type", "application/cloudevents+json")
                        .POST(HttpRequest.BodyPublishers.ofString(event))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(TestNode node, String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(node.url(path))).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The ids of everything that is kept, in order. */
    private static List<String> ids(TestNode node) throws Exception {
        List<String> ids = new ArrayList<>();
        String since = "";
        while (true) {
            JsonObject page = new JsonObject(
                    get(node, "/v1/addresses/orders/events?limit=50" + since).body());
            JsonArray events = page.getJsonArray("events");
            if (events.isEmpty()) {
                return ids;
            }
            events.forEach(event -> ids.add(((JsonObject) event).getString("id")));
            since = "&since=" + page.getString("next");
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void aFullDiskIsSaidLosesNothingAndIsRecoveredFromOnceThereIsRoom() throws Exception {
        Path small = Files.createDirectories(home.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small.toString()) == 0,
                "a small file system takes the right to mount one");
        try (TestNode node = TestNode.start(home, YAML, Map.of("WEIR_JOURNAL_PATH", small.toString()))) {
            List<String> acknowledged = new ArrayList<>();
            int next = 0;
            int status = 201;
            while (status == 201) {
                String id = "e" + next++;
                status = post(node, "orders", id).statusCode();
                if (status == 201) {
                    acknowledged.add(id);
                }
            }
            assertThat(status).isEqualTo(503);
            assertThat(acknowledged).hasSizeGreaterThan(10);
            HttpResponse<String> health = get(node, "/health/ready");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("full");
            assertThat(post(node, "plain", "p").statusCode())
                    .as("all else goes on")
                    .isEqualTo(202);
            assertThat(run("mount", "-o", "remount,size=30m", small.toString())).isZero();
            String again = "e" + (next - 1);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> post(node, "orders", again).statusCode() < 300);
            acknowledged.add(again);
            assertThat(get(node, "/health/ready").statusCode()).isEqualTo(200);
            assertThat(ids(node)).isEqualTo(acknowledged);
        } finally {
            run("umount", small.toString());
        }
    }

    @Test
    void aDamagedFileIsSaidAndLeftAsItIs() throws Exception {
        Path file = home.resolve("data/journal.db");
        try (TestNode node = TestNode.start(home, YAML)) {
            assertThat(post(node, "orders", "a").statusCode()).isEqualTo(201);
        }
        try (RandomAccessFile damage = new RandomAccessFile(file.toFile(), "rw")) {
            damage.write("This is not what was written here.".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        long size = Files.size(file);
        try (TestNode node = TestNode.start(home, YAML)) {
            HttpResponse<String> health = get(node, "/health/ready");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("journal.db").contains("not a database");
            assertThat(post(node, "orders", "b").statusCode()).isEqualTo(503);
            assertThat(get(node, "/v1/addresses/orders/events").statusCode()).isEqualTo(503);
            assertThat(post(node, "plain", "p").statusCode()).isEqualTo(202);
            assertThat(Files.size(file)).isEqualTo(size);
            assertThat(Files.readAllBytes(file))
                    .startsWith("This is not".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            // The operator puts it aside; no restart is needed.
            Files.move(file, home.resolve("damaged.db"));
            awaitKept(node, "c");
            assertThat(get(node, "/health/ready").statusCode()).isEqualTo(200);
            assertThat(ids(node)).containsExactly("c");
        }
    }

    private static void awaitKept(TestNode node, String id) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> post(node, "orders", id).statusCode() < 300);
    }

    private static String epoch(HttpResponse<String> receipt) {
        return new JsonObject(receipt.body()).getString("epoch");
    }

    @Test
    void aFileThatIsRemovedUnderARunningNodeIsMissedAndBegunAnew() throws Exception {
        Path file = home.resolve("data/journal.db");
        try (TestNode node = TestNode.start(home, YAML)) {
            String epoch = epoch(post(node, "orders", "a"));
            Files.delete(file);
            // Until it is missed, which takes half a second, events go where nobody finds them again.
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                HttpResponse<String> answer = post(node, "orders", "b" + System.nanoTime());
                return answer.statusCode() == 201 && !epoch(answer).equals(epoch);
            });
            assertThat(get(node, "/health/ready").statusCode()).isEqualTo(200);
            assertThat(post(node, "orders", "last").statusCode()).isEqualTo(201);
        }
        try (TestNode node = TestNode.start(home, YAML)) {
            assertThat(ids(node)).endsWith("last").doesNotContain("a");
        }
    }

    @Test
    void aTornEndOfTheWriteAheadLogCostsNothingThatWasAcknowledged() throws Exception {
        Path copy = Files.createDirectories(home.resolve("copy/data"));
        List<String> acknowledged = new ArrayList<>();
        try (TestNode node = TestNode.start(home, YAML)) {
            for (int i = 0; i < 20; i++) {
                assertThat(post(node, "orders", "e" + i).statusCode()).isEqualTo(201);
                acknowledged.add("e" + i);
            }
            // As a power cut leaves them: everything that was synced, and half of what was on its way.
            for (String file : List.of("journal.db", "journal.db-wal")) {
                Files.copy(home.resolve("data").resolve(file), copy.resolve(file));
            }
        }
        Files.write(copy.resolve("journal.db-wal"), new byte[5_000], StandardOpenOption.APPEND);
        try (TestNode node = TestNode.start(home.resolve("copy"), YAML)) {
            assertThat(ids(node)).isEqualTo(acknowledged);
            assertThat(post(node, "orders", "e3").statusCode())
                    .as("still known")
                    .isEqualTo(200);
            assertThat(post(node, "orders", "next").statusCode()).isEqualTo(201);
        }
    }
}
