package dev.weir.node;

import static dev.weir.node.SubscriptionCalls.call;
import static dev.weir.node.SubscriptionCalls.pull;
import static dev.weir.node.SubscriptionCalls.settle;
import static dev.weir.node.SubscriptionCalls.token;
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
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that a subscription has not settled outlive the retention of their address, for a while. */
class HoldTest {
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            addresses:
              - {match: orders, publish: anyone, history: anyone, keep: {events: 5, hold: %s}}
            subscriptions:
              - {name: billing, from: [orders], consume: role:billing}
            """;

    @TempDir
    Path home;

    private static String yaml(String hold) {
        return YAML.formatted(Tokens.SECRET, hold);
    }

    private static void publish(TestNode node, int events) throws Exception {
        JsonArray batch = new JsonArray();
        for (int n = 1; n <= events; n++) {
            batch.add(new JsonObject()
                    .put("specversion", "1.0")
                    .put("id", "e" + n)
                    .put("source", "/test")
                    .put("type", "paid")
                    .put("data", new JsonObject().put("n", n)));
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/orders/events")))
                .header("content-type", "application/cloudevents-batch+json")
                .POST(HttpRequest.BodyPublishers.ofString(batch.encode()))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    private static long floor(TestNode node) throws Exception {
        return new JsonObject(call(node, "GET", "/v1/addresses/orders/events", null, "")
                        .body())
                .getLong("from");
    }

    @Test
    void whatNobodyTookYetIsHeldAlsoOverARestart() throws Exception {
        try (TestNode node = TestNode.start(home, yaml("[7d, 1MiB]"))) {
            // The subscription is known to the journal once it has settled something.
            publish(node, 1);
            settle(node, pull(node, "billing", "wait=20s").getJsonObject(0), "ack");
            publish(node, 50);
        }
        try (TestNode node = TestNode.start(home, yaml("[7d, 1MiB]"))) {
            JsonArray held = pull(node, "billing", "max=100&wait=20s");
            assertThat(held).hasSize(49);
            assertThat(floor(node)).isEqualTo(1);
            for (int i = 0; i < held.size(); i++) {
                settle(node, held.getJsonObject(i), "ack");
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> floor(node) == 45);
        }
    }

    @Test
    void whatIsHeldTooLongIsGivenUpCountedAndTold() throws Exception {
        try (TestNode node = TestNode.start(home, yaml("1B"));
                BridgeClient watch = BridgeClient.connect(
                        node.port(), "/eventbus/websocket", "authorization", "Bearer " + token("operator"))) {
            watch.register("weir.subscriptions");
            publish(node, 700);
            await().atMost(Duration.ofSeconds(30)).until(() -> floor(node) == 695);
            // It has some hundred in memory and reads on when one of them is done with.
            settle(node, pull(node, "billing", "wait=20s").getJsonObject(0), "ack");
            JsonObject told = watch.next();
            assertThat(told.getJsonObject("headers").getString("ce-type")).isEqualTo("skipped");
            assertThat(told.getJsonObject("body").getString("subscription")).isEqualTo("billing");
            assertThat(told.getJsonObject("body").getString("to")).endsWith(":695");
            String metrics = call(node, "GET", "/metrics", null, "").body();
            assertThat(metrics).containsPattern("weir_subscription_skipped_total\\{subscription=\"billing\",?} [1-9]");
        }
    }
}
