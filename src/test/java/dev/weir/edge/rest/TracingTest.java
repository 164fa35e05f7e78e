package dev.weir.edge.rest;

import static dev.weir.BridgeClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What events and requests say of where they belong, from every edge to whoever gets them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracingTest {
    private static final String CONF = """
            addresses:
              - {match: news, publish: anyone, subscribe: anyone}
              - {match: pricing, request: anyone, respond: anyone}
              - {match: echo, request: anyone}
            """;
    private static final String EVENTS = "/v1/addresses/news/events";
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String EVENT = "{'specversion':'1.0','id':'i','source':'/s','type':'t'";

    private TestNode node;
    private Http http;
    private BridgeClient client;

    @BeforeAll
    void start(@TempDir Path home) {
        node = TestNode.start(home, CONF);
        http = new Http(node.vertx(), node.port());
        client = BridgeClient.connect(node.port()).register("news").register("pricing");
        node.vertx().eventBus().consumer("echo", message -> {
            JsonObject headers = new JsonObject();
            message.headers().forEach(headers::put);
            message.reply(headers);
        });
    }

    @AfterAll
    void stop() {
        client.close();
        node.close();
    }

    private JsonObject headers() {
        return client.next().getJsonObject("headers");
    }

    private static void assertContinued(JsonObject headers, String flags) {
        assertThat(headers.getString("traceparent"))
                .matches(TRACE + "[0-9a-f]{16}-" + flags)
                .doesNotContain(SPAN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "application/json | 1",
                "application/cloudevents+json | " + EVENT + "}",
                "application/cloudevents-batch+json | [" + EVENT + "}]"
            })
    void theTraceOfARequestGoesOnWithItsEvents(String type, String body) {
        var sent = Map.of("content-type", type, "traceparent", TRACE + SPAN + "-00", "tracestate", "a=1");
        assertThat(http.send("POST", EVENTS, sent, body.replace('\'', '"')).status())
                .isEqualTo(202);
        JsonObject headers = headers();
        assertContinued(headers, "00");
        assertThat(headers.getString("tracestate")).isEqualTo("a=1");
    }

    @Test
    void whatAnEventSaysOfItselfGoesBeforeTheRequest() {
        String event = EVENT + ",'correlationid':'c','causationid':'p','traceparent':'" + TRACE + SPAN + "-01'}";
        var sent = Map.of(
                "content-type",
                "application/cloudevents+json",
                "traceparent",
                "00-11111111111111111111111111111111-2222222222222222-01");
        http.send("POST", EVENTS, sent, event.replace('\'', '"'));
        JsonObject headers = headers();
        assertContinued(headers, "01");
        assertThat(headers.getString("ce-correlationid")).isEqualTo("c");
        assertThat(headers.getString("ce-causationid")).isEqualTo("p");
    }

    @Test
    void framesOfTheBridgeBeginAndContinueToo() {
        client.send(frame("publish", "news").put("body", 1));
        JsonObject begun = headers();
        assertThat(begun.getString("ce-correlationid")).isEqualTo(begun.getString("ce-id"));
        assertThat(begun.getString("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]");
        client.send(frame("publish", "news")
                .put("headers", new JsonObject().put("traceparent", TRACE + SPAN + "-01"))
                .put("body", 2));
        assertContinued(headers(), "01");
    }

    @Test
    void aRequestOfTheBridgeTakesItsTraceToWhoeverAnswers() {
        JsonObject sent =
                new JsonObject().put("traceparent", TRACE + SPAN + "-01").put("ce-correlationid", "c");
        try (var asker = BridgeClient.connect(node.port())) {
            asker.send(frame("send", "pricing").put("replyAddress", "r").put("headers", sent));
            JsonObject request = client.next();
            assertContinued(request.getJsonObject("headers"), "01");
            assertThat(request.getJsonObject("headers").getString("ce-correlationid"))
                    .isEqualTo("c");
            client.send(frame("send", request.getString("replyAddress")).put("body", 7));
            assertThat(asker.next().getInteger("body")).isEqualTo(7);
        }
    }

    @Test
    void aRequestOverHttpDoesSoToo() {
        var sent = Map.of("content-type", "application/json", "traceparent", TRACE + SPAN + "-01");
        JsonObject seen =
                http.send("POST", "/v1/addresses/echo/requests", sent, "1").json();
        assertContinued(seen, "01");
        assertThat(seen.getString("ce-correlationid")).isEqualTo(seen.getString("ce-id"));
    }
}
