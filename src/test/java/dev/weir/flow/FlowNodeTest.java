package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.config.ConfigException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flows of a real node, plain and kept, over restarts and reloads. */
class FlowNodeTest {
    private static final String YAML = """
            addresses:
              - {match: readings, publish: anyone, subscribe: anyone}
              - {match: alerts, subscribe: anyone}
              - {match: orders, publish: anyone, keep: {events: 100000}}
              - {match: large, history: anyone, keep: {events: 100000}}
            """;
    private static final String PLAIN = """
            flow: hot
            from: readings
            stages:
              - filter: event.data.celsius > 30
              - map: {room: event.data.room, fahrenheit: event.data.celsius * 1.8 + 32}
            to: alerts
            """;
    private static final String KEPT = """
            flow: large-orders
            from: orders
            stages:
              - filter: event.data.total >= 100
            to: large
            """;

    @TempDir
    Path home;

    private void flow(String name, String text) throws IOException {
        Path folder = Files.createDirectories(home.resolve("conf").resolve("flows"));
        Files.writeString(folder.resolve(name + ".yaml"), text);
    }

    private static void publish(TestNode node, String address, JsonObject data) throws Exception {
        Publisher publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
        publisher
                .publish(Origin.node("test"), address, MultiMap.caseInsensitiveMultiMap(), data, 0)
                .await(30, TimeUnit.SECONDS);
    }

    private static JsonArray history(TestNode node, String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(node.url("/v1/addresses/" + address + "/events?limit=1000")))
                .build();
        String body = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return new JsonObject(body).getJsonArray("events");
    }

    @Test
    void aPlainFlowEmitsWhatComesThrough() throws Exception {
        flow("hot", PLAIN);
        try (TestNode node = TestNode.start(home, YAML)) {
            List<Object> heard = new CopyOnWriteArrayList<>();
            node.vertx()
                    .eventBus()
                    .consumer("alerts", message -> heard.add(message.body()))
                    .completion()
                    .await(30, TimeUnit.SECONDS);
            publish(node, "readings", new JsonObject().put("room", "a").put("celsius", 20));
            publish(node, "readings", new JsonObject().put("room", "b").put("celsius", 40));
            await().untilAsserted(() -> assertThat(heard)
                    .containsExactly(new JsonObject().put("room", "b").put("fahrenheit", 104.0)));
        }
    }

    @Test
    void aKeptFlowGoesOnWhereItWasAndEmitsEachOnce() throws Exception {
        flow("large", KEPT);
        int each = 150;
        for (int round = 0; round < 3; round++) {
            try (TestNode node = TestNode.start(home, YAML)) {
                List<Future<?>> published = new ArrayList<>();
                for (int i = 0; i < each; i++) {
                    publish(
                            node,
                            "orders",
                            new JsonObject().put("n", round * each + i).put("total", i % 2 == 0 ? 100 : 1));
                }
                Future.all(published).await(30, TimeUnit.SECONDS);
                int expected = (round + 1) * each / 2;
                await().untilAsserted(
                                () -> assertThat(history(node, "large").size()).isEqualTo(expected));
                assertThat(history(node, "large").stream().map(event -> ((JsonObject) event)
                                .getJsonObject("data")
                                .getInteger("n")))
                        .doesNotHaveDuplicates()
                        .isSorted();
            }
        }
    }

    @Test
    void flowsFollowTheirFilesOnReloadAndABadOneChangesNothing() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            List<Object> heard = new CopyOnWriteArrayList<>();
            node.vertx()
                    .eventBus()
                    .consumer("alerts", message -> heard.add(message.body()))
                    .completion()
                    .await(30, TimeUnit.SECONDS);
            flow("hot", PLAIN);
            node.reload();
            publish(node, "readings", new JsonObject().put("room", "b").put("celsius", 40));
            await().untilAsserted(() -> assertThat(heard).hasSize(1));
            flow("hot", PLAIN.replace("celsius > 30", "celsus >"));
            Assertions.assertThatThrownBy(node::reload)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("conf/flows/hot.yaml:4");
            publish(node, "readings", new JsonObject().put("room", "c").put("celsius", 50));
            await().untilAsserted(() -> assertThat(heard).hasSize(2));
            flow("hot", PLAIN.replace("> 30", "> 60"));
            node.reload();
            publish(node, "readings", new JsonObject().put("room", "d").put("celsius", 50));
            publish(node, "readings", new JsonObject().put("room", "e").put("celsius", 70));
            await().untilAsserted(() -> assertThat(heard).hasSize(3));
        }
    }

    private static JsonObject ask(TestNode node, String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url(path)))
                .header(
                        "authorization",
                        "Bearer " + Tokens.hs256(Tokens.claims("op", 60).put("roles", new JsonArray().add("operator"))))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        return answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
    }

    private static String state(TestNode node) throws Exception {
        return ask(node, "GET", "/v1/flows/large-orders")
                .getJsonArray("nodes")
                .getJsonObject(0)
                .getString("state");
    }

    @Test
    void operatorsSeeFlowsPauseThemAndLetThemGoOn() throws Exception {
        flow("large", KEPT);
        try (TestNode node = TestNode.start(home, "auth: {jwt: {secret: '" + Tokens.SECRET + "'}}\n" + YAML)) {
            publish(node, "orders", new JsonObject().put("total", 100));
            await().untilAsserted(
                            () -> assertThat(history(node, "large").size()).isEqualTo(1));
            assertThat(ask(node, "GET", "/v1/flows").getJsonArray("flows").size())
                    .isEqualTo(1);
            JsonObject described = ask(node, "GET", "/v1/flows/large-orders");
            assertThat(described.getBoolean("kept")).isTrue();
            assertThat(described.getString("text")).isEqualTo(KEPT);
            assertThat(described.getJsonObject("graph").getJsonArray("stages").size())
                    .isEqualTo(1);
            ask(node, "POST", "/v1/flows/large-orders/pause");
            await().untilAsserted(() -> assertThat(state(node)).isEqualTo("paused"));
            publish(node, "orders", new JsonObject().put("total", 200));
            ask(node, "POST", "/v1/flows/large-orders/resume");
            await().untilAsserted(() -> assertThat(state(node)).isEqualTo("running"));
            await().untilAsserted(
                            () -> assertThat(history(node, "large").size()).isEqualTo(2));
        }
    }

    @Test
    void whatCannotBeKeptWhileItWaitsIsDroppedAndTheFlowGoesOn() throws Exception {
        flow("slow", """
                flow: slow
                from: [orders, readings]
                stages:
                  - throttle: {rate: 1/h, over: delay, by: event.key}
                to: large
                """);
        try (TestNode node = TestNode.start(home, "auth: {jwt: {secret: '" + Tokens.SECRET + "'}}\n" + YAML)) {
            publish(node, "orders", "k", "one", 1);
            await().untilAsserted(() -> assertThat(sums(node)).containsExactly(1));
            publish(node, "readings", "k", "x".repeat(3_000), 2);
            await().untilAsserted(
                            () -> assertThat(ask(node, "GET", "/v1/flows/slow").encode())
                                    .contains(
                                            "\"unkept\":1",
                                            "it cannot be kept while it waits: the header ce-id has more than 2000 bytes"));
            publish(node, "orders", "another", "three", 3);
            await().untilAsserted(() -> assertThat(sums(node)).containsExactly(1, 3));
        }
    }

    private static void publish(TestNode node, String address, String key, String id, int n) throws Exception {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap().set("ce-subject", key).set("ce-id", id);
        Objects.requireNonNull(Publisher.of(node.vertx()))
                .publish(Origin.node("test"), address, headers, new JsonObject().put("n", n), 0)
                .await(30, TimeUnit.SECONDS);
    }

    @Test
    void metricsCountOnThoughMemoryIsCleanedUp() throws Exception {
        flow("large", KEPT);
        try (TestNode node = TestNode.start(home, YAML)) {
            System.gc();
            publish(node, "orders", new JsonObject().put("total", 100));
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(node.url("/metrics"))).build();
            await().untilAsserted(() -> assertThat(HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("weir_flow_events_total{flow=\"large-orders\"} 1.0"));
        }
    }

    @Test
    void windowsAreOverWithTheFileThatFillsThem() throws Exception {
        Path file = home.resolve("readings.csv");
        Files.writeString(file, "time,n\n2026-01-01T00:00:00Z,1\n2026-01-01T01:00:00Z,2\n");
        flow("hours", """
                flow: hours
                from: {file: {file: readings.csv}}
                stages:
                  - window: {every: 1h, time: event.data.time, compute: {n: sum(event.data.n)}}
                to: large
                """);
        try (TestNode node = TestNode.start(home, YAML)) {
            await().untilAsserted(() -> assertThat(sums(node)).containsExactly(1, 2));
        }
        Files.writeString(
                file, "2026-01-01T01:59:59Z,4\n2026-01-01T02:00:00Z,8\n", java.nio.file.StandardOpenOption.APPEND);
        // What was over stays over, and what comes late is said to.
        try (TestNode node = TestNode.start(home, YAML)) {
            await().untilAsserted(() -> assertThat(sums(node)).containsExactly(1, 2, 8));
        }
    }

    private static List<Integer> sums(TestNode node) throws Exception {
        return history(node, "large").stream()
                .map(event -> ((JsonObject) event).getJsonObject("data").getInteger("n"))
                .toList();
    }

    @Test
    void aFileIsReadOnWhereItWasAfterARestart() throws Exception {
        Path file = home.resolve("orders.ndjson");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            lines.append(new JsonObject().put("n", i).put("total", 100).encode())
                    .append('\n');
        }
        Files.writeString(file, lines);
        flow("file", """
                flow: from-file
                from: {file: {file: orders.ndjson}}
                stages:
                  - filter: event.data.total >= 100
                to: large
                """);
        try (TestNode node = TestNode.start(home, YAML)) {
            await().untilAsserted(
                            () -> assertThat(history(node, "large").size()).isEqualTo(500));
        }
        Files.writeString(file, "{\"n\":500,\"total\":100}\n", java.nio.file.StandardOpenOption.APPEND);
        try (TestNode node = TestNode.start(home, YAML)) {
            await().untilAsserted(
                            () -> assertThat(history(node, "large").size()).isEqualTo(501));
            assertThat(history(node, "large").stream()
                            .map(event ->
                                    ((JsonObject) event).getJsonObject("data").getInteger("n")))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aFlowAnswersRequests() throws Exception {
        flow("prices", """
                flow: prices
                from: pricing
                stages:
                  - map: {total: event.data.qty * 3}
                to: {reply: {}}
                """);
        try (TestNode node = TestNode.start(home, YAML + "  - {match: pricing, request: anyone}\n")) {
            Object answer = node.vertx()
                    .eventBus()
                    .request("pricing", new JsonObject().put("qty", 2))
                    .await(30, TimeUnit.SECONDS)
                    .body();
            assertThat(answer).isEqualTo(new JsonObject().put("total", 6L));
        }
    }

    @Test
    void anEventThatCannotBeProcessedIsADeadLetterAndGoesOnWhenItIsReplayed() throws Exception {
        flow("large", KEPT.replace("event.data.total >= 100", "event.data.totl >= 100"));
        String yaml = "auth: {jwt: {secret: '" + Tokens.SECRET + "'}}\n" + YAML;
        try (TestNode node = TestNode.start(home, yaml)) {
            List<Object> told = new CopyOnWriteArrayList<>();
            node.vertx()
                    .eventBus()
                    .consumer("weir.dead-letters", message -> told.add(message.body()))
                    .completion()
                    .await(30, TimeUnit.SECONDS);
            publish(node, "orders", new JsonObject().put("total", 100));
            await().untilAsserted(() -> assertThat(told).hasSize(1));
            JsonObject letter = ask(node, "GET", "/v1/dead-letters")
                    .getJsonArray("deadLetters")
                    .getJsonObject(0);
            assertThat(letter.getString("subscription")).isEqualTo("flow.large-orders");
            assertThat(letter.getString("hop")).isEqualTo("filter");
            assertThat(letter.getString("reason")).isEqualTo("rejected");
            assertThat(letter.getJsonArray("failures").encode()).contains("event.data.totl is missing");
            ask(node, "POST", "/v1/dead-letters/" + letter.getString("id") + "/replay");
            await().untilAsserted(() -> assertThat(told).hasSize(2));
            flow("large", KEPT);
            node.reload();
            ask(node, "POST", "/v1/dead-letters/replay?subscription=flow.large-orders");
            await().untilAsserted(
                            () -> assertThat(history(node, "large").size()).isEqualTo(1));
            assertThat(ask(node, "GET", "/v1/dead-letters").getJsonArray("deadLetters"))
                    .isEmpty();
        }
    }
}
