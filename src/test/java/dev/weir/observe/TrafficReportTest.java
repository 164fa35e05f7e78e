package dev.weir.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node tells of its addresses. */
class TrafficReportTest {
    private static final String CONF = """
            auth: {jwt: {secret: "%s"}}
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone}
              - {match: "chat.{room}", publish: anyone, subscribe: anyone, presence: anyone, history: "role:staff", keep: {events: 100, age: 1d}}
              - {match: lonely, publish: anyone, subscribe: signed-in}
              - {match: pricing, request: [signed-in, "ask:door"]}
            subscriptions:
              - {name: billing, from: [chat.lobby], consume: anyone}
            """.formatted(Tokens.SECRET);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path home;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(home, CONF);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static String viewer() {
        return "Bearer " + Tokens.hs256(Tokens.claims("eve", 600).put("roles", new JsonArray().add("viewer")));
    }

    private static JsonObject report() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/reports/traffic")))
                .header("Authorization", viewer())
                .build();
        JsonObject all =
                new JsonObject(HTTP.send(request, BodyHandlers.ofString()).body());
        return all.getJsonArray("nodes").getJsonObject(0);
    }

    private static JsonObject find(JsonArray all, String key, String value) {
        return all.stream()
                .map(JsonObject.class::cast)
                .filter(each -> value.equals(each.getString(key)))
                .findFirst()
                .orElse(new JsonObject());
    }

    private static JsonObject row(JsonObject report, String address) {
        return find(report.getJsonArray("addresses"), "address", address);
    }

    private static JsonObject publish(String address, Object body) {
        return BridgeClient.frame("publish", address).put("body", body);
    }

    @Test
    void listenersAreCountedByKindAndWhatTravelsToo() throws Exception {
        try (BridgeClient one = BridgeClient.connect(node.port());
                BridgeClient two = BridgeClient.connect(node.port())) {
            one.register("orders");
            two.register("orders");
            var verticle = node.vertx().eventBus().consumer("orders", message -> {});
            await().until(() -> row(report(), "orders").getInteger("verticles", 0) == 1);
            one.send(publish("orders", 1));
            node.vertx().eventBus().publish("orders", 2);
            one.next();
            one.next();
            two.next();
            two.next();
            JsonObject row = row(report(), "orders");
            assertThat(row.getInteger("bridge")).isEqualTo(2);
            assertThat(row.getInteger("in")).isEqualTo(2);
            assertThat(row.getInteger("out")).isEqualTo(4);
            await().until(() -> row(report(), "orders").getInteger("taken") == 2);
            assertThat(row.getString("match")).isEqualTo("orders");
            verticle.unregister();
        }
    }

    @Test
    void whatIsKeptWhoIsThereAndHowSubscriptionsDoIsTold() throws Exception {
        try (BridgeClient one = BridgeClient.connect(node.port())) {
            one.register("chat.lobby");
            one.send(publish("chat.lobby", "hello"));
            one.next();
            await().until(() -> row(report(), "chat.lobby").containsKey("kept"));
            JsonObject row = row(report(), "chat.lobby");
            assertThat(row.getJsonObject("kept").getInteger("head")).isEqualTo(1);
            assertThat(row.getInteger("in")).isEqualTo(1);
            await().until(() -> find(report().getJsonArray("subscriptions"), "name", "billing")
                    .getBoolean("owned", false));
            JsonObject billing = find(report().getJsonArray("subscriptions"), "name", "billing");
            assertThat(billing.getJsonArray("from").getString(0)).isEqualTo("chat.lobby");
            assertThat(billing.containsKey("lag")).isTrue();
        }
    }

    @Test
    void policiesAreToldInWordsWithTheirPlace() throws Exception {
        JsonArray policies = report().getJsonArray("policies");
        JsonObject chat = find(policies, "match", "chat.{room}");
        assertThat(chat.getString("at")).endsWith("weir.yaml:4");
        assertThat(chat.getString("keep")).isEqualTo("the newest 100 events for 1d");
        JsonObject history = find(chat.getJsonArray("rules"), "action", "history");
        assertThat(history.getString("who")).isEqualTo("whoever has the role staff");
        assertThat(history.getString("needs")).isEqualTo("token");
        JsonObject publish = find(chat.getJsonArray("rules"), "action", "publish");
        assertThat(publish.getString("needs")).isEqualTo("nothing");
        JsonObject pricing = find(policies, "match", "pricing");
        assertThat(pricing.getString("kind")).isEqualTo("requests");
        assertThat(find(pricing.getJsonArray("rules"), "action", "request").getString("who"))
                .isEqualTo("whoever is signed in, or whoever the listener on door allows");
        assertThat(find(pricing.getJsonArray("rules"), "action", "respond").getString("needs"))
                .isEqualTo("never");
    }

    @Test
    void whatNobodyHearsIsListedUntilSomebodyListens() throws Exception {
        try (BridgeClient one = BridgeClient.connect(node.port())) {
            for (int i = 0; i < 3; i++) {
                one.send(publish("lonely", i));
            }
            await().until(() ->
                    find(report().getJsonArray("unheard"), "address", "lonely").getInteger("events", 0) == 3);
            assertThat(find(report().getJsonArray("unheard"), "address", "lonely")
                            .getLong("since"))
                    .isPositive();
            node.vertx().eventBus().consumer("lonely", message -> {});
            await().until(() ->
                    find(report().getJsonArray("unheard"), "address", "lonely").isEmpty());
        }
    }

    @Test
    void whoListensHearsOfWhatChanged() {
        try (BridgeClient watcher = BridgeClient.connect(node.port());
                BridgeClient writer = BridgeClient.connect(node.port())) {
            watcher.send(BridgeClient.frame("register", "weir.traffic.*")
                    .put("headers", new JsonObject().put("authorization", viewer())));
            JsonObject told = new JsonObject();
            while (!told.containsKey("kept")) {
                writer.send(publish("chat.news", 1));
                JsonObject heard = watcher.poll(Duration.ofMillis(200));
                if (heard != null) {
                    assertThat(heard.getJsonObject("headers").getString("weir-address"))
                            .startsWith("weir.traffic.");
                    JsonObject news = heard.getJsonObject("body");
                    told = news.containsKey("addresses") ? row(news, "chat.news") : told;
                }
            }
            assertThat(told.getJsonObject("kept").getInteger("head")).isPositive();
        }
    }

    @Test
    void whoIsNoViewerSeesNothing() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/reports/traffic")))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
    }
}
