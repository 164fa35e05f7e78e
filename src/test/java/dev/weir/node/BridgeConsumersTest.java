package dev.weir.node;

import static dev.weir.node.SubscriptionCalls.ok;
import static dev.weir.node.SubscriptionCalls.publish;
import static dev.weir.node.SubscriptionCalls.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consumers of a subscription over the bridge, by requests that any bridge client can send. */
class BridgeConsumersTest {
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            addresses:
              - {match: orders, publish: anyone, keep: {events: 1000}}
            subscriptions:
              - {name: billing, from: [orders], consume: role:billing, ack-wait: 10m, retry: {backoff: [10m], attempts: 3}}
            """.formatted(Tokens.SECRET);

    @TempDir
    Path home;

    private TestNode node;

    @BeforeEach
    void start() {
        node = TestNode.start(home, YAML);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private BridgeClient connect(String role) throws Exception {
        return BridgeClient.connect(node.port(), "/eventbus/websocket", "authorization", "Bearer " + token(role));
    }

    private static void send(BridgeClient client, String reply, String op, JsonObject body) {
        client.send(BridgeClient.frame("send", "weir.subscription.billing")
                .put("body", body.put("op", op))
                .put("replyAddress", reply));
    }

    private static JsonObject ask(BridgeClient client, String op, JsonObject body) {
        send(client, "r", op, body);
        JsonObject answer = client.next();
        assertThat(answer.getString("address")).isEqualTo("r");
        return answer;
    }

    private static JsonObject pull(BridgeClient client) {
        return ask(client, "pull", new JsonObject().put("wait", "30s"))
                .getJsonObject("body")
                .getJsonArray("deliveries")
                .getJsonObject(0);
    }

    private static String settle(BridgeClient client, JsonObject delivery, String outcome, String delay) {
        JsonObject item = new JsonObject().put("id", delivery.getString("id")).put("outcome", outcome);
        if (delay != null) {
            item.put("delay", delay);
        }
        return ask(client, "settle", new JsonObject().put("items", new JsonArray().add(item)))
                .getJsonObject("body")
                .getJsonArray("results")
                .getString(0);
    }

    @Test
    void deliveriesArePulledAndSettled() throws Exception {
        try (BridgeClient client = connect("billing")) {
            publish(node, "paid", "a", 1);
            JsonObject first = pull(client);
            assertThat(first.getJsonObject("event").getJsonObject("data").getInteger("n"))
                    .isEqualTo(1);
            assertThat(settle(client, first, "extend", "20m")).isEqualTo("done");
            assertThat(settle(client, first, "nack", "0s")).isEqualTo("done");
            JsonObject second = pull(client);
            assertThat(second.getInteger("attempt")).isEqualTo(2);
            assertThat(settle(client, second, "reject", null)).isEqualTo("done");
            assertThat(ok(node, "GET", "/v1/dead-letters", "operator", "").getJsonArray("deadLetters"))
                    .hasSize(1);
        }
    }

    @Test
    void whatAConsumerHasGoesToAnotherAtOnceWhenItsConnectionEnds() throws Exception {
        publish(node, "paid", "a", 1);
        try (BridgeClient other = connect("billing")) {
            try (BridgeClient first = connect("billing")) {
                assertThat(pull(first).getInteger("attempt")).isEqualTo(1);
                // This one waits and must not take anything along either.
                send(first, "w", "pull", new JsonObject().put("wait", "60s"));
            }
            JsonObject again = pull(other);
            assertThat(again.getInteger("attempt")).isEqualTo(2);
            publish(node, "paid", "b", 2);
            assertThat(pull(other).getJsonObject("event").getString("subject")).isEqualTo("b");
            assertThat(settle(other, again, "ack", null)).isEqualTo("done");
        }
    }

    @Test
    void aPullIsCancelledAndAnsweredWithNothing() throws Exception {
        try (BridgeClient client = connect("billing")) {
            // The owner must have it before it is told to end it; the frames of a session keep their order up to there.
            send(client, "w", "pull", new JsonObject().put("wait", "60s"));
            send(client, "c", "cancel", new JsonObject().put("pull", "w"));
            JsonArray seen = new JsonArray().add(client.next()).add(client.next());
            assertThat(seen.encode()).contains("\"address\":\"w\",\"body\":{\"deliveries\":[]}");
        }
    }

    @Test
    void aRefusalSaysWhy() throws Exception {
        try (BridgeClient guest = connect("guest");
                BridgeClient client = connect("billing");
                BridgeClient nobody = BridgeClient.connect(node.port())) {
            assertThat(ask(guest, "pull", new JsonObject()).getString("failureType"))
                    .isEqualTo("access_denied");
            assertThat(ask(nobody, "pull", new JsonObject()).getString("failureType"))
                    .isEqualTo("not_logged_in");
            for (JsonObject wrong : new JsonObject[] {
                new JsonObject().put("max", "many"), new JsonObject().put("max", 0), new JsonObject().put("wait", "2h")
            }) {
                assertThat(ask(client, "pull", wrong).getString("failureType"))
                        .as(wrong.encode())
                        .isEqualTo("invalid_parameter");
            }
            assertThat(ask(client, "settle", new JsonObject()).getString("message"))
                    .contains("from 1 to 1000");
            assertThat(ask(client, "push", new JsonObject()).getString("message"))
                    .contains("op");
            client.send(BridgeClient.frame("send", "weir.subscription.other")
                    .put("body", new JsonObject().put("op", "pull"))
                    .put("replyAddress", "r"));
            assertThat(client.next().getString("failureType")).isEqualTo("not_found");
            client.send(BridgeClient.frame("register", "weir.subscription.billing")
                    .put("headers", new JsonObject().put("weir-rewind", "0")));
            assertThat(client.next().getString("failureType")).isEqualTo("access_denied");
        }
    }

    @Test
    void aWaitingPullIsAnsweredWhenAnEventComes() throws Exception {
        try (BridgeClient client = connect("billing")) {
            send(client, "w", "pull", new JsonObject().put("max", 10).put("wait", "60s"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> ok(node, "GET", "/v1/subscriptions/billing", "billing", "")
                            .getBoolean("running"));
            publish(node, "paid", "a", 1);
            assertThat(client.next().getJsonObject("body").getJsonArray("deliveries"))
                    .hasSize(1);
        }
    }
}
