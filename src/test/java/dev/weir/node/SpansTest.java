package dev.weir.node;

import static dev.weir.BridgeClient.frame;
import static dev.weir.node.SubscriptionCalls.pull;
import static dev.weir.node.SubscriptionCalls.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.bus.Spans;
import dev.weir.emitter.EmitOptions;
import dev.weir.emitter.Emitter;
import dev.weir.observe.SpanRecorder;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a real node records of events on their way, from the client to the last session. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpansTest {
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            tracing: {sample: %s, asked: 1000}
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, keep: {events: 1000}, max-size: 100B}
              - {match: letters, publish: anyone, keep: {events: 1000}}
              - {match: large, subscribe: anyone}
              - {match: news, publish: anyone, subscribe: anyone}
              - {match: handled, publish: anyone, subscribe: anyone}
              - {match: members, publish: signed-in, subscribe: anyone}
              - {match: partly, publish: {open: anyone, closed: signed-in}, subscribe: anyone}
              - {match: polled, publish: "ask:rights", subscribe: anyone}
              - {match: pricing, request: anyone}
              - {match: silence, request: anyone}
            subscriptions:
              - {name: billing, from: [orders], consume: role:billing, types: [paid]}
              - {name: mail, from: [letters], consume: role:billing, retry: {backoff: [10ms], attempts: 2}}
            """;
    private static final String FLOW = """
            flow: large-orders
            from: orders
            stages:
              - filter: event.data.total >= 100
              - map: {total: event.data.total, half: event.data.total / event.data.parts}
            to: large
            on-error: {retry: {backoff: [10ms], attempts: 2}, then: dead-letter}
            """;
    private static final String NEVER = "0.000000001";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String ASKED = "00-" + TRACE + "-b7ad6b7169203331-01";

    private TestNode node;

    @BeforeAll
    void start(@TempDir Path home) throws IOException {
        node = start(home, NEVER);
        node.vertx().eventBus().consumer("rights", asked -> asked.reply(new JsonObject().put("allow", true)));
        node.vertx().eventBus().consumer("pricing", message -> message.reply(7));
    }

    @AfterAll
    void stop() {
        node.close();
    }

    private static TestNode start(Path home, String sample) throws IOException {
        Path flows = Files.createDirectories(home.resolve("conf").resolve("flows"));
        Files.writeString(flows.resolve("large.yaml"), FLOW);
        return TestNode.start(home, YAML.formatted(Tokens.SECRET, sample));
    }

    private static SpanRecorder recorder(TestNode node) {
        return (SpanRecorder) Spans.of(node.vertx());
    }

    private static List<JsonObject> spans(TestNode node, String what, String value) {
        JsonArray spans =
                recorder(node).answer(new JsonObject().put(what, value), "n").getJsonArray("spans");
        return spans.stream().map(JsonObject.class::cast).toList();
    }

    private static List<String> kinds(List<JsonObject> spans) {
        return spans.stream()
                .map(span -> span.getString("kind") + " " + span.getString("name"))
                .toList();
    }

    private static JsonObject one(List<JsonObject> spans, String kind, String name) {
        return spans.stream()
                .filter(span -> kind.equals(span.getString("kind")) && name.equals(span.getString("name")))
                .findFirst()
                .orElseThrow();
    }

    private static HttpResponse<String> publish(TestNode node, String address, String body) throws Exception {
        return publish(node, address, "", body);
    }

    private static HttpResponse<String> publish(
            TestNode node, String address, String query, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(node.url("/v1/addresses/" + address + "/events" + query)))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String idOf(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return new JsonObject(response.body()).getString("id");
    }

    @Test
    void everyStepOfASampledEventFromTheClientThroughAFlowToTheSessions() throws Exception {
        try (BridgeClient orders = BridgeClient.connect(node.port()).register("orders");
                BridgeClient large = BridgeClient.connect(node.port()).register("large")) {
            String id =
                    idOf(publish(node, "orders", "?type=paid", "{\"total\":120,\"parts\":2}", "traceparent", ASKED));
            JsonObject came = large.next();
            orders.next();
            String result = came.getJsonObject("headers").getString("ce-id");
            JsonArray deliveries = pull(node, "billing", "wait=30s");
            settle(node, "billing", deliveries.getJsonObject(0), "ack");
            await().untilAsserted(() -> assertThat(kinds(spans(node, "event", id)))
                    .contains(
                            "accept orders",
                            "commit orders",
                            "feed orders",
                            "deliver orders",
                            "flow large-orders",
                            "stage large-orders/filter",
                            "stage large-orders/map",
                            "stage large-orders/address",
                            "subscription billing"));
            await().untilAsserted(() ->
                    assertThat(kinds(spans(node, "event", result))).contains("accept large", "deliver large"));
            List<JsonObject> spans = spans(node, "event", id);
            JsonObject accept = one(spans, "accept", "orders");
            assertThat(accept.getString("parent")).isEqualTo("b7ad6b7169203331");
            assertThat(accept.getJsonObject("detail").getString("source")).isEqualTo("/http");
            assertThat(accept.getJsonObject("detail").getString("kept")).matches("[a-z0-9]+:[0-9]+");
            JsonObject deliver = one(spans, "deliver", "orders").getJsonObject("detail");
            assertThat(deliver.getInteger("sessions")).isEqualTo(1);
            assertThat(deliver.getInteger("bytes")).isPositive();
            assertThat(one(spans, "commit", "orders").getJsonObject("detail").getInteger("group"))
                    .isEqualTo(1);
            assertThat(one(spans, "stage", "large-orders/map").getString("parent"))
                    .isEqualTo(one(spans, "flow", "large-orders").getString("span"));
            JsonObject caused = one(spans(node, "event", result), "accept", "large");
            assertThat(caused.getString("parent")).isEqualTo(accept.getString("span"));
            assertThat(spans(node, "trace", TRACE)).hasSameSizeAs(spans(node, "correlation", id));
            List<JsonObject> consumed = spans.stream()
                    .filter(span -> span.getString("kind").equals("subscription"))
                    .map(span -> span.getJsonObject("detail"))
                    .toList();
            assertThat(consumed)
                    .containsExactly(
                            new JsonObject()
                                    .put("outcome", "delivered")
                                    .put("attempt", 1)
                                    .put("to", "eve"),
                            new JsonObject().put("outcome", "ack").put("attempt", 1));
        }
    }

    @Test
    void anEventThatIsNotSampledLeavesNothingAndItsFailureOnlyThat() throws Exception {
        try (BridgeClient orders = BridgeClient.connect(node.port()).register("orders");
                BridgeClient large = BridgeClient.connect(node.port()).register("large")) {
            String fine = idOf(publish(node, "orders", "{\"total\":120,\"parts\":2}"));
            orders.next();
            assertThat(large.next().getJsonObject("headers").getString("traceparent"))
                    .endsWith("-00");
            String bad = idOf(publish(node, "orders", "{\"total\":120}"));
            await().untilAsserted(() ->
                    assertThat(kinds(spans(node, "event", bad))).containsExactly("dead-letter large-orders/map"));
            assertThat(spans(node, "event", bad).get(0).getString("error")).contains("parts");
            assertThat(spans(node, "event", fine)).isEmpty();
        }
    }

    @Test
    void attemptsOfConsumersThatFailAreRecordedWithWhy() throws Exception {
        String id = idOf(publish(node, "letters", "1"));
        settle(node, "mail", pull(node, "mail", "wait=30s").getJsonObject(0), "nack");
        settle(node, "mail", pull(node, "mail", "wait=30s").getJsonObject(0), "nack");
        List<JsonObject> spans = spans(node, "event", id);
        assertThat(kinds(spans)).containsExactly("retry mail", "subscription mail", "dead-letter mail");
        assertThat(spans.get(0).getString("error")).isEqualTo("no luck");
        assertThat(spans.get(2).getJsonObject("detail").getInteger("attempt")).isEqualTo(2);
    }

    @Test
    void aRefusalWhereEventsAreKeptIsRecorded() throws Exception {
        String large = '"' + "x".repeat(200) + '"';
        publish(node, "orders", "", large, "ce-specversion", "1.0", "ce-id", "big", "ce-source", "/s", "ce-type", "t");
        List<JsonObject> spans = spans(node, "event", "big");
        assertThat(kinds(spans)).containsExactly("accept orders");
        assertThat(spans.get(0).getString("error")).startsWith("too_large: ");
        publish(node, "members", "", "1", "ce-specversion", "1.0", "ce-id", "m", "ce-source", "/s", "ce-type", "t");
        assertThat(spans(node, "event", "m")).isEmpty();
    }

    @Test
    void whoeverMayPublishMayAskForAnEventToBeRecorded() throws Exception {
        try (BridgeClient news = BridgeClient.connect(node.port()).register("news")) {
            String overHttp = idOf(publish(node, "news", "", "1", "weir-trace", "1"));
            JsonObject headers = news.next().getJsonObject("headers");
            assertThat(headers.getString("traceparent")).endsWith("-01");
            assertThat(headers.containsKey("weir-trace")).isFalse();
            news.send(frame("publish", "news")
                    .put("headers", new JsonObject().put("weir-trace", "1").put("ce-id", "framed"))
                    .put("body", 2));
            news.next();
            Emitter.of(node.vertx(), "news")
                    .emit("message", 3, EmitOptions.NONE.withId("emitted").traced())
                    .await(30, TimeUnit.SECONDS);
            assertThat(news.next().getJsonObject("headers").containsKey("ce-weirtrace"))
                    .isFalse();
            for (String id : List.of(overHttp, "framed", "emitted")) {
                await().untilAsserted(() -> assertThat(kinds(spans(node, "event", id)))
                        .containsExactlyInAnyOrder("accept news", "deliver news"));
            }
            String other = idOf(publish(node, "news", "", "1", "weir-trace", "0"));
            assertThat(news.next().getJsonObject("headers").getString("traceparent"))
                    .endsWith("-00");
            assertThat(spans(node, "event", other)).isEmpty();
        }
    }

    @Test
    void whatAVerticleDoesWithASampledEventIsRecordedAndWhatItThrowsOfAny() throws Exception {
        CompletableFuture<Void> listening = new CompletableFuture<>();
        String verticle = node.vertx()
                .deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        Emitter emitter = Emitter.of(vertx, "handled").on("error", (data, event) -> {});
                        emitter.on("fine", (data, event) -> {}).on("wrong", (data, event) -> {
                            throw new IllegalStateException("on purpose");
                        });
                        return emitter.ready().onComplete(done -> listening.complete(null));
                    }
                })
                .await(30, TimeUnit.SECONDS);
        listening.get(30, TimeUnit.SECONDS);
        String fine = idOf(publish(node, "handled", "?type=fine", "1", "weir-trace", "1"));
        String quiet = idOf(publish(node, "handled", "?type=fine", "1", "weir-trace", "0"));
        String other = idOf(publish(node, "handled", "?type=unheard", "1", "weir-trace", "1"));
        String wrong = idOf(publish(node, "handled", "?type=wrong", "1", "weir-trace", "0"));
        await().untilAsserted(
                        () -> assertThat(kinds(spans(node, "event", wrong))).containsExactly("handle handled"));
        assertThat(spans(node, "event", wrong).get(0).getString("error")).contains("on purpose");
        assertThat(kinds(spans(node, "event", fine))).containsExactlyInAnyOrder("accept handled", "handle handled");
        assertThat(one(spans(node, "event", fine), "handle", "handled")
                        .getJsonObject("detail")
                        .getString("verticle"))
                .startsWith("dev.weir.node.SpansTest$");
        assertThat(spans(node, "event", quiet)).isEmpty();
        assertThat(kinds(spans(node, "event", other))).containsExactly("accept handled");
        node.vertx().undeploy(verticle).await(30, TimeUnit.SECONDS);
    }

    @Test
    void whereOnlySomeMayPublishOnlyWhoIsKnownMayAsk() throws Exception {
        String bearer = "Bearer " + SubscriptionCalls.token("anything");
        String known = idOf(publish(node, "members", "", "1", "weir-trace", "1", "authorization", bearer));
        assertThat(kinds(spans(node, "event", known))).containsExactly("accept members");
        String open = idOf(publish(node, "partly", "?type=open", "1", "weir-trace", "1"));
        assertThat(kinds(spans(node, "event", open))).containsExactly("accept partly");
        String asked = idOf(publish(node, "polled", "", "1", "weir-trace", "1"));
        assertThat(spans(node, "event", asked)).isEmpty();
    }

    @Test
    void requestsAndRepliesAndThoseThatNobodyAnswers() throws Exception {
        JsonObject headers = new JsonObject().put("weir-trace", "1").put("ce-id", "asked");
        try (BridgeClient asker = BridgeClient.connect(node.port())) {
            asker.send(frame("send", "pricing").put("replyAddress", "r").put("headers", headers));
            assertThat(asker.next().getInteger("body")).isEqualTo(7);
            await().untilAsserted(() -> assertThat(kinds(spans(node, "event", "asked")))
                    .containsExactly("accept pricing", "request pricing", "reply pricing"));
            asker.send(frame("send", "silence")
                    .put("replyAddress", "s")
                    .put("headers", new JsonObject().put("ce-id", "unheard")));
            assertThat(asker.next().getString("type")).isEqualTo("err");
            List<JsonObject> spans = spans(node, "event", "unheard");
            assertThat(kinds(spans)).containsExactly("reply silence");
            assertThat(spans.get(0).getString("error")).isNotEmpty();
        }
    }

    @Test
    void withoutAShareNothingIsRecordedAtAll(@TempDir Path other) throws Exception {
        try (TestNode off = start(other, "0");
                BridgeClient news = BridgeClient.connect(off.port()).register("news")) {
            publish(off, "news", "", "1", "weir-trace", "1", "traceparent", ASKED);
            assertThat(news.next().getJsonObject("headers").getString("traceparent"))
                    .startsWith("00-" + TRACE)
                    .endsWith("-01");
            publish(off, "letters", "1");
            settle(off, "mail", pull(off, "mail", "wait=30s").getJsonObject(0), "reject");
            assertThat(recorder(off).recorded()).isZero();
        }
    }
}
