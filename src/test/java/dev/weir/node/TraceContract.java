package dev.weir.node;

import static dev.weir.node.SubscriptionCalls.call;
import static dev.weir.node.SubscriptionCalls.ok;
import static dev.weir.node.SubscriptionCalls.pull;
import static dev.weir.node.SubscriptionCalls.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.emitter.EmitOptions;
import dev.weir.emitter.Emitter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is told of events, checked against what really happened to them, on a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TraceContract {
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            journal: %s
            addresses:
              - {match: orders, publish: anyone, keep: {events: 1000}}
              - {match: paid, subscribe: anyone, keep: {events: 1000}}
              - {match: doomed, publish: anyone, keep: {events: 10000}}
              - {match: short, publish: anyone, keep: {events: 2}}
              - {match: later, publish: anyone, keep: {events: 100}}
              - {match: plain, publish: anyone}
              - {match: nobody, request: anyone}
            subscriptions:
              - {name: billing, from: [orders], consume: role:billing, types: [bill], ack-wait: 1m, retry: {backoff: [10ms], attempts: 3}}
            """;
    private static final String PAY = """
            flow: pay
            from: orders
            stages:
              - filter: event.type == 'order'
              - map: {total: event.data.n * 2}
            to: paid
            """;
    private static final String FAIL = """
            flow: fail
            from: [doomed, short]
            stages:
              - filter: event.type == 'order'
              - id: ask
                call: {address: nobody, timeout: 1s}
            to: paid
            on-error: {retry: {backoff: [10ms], attempts: 3}, then: dead-letter}
            """;

    Path home;

    TestNode node;

    /** The journal section. */
    abstract String journal(Path folder) throws Exception;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        home = folder;
        node = start("one", journal(home));
    }

    TestNode start(String name, String journal) throws IOException {
        Path folder = Files.createDirectories(home.resolve(name));
        Path flows = Files.createDirectories(folder.resolve("conf").resolve("flows"));
        Files.writeString(flows.resolve("pay.yaml"), PAY);
        Files.writeString(flows.resolve("fail.yaml"), FAIL);
        return TestNode.start(folder, YAML.formatted(Tokens.SECRET, journal));
    }

    @AfterAll
    void stop() throws Exception {
        node.close();
    }

    static void emit(TestNode at, String address, String type, String id, int n) throws Exception {
        Emitter.of(at.vertx(), address)
                .emit(type, new JsonObject().put("n", n), EmitOptions.NONE.withId(id))
                .await(30, TimeUnit.SECONDS);
    }

    static JsonObject trace(TestNode at, String id, String query) throws Exception {
        String path =
                "/v1/trace/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20") + query;
        return ok(at, "GET", path, "viewer", "");
    }

    static List<JsonObject> list(JsonObject answer, String name) {
        return answer.getJsonArray(name).stream().map(JsonObject.class::cast).toList();
    }

    static List<String> ids(JsonObject answer) {
        return list(answer, "events").stream()
                .map(event -> event.getString("id"))
                .toList();
    }

    static List<String> addresses(JsonObject answer) {
        return list(answer, "events").stream()
                .map(event -> event.getString("address"))
                .toList();
    }

    /** The durable ones. */
    private static List<JsonObject> facts(JsonObject answer, String kind) {
        return list(answer, "facts").stream()
                .filter(fact -> fact.getString("kind").equals(kind)
                        && !fact.getString("source").equals("sampled"))
                .toList();
    }

    private static List<String> what(JsonObject answer, String kind) {
        return facts(answer, kind).stream()
                .map(fact -> fact.getString("where") + ": " + fact.getString("what"))
                .toList();
    }

    private static String unknown(JsonObject answer) {
        return list(answer, "unknown").stream()
                .map(each -> each.getString("why"))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void whatAnEventCausedIsFoundByEachOfTheirIdsAndByTheirTrace() throws Exception {
        emit(node, "orders", "order", "caused", 21);
        await().untilAsserted(
                        () -> assertThat(addresses(trace(node, "caused", ""))).containsExactly("orders", "paid"));
        JsonObject answer = trace(node, "caused", "?by=event");
        JsonObject first = list(answer, "events").get(0);
        JsonObject second = list(answer, "events").get(1);
        assertThat(first.getString("correlationid")).isEqualTo("caused");
        assertThat(first.getString("from")).isEqualTo("journal");
        assertThat(first.getJsonObject("data")).isEqualTo(new JsonObject().put("n", 21));
        assertThat(second.getString("causationid")).isEqualTo("caused");
        assertThat(second.getJsonObject("data")).isEqualTo(new JsonObject().put("total", 42));
        assertThat(Instant.parse(second.getString("keptAt")))
                .isAfterOrEqualTo(Instant.parse(first.getString("keptAt")));
        assertThat(what(answer, "kept"))
                .containsExactly(
                        "orders: kept at " + first.getString("epoch") + ":" + first.getLong("offset"),
                        "paid: kept at " + second.getString("epoch") + ":" + second.getLong("offset"));
        assertThat(what(answer, "emitted").get(0)).startsWith(first.getString("source") + ": emitted");
        String child = second.getString("id");
        assertThat(ids(trace(node, child, ""))).containsExactly("caused", child);
        assertThat(ids(trace(node, "caused", "?by=correlation"))).containsExactly("caused", child);
        assertThat(ids(trace(node, first.getString("traceparent"), ""))).contains("caused");
        assertThat(ids(trace(node, "caused", "?address=paid"))).containsExactly(child);
        assertThat(unknown(trace(node, "caused", "?address=paid"))).contains("the event caused, which caused " + child);
        assertThat(unknown(answer)).contains("weir-trace: 1").doesNotContain("trimmed");
    }

    @Test
    void aFlowThatHasReadPastAnEventHasHandledIt() throws Exception {
        emit(node, "orders", "order", "handled", 1);
        await().untilAsserted(() -> assertThat(what(trace(node, "handled", ""), "settled"))
                .contains("pay: handled: the flow has read past it"));
        assertThat(what(trace(node, "handled", ""), "skipped"))
                .containsExactly("billing: not for it: it takes other types");
    }

    @Test
    void aDeliveryIsPendingUntilItIsAcknowledged() throws Exception {
        emit(node, "orders", "bill", "billed", 1);
        assertThat(what(trace(node, "billed", ""), "pending"))
                .anyMatch(said -> said.startsWith("billing: not settled"));
        JsonObject delivery = pull(node, "billing", "wait=30s").getJsonObject(0);
        assertThat(delivery.getJsonObject("event").getString("id")).isEqualTo("billed");
        settle(node, delivery, "ack");
        assertThat(what(trace(node, "billed", ""), "settled")).contains("billing: settled: acknowledged");
    }

    @Test
    void aDeliveryThatFailsIsFollowedThroughItsAttemptsToItsDeadLetter() throws Exception {
        emit(node, "orders", "bill", "failing", 1);
        for (int attempt = 1; attempt <= 3; attempt++) {
            JsonObject delivery = pull(node, "billing", "wait=30s").getJsonObject(0);
            settle(node, delivery, "nack");
        }
        JsonObject answer = trace(node, "failing", "");
        assertThat(what(answer, "failed"))
                .containsExactly(
                        "billing: attempt 1 failed: no luck",
                        "billing: attempt 2 failed: no luck",
                        "billing: attempt 3 failed: no luck");
        assertThat(what(answer, "dead-letter"))
                .containsExactly("billing: dead letter after 3 attempts: attempts are used up");
        JsonObject dead = facts(answer, "dead-letter").get(0);
        assertThat(dead.getString("source")).isEqualTo("dead-letters");
        assertThat(what(answer, "settled")).noneMatch(said -> said.startsWith("billing"));
        String letter = dead.getJsonObject("detail").getString("letter");
        ok(node, "DELETE", "/v1/dead-letters/" + letter, "operator", "");
        assertThat(what(trace(node, "failing", ""), "dead-letter")).isEmpty();
        await().untilAsserted(() -> assertThat(what(trace(node, "failing", ""), "discarded"))
                .containsExactly("weir.audit: its dead letter was discarded by eve"));
    }

    @Test
    void anEventThatDiesInAFlowIsFoundThereAlsoWhenItIsTrimmed() throws Exception {
        emit(node, "short", "order", "dying", 1);
        await().untilAsserted(() ->
                assertThat(facts(trace(node, "dying", ""), "dead-letter")).hasSize(1));
        JsonObject answer = trace(node, "dying", "");
        assertThat(facts(answer, "failed")).hasSize(3);
        assertThat(what(answer, "dead-letter").get(0)).startsWith("fail / ask: dead letter after 3 attempts");
        for (int i = 0; i < 3; i++) {
            emit(node, "short", "other", "newer" + i, i);
        }
        await().untilAsserted(() -> {
            JsonObject trimmed = trace(node, "dying", "");
            assertThat(list(trimmed, "events")).hasSize(1);
            assertThat(list(trimmed, "events").get(0).getString("from")).isEqualTo("dead-letters");
            assertThat(unknown(trimmed)).contains("the event dying is not at").contains("trimmed");
            assertThat(facts(trimmed, "failed")).hasSize(3);
        });
        await().untilAsserted(() -> {
            JsonObject gone = trace(node, "newer0", "");
            assertThat(list(gone, "events")).isEmpty();
            assertThat(unknown(gone)).contains("or it was trimmed: ");
        });
    }

    @Test
    void anEventForLaterWaits() throws Exception {
        Emitter.of(node.vertx(), "later")
                .emit("note", 1, EmitOptions.NONE.withId("waits").deliverAfter(Duration.ofHours(1)))
                .await(30, TimeUnit.SECONDS);
        JsonObject answer = trace(node, "waits", "");
        assertThat(list(answer, "events").get(0).getString("from")).isEqualTo("delayed");
        assertThat(what(answer, "delayed").get(0)).startsWith("later: waits for its time, not before ");
    }

    @Test
    void whatIsNotKeptIsSaidToBeUnknownAndWhy() throws Exception {
        emit(node, "plain", "order", "gone", 1);
        JsonObject answer = trace(node, "gone", "");
        assertThat(list(answer, "events")).isEmpty();
        assertThat(unknown(answer)).contains("its address keeps nothing");
        assertThat(answer.getJsonObject("searched").getInteger("logs")).isPositive();
        assertThat(answer.getJsonObject("searched").getString("backTo")).isNull();
    }

    @Test
    void idsAndDataAreWhatTheyAre() throws Exception {
        String id = "<img src=x onerror=\"alert('1')\">\\/ü";
        emit(node, "orders", "other", id, 1);
        assertThat(ids(trace(node, id, ""))).containsExactly(id);
        assertThat(ids(trace(node, id, "?by=correlation"))).containsExactly(id);
        assertThat(list(trace(node, "%' OR 1=1 --", ""), "events")).isEmpty();
    }

    @Test
    void timesNarrowTheSearch() throws Exception {
        emit(node, "orders", "other", "timed", 1);
        String keptAt = list(trace(node, "timed", ""), "events").get(0).getString("keptAt");
        String later = Instant.parse(keptAt).plusMillis(1).toString();
        assertThat(ids(trace(node, "timed", "?after=" + keptAt))).containsExactly("timed");
        assertThat(ids(trace(node, "timed", "?after=" + later))).isEmpty();
        assertThat(ids(trace(node, "timed", "?before=" + later))).containsExactly("timed");
        assertThat(ids(trace(node, "timed", "?before=" + keptAt))).isEmpty();
    }

    @Test
    void viewersMayFollowAndOthersNot() throws Exception {
        assertThat(call(node, "GET", "/v1/trace/x", null, "").statusCode()).isEqualTo(401);
        assertThat(call(node, "GET", "/v1/trace/x", "billing", "").statusCode()).isEqualTo(403);
        assertThat(call(node, "GET", "/v1/trace/x", "operator", "").statusCode())
                .isEqualTo(200);
        assertThat(call(node, "GET", "/v1/trace/x?by=trace", "viewer", "").statusCode())
                .isEqualTo(400);
        assertThat(call(node, "GET", "/v1/trace/x?by=name", "viewer", "").body())
                .contains("by is event");
        assertThat(call(node, "GET", "/v1/trace/x?after=soon", "viewer", "").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aLongLogIsSearchedToItsEnd() throws Exception {
        emit(node, "doomed", "other", "old", 1);
        Emitter doomed = Emitter.of(node.vertx(), "doomed");
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 4_500; i++) {
            all.add(doomed.emit("other", i));
        }
        Future.all(all).await(30, TimeUnit.SECONDS);
        assertThat(ids(trace(node, "old", ""))).containsExactly("old");
    }
}
