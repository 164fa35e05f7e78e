package dev.weir.node;

import static dev.weir.node.SubscriptionCalls.call;
import static dev.weir.node.SubscriptionCalls.ok;
import static dev.weir.node.SubscriptionCalls.publish;
import static dev.weir.node.SubscriptionCalls.pull;
import static dev.weir.node.SubscriptionCalls.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.PostgresServer;
import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subscriptions that operators make over HTTP: kept, served like those of the configuration, by the same rules. */
class MadeSubscriptionsTest {
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            addresses:
              - {match: orders, publish: anyone, keep: {events: 1000}}
              - {match: more, publish: anyone, keep: {events: 1000}}
              - {match: plain, publish: anyone}
            subscriptions:
              - {name: mail, from: [orders], consume: signed-in}
            """.formatted(Tokens.SECRET);
    private static final String AUDIT = "{\"from\":[\"orders\"],\"consume\":\"role:billing\",\"types\":[\"paid\"]}";

    @TempDir
    Path home;

    private static HttpResponse<String> put(TestNode node, String name, String spec) throws Exception {
        return call(node, "PUT", "/v1/subscriptions/" + name, "operator", spec);
    }

    private static void make(TestNode node, String name, String spec) throws Exception {
        HttpResponse<String> response = put(node, name, spec);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    private static int first(TestNode node, String name) throws Exception {
        return pull(node, name, "wait=30s")
                .getJsonObject(0)
                .getJsonObject("event")
                .getJsonObject("data")
                .getInteger("n");
    }

    @Test
    void oneIsMadeServedListedChangedAndDeleted() throws Exception {
        try (TestNode node = TestNode.start(home, YAML);
                BridgeClient watch = BridgeClient.connect(
                        node.port(), "/eventbus/websocket", "authorization", "Bearer " + token("operator"))) {
            watch.register("weir.audit");
            publish(node, "placed", "a", 1);
            publish(node, "paid", "a", 2);
            make(node, "audit", AUDIT);
            assertThat(watch.next().getJsonObject("headers").getString("ce-type"))
                    .isEqualTo("subscription.made");
            assertThat(first(node, "audit")).isEqualTo(2);
            JsonObject shown = ok(node, "GET", "/v1/subscriptions/audit", "billing", "");
            assertThat(shown.getString("declared")).isEqualTo("http");
            assertThat(shown.getJsonObject("spec").getString("consume")).isEqualTo("role:billing");
            JsonArray all = ok(node, "GET", "/v1/subscriptions", "operator", "").getJsonArray("subscriptions");
            assertThat(all).hasSize(2);
            assertThat(all.getJsonObject(1).getString("declared")).isEqualTo("configuration");

            HttpResponse<String> changed = put(node, "audit", "{\"from\":[\"orders\"],\"consume\":\"role:boss\"}");
            assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
            assertThat(call(node, "POST", "/v1/subscriptions/audit/pull", "billing", "")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(call(node, "DELETE", "/v1/subscriptions/audit", "operator", "")
                            .statusCode())
                    .isEqualTo(204);
            assertThat(call(node, "GET", "/v1/subscriptions/audit", "operator", "")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(call(node, "DELETE", "/v1/subscriptions/audit", "operator", "")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void itIsThereAfterARestartWithItsPositionAndANewOneOfItsNameBeginsAnew() throws Exception {
        String spec = "{\"from\":[\"orders\"],\"consume\":\"role:billing\"}";
        try (TestNode node = TestNode.start(home, YAML)) {
            make(node, "audit", spec);
            publish(node, "paid", "a", 1);
            publish(node, "paid", "b", 2);
            String id = pull(node, "audit", "wait=30s").getJsonObject(0).getString("id");
            ok(
                    node,
                    "POST",
                    "/v1/subscriptions/audit/settle",
                    "billing",
                    "{\"items\":[{\"id\":\"" + id + "\",\"outcome\":\"ack\"}]}");
        }
        try (TestNode node = TestNode.start(home, YAML)) {
            assertThat(first(node, "audit")).isEqualTo(2);
            call(node, "DELETE", "/v1/subscriptions/audit", "operator", "");
            make(node, "audit", spec);
            assertThat(first(node, "audit")).isEqualTo(1);
        }
    }

    @Test
    void theFileCountsWhereBothHaveOneAndOneWhoseAddressIsGoneSaysSo() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            make(node, "audit", AUDIT);
            make(node, "other", "{\"from\":[\"more\"]}");
            String file = YAML.replace("  - {match: more, publish: anyone, keep: {events: 1000}}\n", "")
                    + "  - {name: audit, from: [orders], consume: signed-in}\n";
            Files.writeString(home.resolve("conf/weir.yaml"), file);
            node.reload();
            HttpResponse<String> refused = put(node, "audit", AUDIT);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("declared in the configuration").contains("weir.yaml:");
            assertThat(ok(node, "GET", "/v1/subscriptions/audit", "operator", "")
                            .getString("declared"))
                    .isEqualTo("configuration");
            assertThat(ok(node, "GET", "/v1/subscriptions/other", "operator", "")
                            .getString("problem"))
                    .contains("no policy declares 'more'");
        }
    }

    @Test
    void itBeginsAtTheEndAtAPositionOrAtATime() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            String epoch = new JsonObject(call(node, "POST", "/v1/addresses/orders/events", null, "{\"n\":1}")
                            .body())
                    .getString("epoch");
            publish(node, "paid", "b", 2);
            Instant before = Instant.now();
            await().until(() -> Instant.now().toEpochMilli() > before.toEpochMilli());
            Instant between = Instant.now();
            publish(node, "paid", "c", 3);
            make(node, "end", start("end"));
            make(node, "position", start(epoch + ":1"));
            make(node, "time", start(between.toString()));
            publish(node, "paid", "d", 4);
            assertThat(first(node, "end")).isEqualTo(4);
            assertThat(first(node, "position")).isEqualTo(2);
            assertThat(first(node, "time")).isEqualTo(3);
            assertThat(put(node, "ahead", start(epoch + ":9")).statusCode()).isEqualTo(409);
            assertThat(put(node, "another", start("x:1")).statusCode()).isEqualTo(409);
        }
    }

    private static String start(String start) {
        return "{\"from\":[\"orders\"],\"consume\":\"role:billing\",\"start\":\"" + start + "\"}";
    }

    @Test
    void whatIsWrongIsSaidAndChangesNothing() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            wrong(node, "", 400, "send {");
            wrong(node, "[]", 400, "send {");
            wrong(node, "{}", 422, "from is missing");
            wrong(node, "{'from':['nowhere']}", 422, "no policy declares 'nowhere'");
            wrong(node, "{'from':['plain']}", 422, "nothing is kept of 'plain'");
            wrong(node, "{'from':['orders'],'ack-wait':'1y'}", 422, "ack-wait");
            wrong(node, "{'from':['orders'],'ackWait':'1s'}", 422, "did you mean ack-wait?");
            wrong(node, "{'from':['orders'],'consume':'who'}", 422, "consume");
            wrong(node, "{'from':['orders'],'start':'noon'}", 422, "neither beginning nor end");
            wrong(node, "{'name':'x','from':['orders']}", 400, "name is another one");
            assertThat(put(node, "a.b", AUDIT).body()).contains("is no name of a subscription");
            assertThat(put(node, "mail", AUDIT).body()).contains("declared in the configuration");
            for (String role : new String[] {"billing", null}) {
                HttpResponse<String> refused = call(node, "PUT", "/v1/subscriptions/audit", role, AUDIT);
                assertThat(refused.statusCode()).isEqualTo(role == null ? 401 : 403);
            }
            assertThat(ok(node, "GET", "/v1/subscriptions", "operator", "").getJsonArray("subscriptions"))
                    .hasSize(1);
        }
    }

    private static void wrong(TestNode node, String spec, int status, String message) throws Exception {
        HttpResponse<String> response = put(node, "audit", spec.replace('\'', '"'));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).contains(message);
    }

    @Test
    void nodesOnOneDatabaseHearOfItAndOneOfThemServes() throws Exception {
        try (PostgresServer server = new PostgresServer(home)) {
            String yaml = "journal: {engine: postgresql, uri: '" + server.database("shop") + "'}\n" + YAML;
            try (TestNode one = TestNode.start(home.resolve("one"), yaml);
                    TestNode two = TestNode.start(home.resolve("two"), yaml)) {
                make(one, "audit", AUDIT);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> call(two, "GET", "/v1/subscriptions/audit", "operator", "")
                                        .statusCode()
                                == 200);
                call(two, "DELETE", "/v1/subscriptions/audit", "operator", "");
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> call(one, "GET", "/v1/subscriptions/audit", "operator", "")
                                        .statusCode()
                                == 404);
            }
        }
    }
}
