package dev.weir.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publishing to a real node: every mode of CloudEvents, plain JSON, and everything that is refused. */
class PublishTest {
    private static final String CONF = """
            http:
              max-body: 64KiB
              origins: [https://shop.example]
            addresses:
              - match: open
                publish: anyone
                subscribe: anyone
                max-size: 1KiB
              - match: at@home.{x}
                publish: anyone
                subscribe: anyone
              - match: slow
                publish: anyone
                subscribe: anyone
                rate: {client: 1/m, burst: 2}
              - match: typed
                publish: anyone
                subscribe: anyone
                schema: typed.json
              - match: mixed
                publish: {good: anyone, bad: nobody}
                subscribe: anyone
              - match: closed
                publish: signed-in
                subscribe: anyone
              - match: pricing
                request: anyone
                respond: anyone
            """;
    private static final String EVENTS = "/v1/addresses/open/events";
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";

    private record Seen(MultiMap headers, @Nullable Object body) {}

    @TempDir
    static Path home;

    private static final List<Seen> SEEN = new CopyOnWriteArrayList<>();
    private static TestNode node;
    private static Http http;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(
                home.resolve("typed.json"),
                "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}},\"required\":[\"n\"]}");
        node = TestNode.start(home, CONF);
        http = new Http(node.vertx(), node.port());
        for (String address : List.of("open", "at@home.a", "slow", "typed", "mixed", "closed", "pricing")) {
            node.vertx().eventBus().consumer(address, message -> SEEN.add(new Seen(message.headers(), message.body())));
        }
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    private static Seen only() {
        await().until(() -> !SEEN.isEmpty());
        assertThat(SEEN).hasSize(1);
        return SEEN.remove(0);
    }

    @Test
    void plainJsonTakesItsTypeAndSubjectFromTheQuery() {
        var answer = http.send(
                "POST",
                EVENTS + "?type=click&subject=a%20b",
                Map.of(
                        "content-type",
                        "application/json; charset=UTF-8",
                        "traceparent",
                        "00-1-2-01",
                        "tracestate",
                        "a=1"),
                "{\"n\":1}");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
        Seen seen = only();
        assertThat(answer.json().getString("id")).isEqualTo(seen.headers().get("ce-id"));
        assertThat(seen.headers().get("ce-type")).isEqualTo("click");
        assertThat(seen.headers().get("ce-subject")).isEqualTo("a b");
        assertThat(seen.headers().get("ce-source")).isEqualTo("/http");
        assertThat(seen.headers().get("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]");
        assertThat(seen.headers().contains("tracestate")).isFalse();
        assertThat(seen.headers().get("ce-correlationid"))
                .isEqualTo(seen.headers().get("ce-id"));
        assertThat(seen.body()).isEqualTo(new JsonObject().put("n", 1));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "null, ", "true, true", "'\"text\"', text"})
    void everyJsonValueIsData(String sent, @Nullable String received) {
        assertThat(http.post(EVENTS, "application/json", sent).status()).isEqualTo(202);
        Object body = only().body();
        assertThat(body == null ? null : body.toString()).isEqualTo(received);
    }

    @Test
    void anAddressMayBePercentEncoded() {
        assertThat(http.post("/v1/addresses/at%40home.a/events", "application/json", "1")
                        .status())
                .isEqualTo(202);
        only();
    }

    @Test
    void structuredModeCarriesEveryAttribute() {
        String event = "{\"specversion\":\"1.0\",\"id\":\"i1\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"k\","
                + "\"time\":\"2026-01-31T12:00:00Z\",\"flag\":true,\"count\":7,\"nothing\":null,"
                + "\"weirsession\":\"forged\",\"authid\":\"forged\",\"data\":{\"a\":[1]}}";
        var answer = http.post(EVENTS, "Application/CloudEvents+JSON; charset=\"utf-8\"", event);
        assertThat(answer.json()).isEqualTo(new JsonObject().put("id", "i1"));
        MultiMap headers = only().headers();
        assertThat(headers.get("ce-source")).isEqualTo("/s");
        assertThat(headers.get("ce-time")).isEqualTo("2026-01-31T12:00:00Z");
        assertThat(headers.get("ce-flag")).isEqualTo("true");
        assertThat(headers.get("ce-count")).isEqualTo("7");
        assertThat(headers.names()).doesNotContain("ce-nothing", "ce-weirsession", "ce-authid", "ce-specversion");
    }

    @Test
    void bytesComeAsBase64() {
        String event =
                "{\"specversion\":\"1.0\",\"id\":\"i1\",\"source\":\"/s\",\"type\":\"t\",\"data_base64\":\"AAH/\"}";
        assertThat(http.post(EVENTS, STRUCTURED, event).status()).isEqualTo(202);
        assertThat(only().body()).isEqualTo(Buffer.buffer(new byte[] {0, 1, -1}));
    }

    @Test
    void binaryModeDecodesHeadersOnce() {
        var answer = http.send(
                "POST",
                EVENTS,
                Map.of(
                        "CE-SpecVersion", "1.0",
                        "ce-id", "b1",
                        "ce-source", "/s",
                        "ce-type", "\"quoted\"",
                        "ce-subject", "caf%C3%A9%2541",
                        "ce-weirepoch", "forged",
                        "content-type", "image/png"),
                "bytes");
        assertThat(answer.status()).isEqualTo(202);
        Seen seen = only();
        assertThat(seen.headers().get("ce-type")).isEqualTo("quoted");
        assertThat(seen.headers().get("ce-subject")).isEqualTo("caf\u00e9%41");
        assertThat(seen.headers().get("ce-datacontenttype")).isEqualTo("image/png");
        assertThat(seen.headers().contains("ce-weirepoch")).isFalse();
        assertThat(seen.body()).isEqualTo(Buffer.buffer("bytes"));
    }

    @Test
    void aBatchIsAcceptedInOrder() {
        var answer = http.post(EVENTS, BATCH, "[" + event("a", 1) + "," + event("b", 2) + "]");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json()).isEqualTo(new JsonObject("{\"ids\":[\"a\",\"b\"]}"));
        await().until(() -> SEEN.size() == 2);
        assertThat(SEEN.stream().map(seen -> String.valueOf(seen.body()))).containsExactly("1", "2");
        assertThat(http.post(EVENTS, BATCH, "[]").json().getJsonArray("ids")).isEmpty();
    }

    private static String event(String id, Object data) {
        return event(id, "good", data);
    }

    private static String event(String id, String type, Object data) {
        return new JsonObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/s")
                .put("type", type)
                .put("data", data)
                .encode();
    }

    @Test
    void oneBadEventRefusesItsBatch() {
        refusedBatch("open", "[" + event("a", 1) + ",{\"id\":\"x\"}]", 400, "invalid_event", 1);
        refusedBatch("open", "[" + event("a", 1) + "," + event("b", "x".repeat(2000)) + "]", 413, "too_large", 1);
        refusedBatch("mixed", "[" + event("a", 1) + "," + event("b", "bad", 2) + "]", 401, "not_logged_in", 1);
        String good = new JsonObject().put("n", 1).encode();
        String batch = "[" + event("a", new JsonObject(good)) + "," + event("b", new JsonObject()) + "]";
        refusedBatch("typed", batch, 422, "schema_violation", 1);
        refusedBatch("open", "[" + event("a", "error", 1) + "]", 400, "reserved_type", 0);
        String three = "[" + event("a", 1) + "," + event("b", 1) + "," + event("c", 1) + "]";
        assertThat(http.post("/v1/addresses/slow/events", BATCH, three).status())
                .isEqualTo(429);
        assertNothingWasPublished();
    }

    private static void refusedBatch(String address, String body, int status, String code, int index) {
        var answer = http.post("/v1/addresses/" + address + "/events", BATCH, body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().getString("code")).isEqualTo(code);
        assertThat(answer.json().getInteger("index")).isEqualTo(index);
    }

    /** Events to one listener come in order, so when one that was sent last is there, none is on its way. */
    private static void assertNothingWasPublished() {
        assertThat(http.post("/v1/addresses/open/events?type=last", "application/json", "1")
                        .status())
                .isEqualTo(202);
        assertThat(only().headers().get("ce-type")).isEqualTo("last");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            quoteCharacter = '`',
            value = {
                // address, content type, body, status, code, words of the detail
                "open, application/json, {`n, 400, invalid_json, not JSON",
                "open, application/json, , 400, invalid_json, not JSON",
                "open, application/json, 1 2, 400, invalid_json, not JSON",
                "open, application/json, 123456789012345678901234567890, 400, invalid_event, 64 bits",
                "open, text/plain, hello, 415, unsupported_content, text/plain",
                "open, application/x-www-form-urlencoded, a=b, 415, unsupported_content, application/json",
                "open, application/cloudevents+avro, x, 415, unsupported_content, avro",
                "open, application/json; charset=latin1, 1, 415, unsupported_content, UTF-8",
                "open, application/cloudevents+json, [], 400, invalid_event, object",
                "open, application/cloudevents+json, {}, 400, invalid_event, specversion",
                "open, application/cloudevents+json, {'specversion':'0.3'}, 400, invalid_event, only \"1.0\"",
                "open, application/cloudevents+json, {'specversion':'1.0';'type':'t'}, 400, invalid_event, 'id' is missing",
                "open, application/cloudevents+json, {'specversion':'1.0';'id':7}, 400, invalid_event, 'id' must be",
                "open, application/cloudevents+json, {'specversion':'1.0';'id':''}, 400, invalid_event, 'id' is empty",
                "open, application/cloudevents+json, {'specversion':'1.0';'time':'noon'}, 400, invalid_event, RFC 3339",
                "open, application/cloudevents+json, {'specversion':'1.0';'Big':'x'}, 400, invalid_event, attribute name",
                "open, application/cloudevents+json, {'specversion':'1.0';'o':{}}, 400, invalid_event, 'o' must be",
                "open, application/cloudevents+json, {'specversion':'1.0';'source':'my shop'}, 400, invalid_event, 'source' is no URI-reference",
                "open, application/cloudevents+json, {'specversion':'1.0';'dataschema':'50%'}, 400, invalid_event, 'dataschema' is no URI-reference",
                "open, application/cloudevents+json, {'specversion':'1.0';'type':'t';'id':'1'}, 400, invalid_event, 'source' is missing",
                "open, application/cloudevents+json, {'specversion':'1.0';'type':'t';'type':'t'}, 400, invalid_event, given twice",
                "open, application/cloudevents+json; charset=latin1, {}, 415, unsupported_content, UTF-8",
                "open, application/cloudevents+json, , 400, invalid_json, not JSON",
                "open, application/cloudevents+json, {'specversion':'1.0';'id':'a\\nb'}, 400, invalid_event, control",
                "open, application/cloudevents+json, {'specversion':'1.0';'id':'a';'source':'s';'type':'t';'data_base64':'*'}, 400, invalid_event, base64",
                "open, application/cloudevents+json, {'specversion':'1.0';'id':'a';'source':'s';'type':'t';'data':1;'data_base64':'AA=='}, 400, invalid_event, comes after 'data'",
                "open, application/cloudevents-batch+json, {}, 400, invalid_event, array",
                "open, application/cloudevents-batch+json, [1], 400, invalid_event, object",
                "open?type=error, application/json, 1, 400, reserved_type, local",
                "open?type=, application/json, 1, 400, invalid_event, 'type' is empty",
                "typed, application/json, {'n':'x'}, 422, schema_violation, /n",
                "nowhere, application/json, 1, 404, unknown_address, policy",
                "no%20address, application/json, 1, 404, unknown_address, not an address",
                "a%zz, application/json, 1, 404, unknown_address, percent",
                "at@home.*, application/json, 1, 404, unknown_address, pattern",
                "__weir.agent.x, application/json, 1, 403, access_denied, permission",
                "weir.audit, application/json, 1, 403, access_denied, permission",
                "closed, application/json, 1, 401, not_logged_in, token",
                "closed?access_token=forged, application/json, 1, 401, not_logged_in, key",
                "pricing, application/json, 1, 403, access_denied, permission"
            })
    void whatIsWrongIsRefused(
            String address, String type, @Nullable String body, int status, String code, String words) {
        int query = address.indexOf('?');
        String path = query < 0
                ? "/v1/addresses/" + address + "/events"
                : "/v1/addresses/" + address.substring(0, query) + "/events" + address.substring(query);
        String sent = body == null ? "" : body.replace('\'', '"').replace(';', ',');
        var answer = http.post(path, type, sent);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.json().getString("code")).isEqualTo(code);
        assertThat(answer.json().getString("detail")).contains(words);
        assertThat(answer.json().getInteger("status")).isEqualTo(status);
        assertNothingWasPublished();
    }

    @ParameterizedTest
    @CsvSource({
        "ce-time, noon, RFC 3339",
        "ce-source, my shop, 'source' is no URI-reference",
        "ce-subject, 50% off, write %25",
        "ce-a_b, x, 'a_b' is no attribute name",
        "ce-datacontenttype, text/plain, use the Content-Type header",
        "ce-data, x, 'data' is defined by CloudEvents",
        "ce-specversion, 0.3, only \"1.0\" is understood",
        "ce-id, \"open, begins with a quote"
    })
    void aBadHeaderOfBinaryModeIsNamed(String header, String value, String words) {
        Map<String, String> headers =
                new HashMap<>(Map.of("ce-specversion", "1.0", "ce-id", "b", "ce-source", "/s", "ce-type", "t"));
        headers.put(header, value);
        var answer = http.send("POST", EVENTS, headers, "");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().getString("code")).isEqualTo("invalid_event");
        assertThat(answer.json().getString("detail")).contains(words);
        assertNothingWasPublished();
    }

    @Test
    void aSchemaViolationPointsAtItsPlace() {
        var answer = http.post("/v1/addresses/typed/events", "application/json", "{\"n\":\"x\"}");
        assertThat(answer.json().getString("pointer")).isEqualTo("/n");
    }

    @Test
    void whatIsTooLargeIsRefusedWhetherItsLengthIsKnownOrNot() {
        var data = http.post(EVENTS, "application/json", "\"" + "x".repeat(1100) + "\"");
        assertThat(data.status()).isEqualTo(413);
        var body = http.post(EVENTS, "application/json", "\"" + "x".repeat(70_000) + "\"");
        assertThat(body.status()).isEqualTo(413);
        assertThat(body.json().getString("detail")).contains("http.max-body");
        var chunked = http.send(
                "POST",
                EVENTS,
                Map.of("content-type", "application/json", "transfer-encoding", "chunked"),
                "\"" + "x".repeat(70_000) + "\"");
        assertThat(chunked.status()).isEqualTo(413);
        assertNothingWasPublished();
    }

    @Test
    void whoIsTooFastIsToldWhenToComeBack() {
        String path = "/v1/addresses/slow/events";
        Http.Answer answer = http.post(path, "application/json", "1");
        for (int i = 0; i < 3 && answer.status() == 202; i++) {
            only();
            answer = http.post(path, "application/json", "1");
        }
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.json().getString("code")).isEqualTo("too_fast");
        assertThat(Integer.parseInt(String.valueOf(answer.header("retry-after"))))
                .isBetween(1, 60);
    }

    @Test
    void originsAreChecked() {
        var foreign = http.send(
                "POST", EVENTS, Map.of("content-type", "application/json", "origin", "https://evil.example"), "1");
        assertThat(foreign.status()).isEqualTo(403);
        var friend = http.send(
                "POST",
                EVENTS + "?type=last",
                Map.of("content-type", "application/json", "origin", "https://shop.example"),
                "1");
        assertThat(friend.status()).isEqualTo(202);
        assertThat(friend.header("access-control-allow-origin")).isEqualTo("https://shop.example");
        assertThat(friend.header("access-control-allow-credentials")).isEqualTo("true");
        only();
        var preflight = http.send(
                "OPTIONS",
                EVENTS,
                Map.of(
                        "origin",
                        "https://shop.example",
                        "access-control-request-method",
                        "POST",
                        "access-control-request-headers",
                        "content-type"),
                "");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("access-control-allow-methods")).contains("POST");
        assertThat(preflight.header("access-control-allow-headers")).isEqualTo("content-type");
    }

    @Test
    void otherMethodsAreToldTheRightOnes() {
        var answer = http.send("PUT", EVENTS, Map.of(), "");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("allow")).isEqualTo("GET, POST, OPTIONS");
        assertThat(answer.json().getString("code")).isEqualTo("method_not_allowed");
        assertThat(http.get("/v1/nothing").status()).isEqualTo(404);
    }
}
