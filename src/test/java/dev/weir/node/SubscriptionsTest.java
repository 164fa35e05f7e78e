package dev.weir.node;

import static dev.weir.node.SubscriptionCalls.call;
import static dev.weir.node.SubscriptionCalls.ok;
import static dev.weir.node.SubscriptionCalls.publish;
import static dev.weir.node.SubscriptionCalls.pull;
import static dev.weir.node.SubscriptionCalls.settle;
import static dev.weir.node.SubscriptionCalls.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.config.ConfigException;
import dev.weir.emitter.Subscription;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Subscriptions over HTTP and in Java, on a real node with a real journal. */
class SubscriptionsTest {
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            addresses:
              - match: orders
                publish: anyone
                keep: {events: 1000}
              - match: more
                publish: anyone
                keep: {events: 1000}
              - match: plain
                publish: anyone
            subscriptions:
              - {name: billing, from: [orders], consume: role:billing, ack-wait: 1m, retry: {backoff: [100ms], attempts: 3}}
              - {name: mail, from: [orders], consume: signed-in, types: [paid]}
            """.formatted(Tokens.SECRET);

    @TempDir
    Path home;

    @Test
    void consumersPullAndSettleAndGoOnWhereTheyWereAfterARestart() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            publish(node, "paid", "a", 1);
            publish(node, "paid", "b", 2);
            JsonArray got = pull(node, "billing", "max=10&wait=30s");
            if (got.size() == 1) {
                // The subscription had not heard of the second one yet.
                got.addAll(pull(node, "billing", "wait=30s"));
            }
            assertThat(got).hasSize(2);
            JsonObject event = got.getJsonObject(0).getJsonObject("event");
            assertThat(event.getString("type")).isEqualTo("paid");
            assertThat(event.getJsonObject("data").getInteger("n")).isEqualTo(1);
            assertThat(event.getString("weiroffset")).isEqualTo("1");
            assertThat(settle(node, got.getJsonObject(0), "ack")).isEqualTo("done");
            assertThat(settle(node, got.getJsonObject(0), "ack")).isEqualTo("unknown");
        }
        try (TestNode node = TestNode.start(home, YAML)) {
            JsonArray got = pull(node, "billing", "max=10&wait=30s");
            assertThat(got).hasSize(1);
            assertThat(got.getJsonObject(0).getJsonObject("event").getString("subject"))
                    .isEqualTo("b");
        }
    }

    @Test
    void aPullWaitsForTheNextEventAndTypesAreFiltered() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            CompletableFuture<JsonArray> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return pull(node, "mail", "wait=20s");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            publish(node, "placed", "a", 1);
            publish(node, "paid", "a", 2);
            JsonObject event = waiting.get().getJsonObject(0).getJsonObject("event");
            assertThat(event.getString("type")).isEqualTo("paid");
        }
    }

    @Test
    void whatFailsTooOftenIsADeadLetterThatOperatorsSeeEditAndReplay() throws Exception {
        try (TestNode node = TestNode.start(home, YAML);
                BridgeClient watch = BridgeClient.connect(
                        node.port(), "/eventbus/websocket", "authorization", "Bearer " + token("operator"))) {
            watch.register("weir.dead-letters");
            publish(node, "paid", "a", 1);
            for (int attempt = 1; attempt <= 3; attempt++) {
                JsonObject delivery = pull(node, "billing", "wait=30s").getJsonObject(0);
                assertThat(delivery.getInteger("attempt")).isEqualTo(attempt);
                assertThat(settle(node, delivery, "nack")).isEqualTo("done");
            }
            JsonArray letters = ok(node, "GET", "/v1/dead-letters?subscription=billing&text=luck", "operator", "")
                    .getJsonArray("deadLetters");
            assertThat(letters).hasSize(1);
            JsonObject told = watch.next();
            assertThat(told.getJsonObject("body").getString("reason")).isEqualTo("attempts");
            JsonObject letter = letters.getJsonObject(0);
            assertThat(letter.getString("reason")).isEqualTo("attempts");
            assertThat(letter.getJsonArray("failures")).hasSize(3);
            assertThat(letter.getJsonObject("event").getJsonObject("data").getInteger("n"))
                    .isEqualTo(1);
            String path = "/v1/dead-letters/" + letter.getString("id");
            assertThat(ok(node, "POST", path + "/replay", "operator", "{\"data\":{\"n\":42}}")
                            .getInteger("replayed"))
                    .isEqualTo(1);
            JsonObject again = pull(node, "billing", "wait=30s").getJsonObject(0);
            assertThat(again.getInteger("attempt")).isEqualTo(1);
            assertThat(again.getJsonObject("event").getJsonObject("data").getInteger("n"))
                    .isEqualTo(42);
            assertThat(settle(node, again, "ack")).isEqualTo("done");
            assertThat(call(node, "GET", path, "operator", "").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void whoDoesNotSettleInTimeSeesItAgainAndRejectedOnesCanBeDiscarded() throws Exception {
        String hasty = YAML.replace("ack-wait: 1m", "ack-wait: 200ms").replace("attempts: 3", "attempts: 1000");
        try (TestNode node = TestNode.start(home, hasty)) {
            publish(node, "paid", "a", 1);
            pull(node, "billing", "wait=30s");
            await().until(() -> {
                JsonObject again = pull(node, "billing", "wait=30s").getJsonObject(0);
                assertThat(again.getInteger("attempt")).isGreaterThan(1);
                return settle(node, again, "reject").equals("done");
            });
            assertThat(ok(node, "DELETE", "/v1/dead-letters?subscription=billing", "operator", "")
                            .getInteger("discarded"))
                    .isEqualTo(1);
            assertThat(ok(node, "GET", "/v1/dead-letters", "operator", "").getJsonArray("deadLetters"))
                    .isEmpty();
        }
    }

    @Test
    void javaConsumersShareTheWork() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            List<Integer> done = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 2; i++) {
                node.vertx().runOnContext(now -> Subscription.of(node.vertx(), "billing")
                        .concurrency(5)
                        .consume(delivery -> {
                            int n = ((JsonObject) java.util.Objects.requireNonNull(
                                            delivery.event().data()))
                                    .getInteger("n");
                            if (n == 7) {
                                throw new Subscription.Rejected("seven is bad");
                            }
                            done.add(n);
                            return Future.succeededFuture();
                        }));
            }
            for (int n = 1; n <= 20; n++) {
                publish(node, "paid", "k" + n, n);
            }
            await().until(() -> done.size() == 19);
            await().until(() ->
                    ok(node, "GET", "/v1/subscriptions/billing", "billing", "").getInteger("lag") == 0);
            JsonObject letter = ok(node, "GET", "/v1/dead-letters", "operator", "")
                    .getJsonArray("deadLetters")
                    .getJsonObject(0);
            assertThat(letter.getJsonArray("failures").getJsonObject(0).getString("error"))
                    .isEqualTo("seven is bad");
            assertThat(done).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /v1/subscriptions/nothing/pull | billing | | 404 | not_found",
                "POST | /v1/subscriptions/billing/pull | | | 401 | not_logged_in",
                "POST | /v1/subscriptions/billing/pull | guest | | 403 | access_denied",
                "POST | /v1/subscriptions/billing/pull?max=0 | billing | | 400 | invalid_parameter",
                "POST | /v1/subscriptions/billing/pull?max=2000 | billing | | 400 | invalid_parameter",
                "POST | /v1/subscriptions/billing/pull?wait=2h | billing | | 400 | invalid_parameter",
                "POST | /v1/subscriptions/billing/settle | billing | nonsense | 400 | invalid_json",
                "POST | /v1/subscriptions/billing/settle | billing | [] | 400 | invalid_json",
                "POST | /v1/subscriptions/billing/settle | billing | {} | 400 | invalid_parameter",
                "POST | /v1/subscriptions/billing/settle | billing | {\"items\":[1]} | 400 | invalid_json",
                "POST | /v1/subscriptions/billing/settle | billing | {\"items\":[null]} | 400 | invalid_parameter",
                "POST | /v1/subscriptions/billing/settle | billing | {\"items\":[{\"id\":\"x\"}]} | 400 | invalid_parameter",
                "POST | /v1/subscriptions/billing/settle | billing | {\"items\":[{\"id\":\"x\",\"outcome\":\"nack\",\"delay\":\"1y\"}]} | 400 | invalid_parameter",
                "GET | /v1/subscriptions | billing | | 403 | access_denied",
                "GET | /v1/dead-letters | billing | | 403 | access_denied",
                "GET | /v1/dead-letters/x | operator | | 404 | not_found",
                "DELETE | /v1/dead-letters | operator | | 400 | invalid_parameter",
                "DELETE | /v1/dead-letters?text= | operator | | 400 | invalid_parameter",
                "DELETE | /v1/dead-letters?address=orders&subscripton=mail | operator | | 400 | invalid_parameter",
                "POST | /v1/dead-letters/replay?adress=orders | operator | | 400 | invalid_parameter",
                "POST | /v1/dead-letters/replay?rate=-1 | operator | | 400 | invalid_parameter",
                "PATCH | /v1/subscriptions/billing | billing | | 405 | method_not_allowed",
                "POST | /v1/dead-letters/replay?rate=5000/s | operator | | 400 | invalid_parameter",
                "POST | /v1/dead-letters/x/replay | operator | [1] | 400 | invalid_json",
                "GET | /v1/dead-letters?cursor=x | operator | | 400 | invalid_parameter",
                "PATCH | /v1/dead-letters/x | operator | {\"data\":1} | 404 | not_found",
                "PATCH | /v1/dead-letters/x | operator | {\"date\":1} | 400 | invalid_parameter",
                "PATCH | /v1/dead-letters/x | operator | {\"data\" | 400 | invalid_json",
                "PATCH | /v1/dead-letters/x | billing | {\"data\":1} | 403 | access_denied",
            })
    void badRequestsAreAnsweredWithTheirMend(
            String method, String path, @Nullable String role, @Nullable String body, int status, String code)
            throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            HttpResponse<String> response = call(node, method, path, role, body == null ? "" : body);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
            assertThat(new JsonObject(response.body()).getString("code")).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: a, from: [plain]} | nothing is kept of 'plain'",
                "{name: a, from: [nowhere]} | no policy declares 'nowhere'",
                "{name: a, from: []} | from is empty",
                "{name: 'a b', from: [orders]} | is no name of a subscription",
                "{name: a, from: [orders], ack-wait: 1} | ack-wait",
                "{name: a, from: [orders], retry: {backoff: []}} | retry.backoff is empty",
                "{name: a, from: [orders], consume: 'self:x'} | self:... names a segment",
                "{name: billing, from: [orders]} | is declared at",
                "{name: a, from: [orders], in-fligth: 3} | in-flight",
                "{name: a, from: [orders], start: yesterday} | neither beginning nor end",
                "{name: a, from: [orders, more], start: 'e1:1'} | belongs to one log",
            })
    void badSubscriptionsAreProblems(String line, String message) {
        assertThatThrownBy(() -> TestNode.start(home, YAML + "  - " + line + "\n"))
                .satisfiesAnyOf(
                        failure -> assertThat(failure)
                                .isInstanceOf(ConfigException.class)
                                .hasMessageContaining(message),
                        failure -> assertThat(failure)
                                .hasRootCauseInstanceOf(ConfigException.class)
                                .hasStackTraceContaining(message));
    }
}
