package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.emitter.EmitOptions;
import dev.weir.emitter.Emitter;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events for later over every edge, on a real node with a real journal. */
class DelayedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            journal: {max-delay: 10d, max-delayed: 9}
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 1000}}
              - {match: plain, publish: anyone, subscribe: anyone}
              - {match: mine, publish: signed-in, subscribe: anyone, keep: {events: 1000}, max-size: 100}
              - {match: full, publish: anyone, keep: {events: 1000}}
              - {match: ask, request: anyone}
            """.formatted(Tokens.SECRET);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path home;

    private static JsonObject event(String id, String name, String value) {
        return new JsonObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/test")
                .put("type", "note")
                .put(name, value)
                .put("data", id);
    }

    private static HttpResponse<String> call(
            TestNode node, String method, String path, @Nullable String who, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/" + path)))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        if (who != null) {
            JsonArray roles = who.equals("oper") ? new JsonArray().add("operator") : new JsonArray();
            request.header(
                    "authorization",
                    "Bearer " + Tokens.hs256(Tokens.claims(who, 60).put("roles", roles)));
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(TestNode node, String address, @Nullable String who, JsonObject event)
            throws Exception {
        return call(
                node, "POST", address + "/events", who, event.encode(), "content-type", "application/cloudevents+json");
    }

    private static List<String> kept(TestNode node, String address) throws Exception {
        List<String> ids = new ArrayList<>();
        JsonObject page =
                new JsonObject(call(node, "GET", address + "/events", null, "").body());
        page.getJsonArray("events").forEach(each -> {
            JsonObject event = (JsonObject) each;
            assertThat(event.fieldNames()).doesNotContain("deliverat", "deliverafter");
            ids.add(event.getString("id"));
        });
        return ids;
    }

    private static String code(HttpResponse<String> response) {
        return new JsonObject(response.body()).getString("code");
    }

    @Test
    void everyWayOfPublishingOverHttpMayNameATime() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            HttpResponse<String> structured = post(node, "orders", null, event("s", "deliverafter", "300ms"));
            assertThat(structured.statusCode()).isEqualTo(202);
            JsonObject receipt = new JsonObject(structured.body());
            assertThat(receipt.fieldNames()).containsExactlyInAnyOrder("id", "deliverat");
            HttpResponse<String> again = post(node, "orders", null, event("s", "deliverafter", "9h"));
            assertThat(again.statusCode()).isEqualTo(200);
            assertThat(new JsonObject(again.body())).isEqualTo(receipt);
            HttpResponse<String> binary = call(
                    node,
                    "POST",
                    "orders/events",
                    null,
                    "1",
                    "content-type",
                    "application/json",
                    "ce-specversion",
                    "1.0",
                    "ce-id",
                    "b",
                    "ce-source",
                    "/test",
                    "ce-type",
                    "note",
                    "ce-deliverat",
                    "2001-01-01T00:00:00+01:00");
            assertThat(binary.statusCode()).isEqualTo(202);
            String type = "content-type";
            HttpResponse<String> query =
                    call(node, "POST", "orders/events?deliverafter=1ms", null, "2", type, "application/json");
            assertThat(query.statusCode()).isEqualTo(202);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(kept(node, "orders"))
                    .containsExactlyInAnyOrder("s", "b", new JsonObject(query.body()).getString("id")));
            assertThat(Instant.now()).isAfterOrEqualTo(receipt.getInstant("deliverat"));
        }
    }

    @Test
    void aBatchIsForLaterAsAWholeOrNotAtAll() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            String[] type = {"content-type", "application/cloudevents-batch+json"};
            JsonObject now = event("n", "subject", "s");
            JsonArray mixed =
                    new JsonArray().add(event("m", "deliverafter", "1ms")).add(now);
            HttpResponse<String> refused = call(node, "POST", "orders/events", null, mixed.encode(), type);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("all for later or none");
            JsonArray both = new JsonArray()
                    .add(event("x", "deliverafter", "2ms"))
                    .add(event("y", "deliverat", "2020-01-01T00:00:00Z"));
            HttpResponse<String> taken = call(node, "POST", "orders/events", null, both.encode(), type);
            assertThat(taken.statusCode()).isEqualTo(202);
            JsonObject receipt = new JsonObject(taken.body());
            assertThat(receipt.getJsonArray("ids")).containsExactly("x", "y");
            assertThat(receipt.getJsonArray("deliverat").getString(1)).isEqualTo("2020-01-01T00:00:00.000Z");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(kept(node, "orders")).containsExactlyInAnyOrder("x", "y"));
        }
    }

    @Test
    void whatIsWrongIsRefusedWhenItIsPublished() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            refused(node, "orders", event("e", "deliverat", "tomorrow"), "invalid_event", "RFC 3339");
            refused(node, "orders", event("e", "deliverafter", "soon"), "invalid_event", "duration");
            refused(node, "orders", event("e", "deliverafter", "-5s"), "invalid_event", "duration");
            refused(node, "orders", event("e", "deliverafter", "11d"), "invalid_event", "at most 10d");
            refused(node, "orders", event("e", "deliverat", "9999-01-01T00:00:00Z"), "invalid_event", "at most 10d");
            refused(node, "mine", event("e", "deliverafter", "1s"), "not_logged_in", "token");
            refused(node, "none", event("e", "deliverafter", "1s"), "unknown_address", "policy");
            JsonObject both = event("e", "deliverafter", "1s").put("deliverat", "2030-01-01T00:00:00Z");
            refused(node, "orders", both, "invalid_event", "not both");
            assertThat(kept(node, "orders")).isEmpty();
            assertThat(listed(call(node, "GET", "orders/delayed", "oper", ""))).isEmpty();
        }
    }

    private static void refused(TestNode node, String address, JsonObject event, String code, String why)
            throws Exception {
        HttpResponse<String> refused = post(node, address, null, event);
        assertThat(code(refused)).isEqualTo(code);
        assertThat(refused.body()).contains(why);
    }

    @Test
    void sizeAndNumberAreBoundedAndRequestsAreNotForLater() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            JsonObject large = event("e", "deliverafter", "1s").put("data", "x".repeat(101));
            assertThat(code(post(node, "mine", "ann", large))).isEqualTo("too_large");
            for (int i = 0; i < 9; i++) {
                assertThat(post(node, "full", null, event("e" + i, "deliverafter", "1h"))
                                .statusCode())
                        .isEqualTo(202);
            }
            HttpResponse<String> tenth = post(node, "full", null, event("e9", "deliverafter", "1h"));
            assertThat(code(tenth)).isEqualTo("too_fast");
            assertThat(tenth.body()).contains("9 events may wait");
            assertThat(post(node, "full", null, event("now", "subject", "s")).statusCode())
                    .isEqualTo(201);
            try (BridgeClient client = BridgeClient.connect(node.port())) {
                client.send(BridgeClient.frame("send", "ask")
                        .put("replyAddress", "r")
                        .put("headers", new JsonObject().put("ce-deliverafter", "1s")));
                assertThat(client.next().getString("failureType")).isEqualTo("invalid_event");
            }
        }
    }

    @Test
    void producersAndOperatorsTakeBackAndLookOthersLearnNothing() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            for (String id : List.of("a", "b")) {
                assertThat(post(node, "mine", "ann", event(id, "deliverafter", "1h"))
                                .statusCode())
                        .isEqualTo(202);
            }
            assertThat(call(node, "DELETE", "mine/delayed/a", null, "").statusCode())
                    .isEqualTo(401);
            HttpResponse<String> other = call(node, "DELETE", "mine/delayed/a", "bob", "");
            HttpResponse<String> none = call(node, "DELETE", "mine/delayed/zzz", "bob", "");
            assertThat(other.body()).isEqualTo(none.body());
            assertThat(code(other)).isEqualTo("not_found");
            assertThat(call(node, "GET", "mine/delayed", null, "").statusCode()).isEqualTo(401);
            assertThat(listed(call(node, "GET", "mine/delayed", "bob", ""))).isEmpty();
            HttpResponse<String> first = call(node, "GET", "mine/delayed?limit=1", "ann", "");
            assertThat(listed(first)).containsExactly("a");
            String next = new JsonObject(first.body()).getString("next");
            assertThat(listed(call(node, "GET", "mine/delayed?after=" + next, "oper", "")))
                    .containsExactly("b");
            HttpResponse<String> cancelled = call(node, "DELETE", "mine/delayed/a", "ann", "");
            assertThat(new JsonObject(cancelled.body()))
                    .isEqualTo(new JsonObject().put("id", "a").put("cancelled", true));
            assertThat(call(node, "DELETE", "mine/delayed/a", "ann", "").statusCode())
                    .as("twice is the same as once")
                    .isEqualTo(200);
            assertThat(call(node, "DELETE", "mine/delayed/b", "oper", "").statusCode())
                    .isEqualTo(200);
            assertThat(listed(call(node, "GET", "mine/delayed", "oper", ""))).isEmpty();
            assertThat(post(node, "mine", "ann", event("a", "deliverafter", "0s"))
                            .statusCode())
                    .as("given again")
                    .isEqualTo(202);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(listed(call(node, "GET", "mine/delayed", "ann", "")))
                            .isEmpty());
            assertThat(code(call(node, "DELETE", "mine/delayed/a", "ann", ""))).isEqualTo("too_late");
        }
    }

    private static List<Object> listed(HttpResponse<String> page) {
        List<Object> ids = new ArrayList<>();
        new JsonObject(page.body())
                .getJsonArray("events")
                .forEach(each -> ids.add(((JsonObject) each).getString("id")));
        return ids;
    }

    @Test
    void theBridgePublishesForLaterAndTakesBack() throws Exception {
        try (TestNode node = TestNode.start(home, YAML);
                BridgeClient client = BridgeClient.connect(node.port());
                BridgeClient stranger = BridgeClient.connect(node.port())) {
            client.register("plain");
            client.send(publish("plain", new JsonObject().put("ce-id", "far").put("ce-deliverafter", "1h")));
            JsonObject receipt = client.next();
            assertThat(receipt.getJsonObject("body").getString("id")).isEqualTo("far");
            assertThat(receipt.getJsonObject("body").getString("deliverat")).isNotNull();
            JsonObject cancel = publish("plain", new JsonObject().put("weir-cancel", "far"));
            assertThat(stranger.send(cancel).next().getString("failureType")).isEqualTo("not_found");
            assertThat(client.send(cancel).next().getJsonObject("body").getBoolean("cancelled"))
                    .isTrue();
            client.send(BridgeClient.frame("publish", "plain")
                    .put("body", "soon")
                    .put("headers", new JsonObject().put("ce-id", "near").put("ce-deliverafter", "100ms")));
            JsonObject event = client.next();
            assertThat(event.getString("body")).isEqualTo("soon");
            assertThat(event.getJsonObject("headers").getString("ce-id")).isEqualTo("near");
            assertThat(event.getJsonObject("headers").fieldNames()).doesNotContain("ce-deliverafter", "ce-deliverat");
            assertThat(client.send(publish("plain", new JsonObject().put("weir-cancel", "near")))
                            .next()
                            .getString("failureType"))
                    .isEqualTo("too_late");
        }
    }

    private static JsonObject publish(String address, JsonObject headers) {
        return BridgeClient.frame("publish", address)
                .put("replyAddress", "r")
                .put("body", 1)
                .put("headers", headers);
    }

    @Test
    void emittersAndPlainMessagesOfVerticlesAreForLaterToo() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            List<Object> heard = new CopyOnWriteArrayList<>();
            Emitter plain = Emitter.of(node.vertx(), "plain").on("*", (data, event) -> heard.add(data));
            plain.ready().await(30, TimeUnit.SECONDS);
            Receipt far =
                    emit(plain, "far", EmitOptions.NONE.deliverAt(Instant.now().plusSeconds(3600)));
            assertThat(far.deliverAt()).isAfter(Instant.now());
            plain.cancel(far.id()).await(30, TimeUnit.SECONDS);
            Receipt near = emit(plain, "near", EmitOptions.NONE.deliverAfter(Duration.ofMillis(50)));
            DeliveryOptions later = new DeliveryOptions().addHeader("ce-deliverafter", "50ms");
            node.vertx().eventBus().publish("plain", "bus", later);
            node.vertx().eventBus().publish("orders", "kept", new DeliveryOptions(later).addHeader("ce-id", "k"));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder("near", "bus"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(kept(node, "orders")).containsExactly("k"));
            assertRefused(plain.cancel(near.id()), FailureCode.TOO_LATE);
            assertRefused(plain.cancel("nothing"), FailureCode.NOT_FOUND);
        }
    }

    private static Receipt emit(Emitter emitter, Object data, EmitOptions options) throws Exception {
        return emitter.emit("note", data, options).await(30, TimeUnit.SECONDS);
    }

    private static void assertRefused(Future<?> outcome, FailureCode code) {
        assertThatThrownBy(() -> outcome.await(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    @Test
    void whatFallsDueWhileTheNodeIsDownComesWhenItIsBack() throws Exception {
        Instant due;
        try (TestNode node = TestNode.start(home, YAML)) {
            JsonObject soon = event("soon", "deliverafter", "700ms");
            due = new JsonObject(post(node, "orders", null, soon).body()).getInstant("deliverat");
            post(node, "orders", null, event("far", "deliverafter", "1h"));
        }
        await().atMost(PATIENCE).until(() -> Instant.now().isAfter(due));
        try (TestNode node = TestNode.start(home, YAML)) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(kept(node, "orders")).containsExactly("soon"));
            assertThat(listed(call(node, "GET", "orders/delayed", "oper", ""))).containsExactly("far");
        }
    }

    @Test
    void withoutAJournalNothingIsForLater() throws Exception {
        String yaml = "addresses: [{match: plain, publish: anyone, subscribe: anyone}]";
        try (TestNode node = TestNode.start(home, yaml);
                BridgeClient client = BridgeClient.connect(node.port())) {
            client.register("plain");
            HttpResponse<String> refused = post(node, "plain", null, event("e", "deliverat", "2001-01-01T00:00:00Z"));
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("sqlite or postgresql");
            post(node, "plain", null, event("now", "subject", "s"));
            assertThat(client.next().getJsonObject("headers").getString("ce-id"))
                    .isEqualTo("now");
        }
    }
}
