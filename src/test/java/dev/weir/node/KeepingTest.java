package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journaled addresses over every edge: kept, told once, found again. */
class KeepingTest {
    private static final String YAML = """
            addresses:
              - match: orders
                publish: anyone
                subscribe: anyone
                history: anyone
                keep: {events: 1000}
              - match: short
                publish: anyone
                subscribe: anyone
                history: anyone
                keep: {events: 3}
              - match: private
                publish: anyone
                subscribe: anyone
                keep: {age: 1h}
            """;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path home;

    private static HttpResponse<String> post(TestNode node, String address, String id, Object n)
            throws IOException, InterruptedException {
        String event = new JsonObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/test")
                .put("type", "order")
                .put("data", new JsonObject().put("n", n))
                .encode();
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/" + address + "/events")))
                        .header("content-type", "application/cloudevents+json")
                        .POST(HttpRequest.BodyPublishers.ofString(event))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonObject register(String address, JsonObject headers) {
        return new JsonObject().put("type", "register").put("address", address).put("headers", headers);
    }

    private static JsonObject since(String epoch, long offset) {
        return new JsonObject().put("weir-since", epoch + ":" + offset);
    }

    @Test
    void aKeptEventIsAnsweredWithItsPlaceAndARepeatWithTheSame() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            HttpResponse<String> first = post(node, "orders", "a", 1);
            assertThat(first.statusCode()).isEqualTo(201);
            JsonObject receipt = new JsonObject(first.body());
            assertThat(receipt.getLong("offset")).isEqualTo(1);
            HttpResponse<String> again = post(node, "orders", "a", 1);
            assertThat(again.statusCode()).isEqualTo(200);
            assertThat(new JsonObject(again.body())).isEqualTo(receipt);
        }
        try (TestNode node = TestNode.start(home, YAML)) {
            assertThat(post(node, "orders", "a", 1).statusCode()).isEqualTo(200);
            assertThat(new JsonObject(post(node, "orders", "b", 2).body()).getLong("offset"))
                    .isEqualTo(2);
        }
    }

    @Test
    void aSessionResumesAfterItsPositionAlsoOverARestart() throws Exception {
        String epoch;
        try (TestNode node = TestNode.start(home, YAML)) {
            for (int n = 1; n <= 5; n++) {
                post(node, "orders", "e" + n, n);
            }
            epoch = new JsonObject(post(node, "orders", "e5", 5).body()).getString("epoch");
        }
        try (TestNode node = TestNode.start(home, YAML);
                BridgeClient client = BridgeClient.connect(node.port())) {
            client.send(register("orders", since(epoch, 2)));
            JsonObject registered = client.next();
            assertThat(registered.getString("type")).isEqualTo("registered");
            assertThat(registered.getJsonObject("headers"))
                    .isEqualTo(new JsonObject()
                            .put("weir-epoch", epoch)
                            .put("weir-offset", "2")
                            .put("weir-recovered", "true"));
            for (int n = 3; n <= 5; n++) {
                JsonObject event = client.next();
                assertThat(event.getJsonObject("body").getInteger("n")).isEqualTo(n);
                assertThat(event.getJsonObject("headers").getString("weir-offset"))
                        .isEqualTo("" + n);
                assertThat(event.getJsonObject("headers").getString("ce-type")).isEqualTo("order");
            }
            post(node, "orders", "e6", 6);
            assertThat(client.next().getJsonObject("headers").getString("weir-offset"))
                    .isEqualTo("6");
            post(node, "orders", "e6", 6);
            assertThat(client.isQuiet()).isTrue();
        }
    }

    @Test
    void whatCannotBeResumedIsSaidAndNothingIsReplayed() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            for (int n = 1; n <= 9; n++) {
                post(node, "short", "s" + n, n);
                post(node, "private", "p" + n, n);
            }
            String epoch = new JsonObject(post(node, "short", "s9", 9).body()).getString("epoch");
            String other = new JsonObject(post(node, "private", "p9", 9).body()).getString("epoch");
            assertThat(reason(node, "short", since(epoch, 2))).isEqualTo("trimmed");
            assertThat(reason(node, "short", since("another", 8))).isEqualTo("epoch_changed");
            assertThat(reason(node, "short", since(epoch, 99))).isEqualTo("epoch_changed");
            assertThat(reason(node, "private", since(other, 2))).isEqualTo("access_denied");
        }
    }

    private static String reason(TestNode node, String address, JsonObject headers) {
        try (BridgeClient client = BridgeClient.connect(node.port())) {
            client.send(register(address, headers));
            JsonObject answer = client.next().getJsonObject("headers");
            assertThat(answer.getString("weir-recovered")).isEqualTo("false");
            assertThat(answer.getString("weir-offset")).isEqualTo("9");
            assertThat(client.isQuiet()).isTrue();
            return answer.getString("weir-reason");
        }
    }

    @Test
    void rewindBeginsWithTheNewest() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            for (int n = 1; n <= 5; n++) {
                post(node, "orders", "e" + n, n);
            }
            try (BridgeClient client = BridgeClient.connect(node.port())) {
                client.send(register("orders", new JsonObject().put("weir-rewind", "2")));
                assertThat(client.next().getJsonObject("headers").getString("weir-offset"))
                        .isEqualTo("3");
                assertThat(client.next().getJsonObject("body").getInteger("n")).isEqualTo(4);
                assertThat(client.next().getJsonObject("body").getInteger("n")).isEqualTo(5);
                assertThat(client.isQuiet()).isTrue();
                client.send(register("short", since("no position", 1).put("weir-since", "x")));
                assertThat(client.next().getString("body")).isEqualTo("invalid_parameter");
            }
        }
    }

    @Test
    void aBridgePublishIsAnsweredWithItsPlace() {
        try (TestNode node = TestNode.start(home, YAML);
                BridgeClient client = BridgeClient.connect(node.port())) {
            client.send(new JsonObject()
                    .put("type", "publish")
                    .put("address", "orders")
                    .put("body", "hello")
                    .put("replyAddress", "r1"));
            JsonObject answer = client.next();
            assertThat(answer.getString("address")).isEqualTo("r1");
            assertThat(answer.getJsonObject("body").getLong("offset")).isEqualTo(1);
            client.send(new JsonObject()
                    .put("type", "send")
                    .put("address", "orders")
                    .put("body", "one only")
                    .put("replyAddress", "r2"));
            assertThat(client.next().getString("failureType")).isEqualTo("rejected");
        }
    }

    @Test
    void aPlainPublishOnTheBusIsKeptAndAPlainConsumerSeesItOnce() throws Exception {
        List<Message<Object>> heard = new CopyOnWriteArrayList<>();
        try (TestNode node = TestNode.start(home, YAML);
                BridgeClient client = BridgeClient.connect(node.port())) {
            node.vertx().eventBus().consumer("orders", heard::add);
            client.send(register("orders", new JsonObject().put("weir-rewind", "0")));
            client.next();
            node.vertx().eventBus().publish("orders", new JsonObject().put("n", 7));
            JsonObject event = client.next();
            assertThat(event.getJsonObject("body").getInteger("n")).isEqualTo(7);
            assertThat(event.getJsonObject("headers").getString("weir-offset")).isEqualTo("1");
            await().until(() -> !heard.isEmpty());
            assertThat(heard).singleElement().satisfies(message -> {
                assertThat(message.headers().get("weir-offset")).isEqualTo("1");
                assertThat(message.body()).isEqualTo(new JsonObject().put("n", 7));
            });
            assertThat(new JsonObject(post(node, "orders", "next", 8).body()).getLong("offset"))
                    .isEqualTo(2);
        }
    }

    @Test
    void resumingWhileEventsComeMissesNothingAndRepeatsNothing() throws Exception {
        try (TestNode node = TestNode.start(home, YAML);
                BridgeClient producer = BridgeClient.connect(node.port())) {
            String epoch = new JsonObject(post(node, "orders", "first", 0).body()).getString("epoch");
            int last = 900;
            for (int n = 1; n < last; n++) {
                producer.send(new JsonObject()
                        .put("type", "publish")
                        .put("address", "orders")
                        .put("body", n));
                if (n % 100 == 0) {
                    try (BridgeClient client = BridgeClient.connect(node.port())) {
                        client.send(register("orders", since(epoch, 0)));
                        assertThat(client.next().getJsonObject("headers").getString("weir-recovered"))
                                .isEqualTo("true");
                        for (int offset = 1; offset <= n; offset++) {
                            assertThat(client.next().getJsonObject("headers").getString("weir-offset"))
                                    .isEqualTo("" + offset);
                        }
                    }
                }
            }
        }
    }

    @Test
    void aFolderInUseIsRefusedWithTheProcessThatHasIt() {
        try (TestNode node = TestNode.start(home, YAML)) {
            assertThat(node.port()).isPositive();
            assertThatThrownBy(() -> TestNode.start(home, YAML))
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid());
        }
    }

    private static HttpResponse<String> get(TestNode node, String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(node.url(path))).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void historyIsReadPageByPage() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            for (int n = 1; n <= 5; n++) {
                post(node, "orders", "e" + n, n);
                post(node, "short", "e" + n, n);
            }
            JsonObject first = new JsonObject(
                    get(node, "/v1/addresses/orders/events?limit=2").body());
            assertThat(first.getJsonArray("events")).hasSize(2);
            JsonObject event = first.getJsonArray("events").getJsonObject(1);
            assertThat(event.getString("id")).isEqualTo("e2");
            assertThat(event.getString("weiroffset")).isEqualTo("2");
            assertThat(event.getJsonObject("data")).isEqualTo(new JsonObject().put("n", 2));
            JsonObject rest = new JsonObject(get(node, "/v1/addresses/orders/events?since=" + first.getString("next"))
                    .body());
            assertThat(rest.getJsonArray("events")).hasSize(3);
            assertThat(rest.getLong("to")).isEqualTo(5);
            JsonObject kept =
                    new JsonObject(get(node, "/v1/addresses/short/events").body());
            assertThat(kept.getJsonArray("events")).hasSize(3);
            assertThat(kept.getLong("from")).isEqualTo(2);
            String epoch = kept.getString("epoch");
            assertThat(get(node, "/v1/addresses/short/events?since=" + epoch + ":1")
                            .statusCode())
                    .isEqualTo(410);
            assertThat(get(node, "/v1/addresses/short/events?since=other:1").statusCode())
                    .isEqualTo(409);
            assertThat(get(node, "/v1/addresses/short/events?since=x").statusCode())
                    .isEqualTo(400);
            assertThat(get(node, "/v1/addresses/short/events?limit=0").statusCode())
                    .isEqualTo(400);
            assertThat(get(node, "/v1/addresses/private/events").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void aStreamResumesAfterItsLastEventId() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            for (int n = 1; n <= 4; n++) {
                post(node, "orders", "e" + n, n);
            }
            String epoch = new JsonObject(post(node, "orders", "e4", 4).body()).getString("epoch");
            HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/stream?address=orders")))
                    .header("Last-Event-ID", epoch + ":2")
                    .build();
            try (java.util.stream.Stream<String> lines =
                    HTTP.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
                List<String> ids =
                        lines.filter(line -> line.startsWith("id: ")).limit(3).toList();
                assertThat(ids).containsExactly("id: " + epoch + ":2", "id: " + epoch + ":3", "id: " + epoch + ":4");
            }
        }
    }

    @Test
    void aJournalThatCannotWriteSaysSoAndRecoversWithoutARestart() throws Exception {
        try (TestNode node = TestNode.start(home, YAML);
                java.sql.Connection other =
                        java.sql.DriverManager.getConnection("jdbc:sqlite:" + home.resolve("data/journal.db"));
                java.sql.Statement statement = other.createStatement()) {
            assertThat(post(node, "orders", "a", 1).statusCode()).isEqualTo(201);
            statement.execute("BEGIN IMMEDIATE");
            HttpResponse<String> refused = post(node, "orders", "b", 2);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(new JsonObject(refused.body()).getString("code")).isEqualTo("unavailable");
            HttpResponse<String> health = get(node, "/health/ready");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("journal.db");
            statement.execute("ROLLBACK");
            await().until(() -> post(node, "orders", "b", 2).statusCode() < 300);
            assertThat(get(node, "/health/ready").statusCode()).isEqualTo(200);
            JsonObject kept =
                    new JsonObject(get(node, "/v1/addresses/orders/events").body());
            assertThat(kept.getJsonArray("events")).hasSize(2);
        }
    }

    @Test
    void withoutASourceAnIdHoldsWithinItsSession() {
        try (TestNode node = TestNode.start(home, YAML);
                BridgeClient one = BridgeClient.connect(node.port());
                BridgeClient other = BridgeClient.connect(node.port())) {
            assertThat(offsetOf(one)).isEqualTo(1);
            assertThat(offsetOf(other)).isEqualTo(2);
            assertThat(offsetOf(one)).isEqualTo(1);
        }
    }

    private static long offsetOf(BridgeClient client) {
        client.send(new JsonObject()
                .put("type", "publish")
                .put("address", "orders")
                .put("headers", new JsonObject().put("ce-id", "1"))
                .put("body", "x")
                .put("replyAddress", "r"));
        return client.next().getJsonObject("body").getLong("offset");
    }
}
