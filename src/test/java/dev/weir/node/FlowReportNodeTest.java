package dev.weir.node;

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
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of flows of a real node, whose flows work, fail and meet a service that is not there. */
class FlowReportNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            addresses:
              - {match: orders, publish: anyone, keep: {events: 1000}}
              - {match: large, keep: {events: 1000}}
            """.formatted(Tokens.SECRET);
    private static final String FLOW = """
            flow: orders
            from: orders
            stages:
              - map: {total: event.data.price * event.data.count}
                id: total
            to:
              - {address: large}
              - webhook: {url: "http://127.0.0.1:1/", timeout: 1s, breaker: {of: 1, pause: 1h}, retry: {backoff: [1h], attempts: 2}}
                id: shop
            """;

    @TempDir
    static Path home;

    private static TestNode node;

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(
                Files.createDirectories(home.resolve("conf").resolve("flows")).resolve("orders.yaml"), FLOW);
        node = TestNode.start(home, YAML);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static String token(String role) {
        return Tokens.hs256(Tokens.claims("ann", 600).put("roles", new JsonArray().add(role)));
    }

    private static HttpResponse<String> send(String method, String path, String role, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url(path)))
                .header("authorization", "Bearer " + token(role))
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static JsonObject report() throws Exception {
        JsonObject answer =
                new JsonObject(send("GET", "/v1/reports/flows", "viewer", "").body());
        return answer.getJsonArray("nodes")
                .getJsonObject(0)
                .getJsonArray("flows")
                .getJsonObject(0);
    }

    private static JsonObject stage(JsonObject flow, String stage) {
        return flow.getJsonObject("stages").getJsonObject(stage);
    }

    @Test
    void viewersSeeWhatFlowsDoAndHearWhatChanges() throws Exception {
        JsonObject before = report();
        assertThat(before.getString("state")).isEqualTo("running");
        assertThat(before.getBoolean("kept")).isTrue();
        assertThat(before.getString("file")).endsWith("orders.yaml");
        assertThat(before.getJsonObject("graph").getJsonArray("edges")).hasSize(3);
        try (BridgeClient viewer = BridgeClient.connect(
                node.port(), "/eventbus/websocket", "authorization", "Bearer " + token("viewer"))) {
            viewer.register("weir.flows.*");
            send("POST", "/v1/addresses/orders/events", "viewer", "{\"price\":5,\"count\":2}");
            send("POST", "/v1/addresses/orders/events", "viewer", "{\"price\":5}");
            JsonObject flow = heard(
                    viewer,
                    told -> stage(told, "total").getLong("in") == 2
                            && "open".equals(stage(told, "shop").getString("breaker")));
            assertThat(stage(flow, "total").getLong("errors")).isEqualTo(1);
            assertThat(stage(flow, "total").getLong("deadLettered")).isEqualTo(1);
            assertThat(stage(flow, "total")
                            .getJsonArray("lastErrors")
                            .getJsonObject(0)
                            .getString("error"))
                    .contains("count");
            assertThat(stage(flow, "shop").getLong("held")).isEqualTo(1);
            send("POST", "/v1/flows/orders/pause", "operator", "");
            heard(viewer, told -> told.getString("state").equals("paused"));
            send("POST", "/v1/flows/orders/resume", "operator", "");
            heard(viewer, told -> told.getString("state").equals("running"));
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(report().getString("state")).isEqualTo("running"));
    }

    private static JsonObject heard(BridgeClient viewer, java.util.function.Predicate<JsonObject> wanted) {
        while (true) {
            JsonObject frame = new JsonObject(viewer.nextText());
            if (!"rec".equals(frame.getString("type"))) {
                continue;
            }
            assertThat(frame.getJsonObject("headers").getString("weir-address")).startsWith("weir.flows.");
            JsonArray flows = frame.getJsonObject("body").getJsonArray("flows", new JsonArray());
            if (!flows.isEmpty() && wanted.test(flows.getJsonObject(0))) {
                return flows.getJsonObject(0);
            }
        }
    }
}
