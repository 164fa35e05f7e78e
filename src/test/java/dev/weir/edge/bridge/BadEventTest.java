package dev.weir.edge.bridge;

import static dev.weir.BridgeClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames that would emit something that is no valid event: what is sent, what comes back, and that nothing was emitted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadEventTest {
    private static final String YAML = """
            addresses:
              - {match: news, publish: anyone, subscribe: anyone}
              - {match: quotes, request: anyone, respond: anyone}
            """;

    private TestNode node;
    private BridgeClient listener;

    @BeforeAll
    void start(@TempDir Path home) {
        node = TestNode.start(home, YAML);
        listener = BridgeClient.connect(node.port()).register("news").register("quotes");
    }

    @AfterAll
    void stop() {
        listener.close();
        node.close();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // header | its value | words of the message
                "ce-id | `''` | 'id' is empty; give it a value or leave it out",
                "ce-id | 7 | 'id' must be a string",
                "CE-Type | true | 'type' must be a string",
                "ce-type | ['a'] | 'type' must be a string",
                "ce-source | 'my shop' | 'source' is no URI-reference: ' ' at position 2 must be percent-encoded",
                "ce-source | '/50%' | 'source' is no URI-reference: '%' at position 3",
                "ce-source | {} | 'source' must be a string",
                "ce-dataschema | '<x>' | 'dataschema' is no URI-reference",
                "ce-subject | '' | 'subject' is empty",
                "ce-subject | 'a\\nb' | 'subject' holds U+000A at position 1",
                "ce-time | 'noon' | write it as in 2026-02-28T23:59:59.123Z",
                "ce-time | 1700000000 | 'time' must be a string",
                "ce-time | '2026-02-30T00:00:00Z' | no RFC 3339 time",
                "ce-datacontenttype | '' | 'datacontenttype' is empty",
                "ce-specversion | '0.3' | only \"1.0\" is understood",
                "ce-data | 'x' | 'data' is defined by CloudEvents and cannot be an extension",
                "ce- | 'x' | '' is no attribute name; use 1 to 20 characters of a-z and 0-9",
                "ce-my_id | 'x' | 'my_id' is no attribute name",
                "ce-a12345678901234567890 | 'x' | is no attribute name",
                "ce-ext | 1.5 | 'ext' must be a string, a boolean or a 32-bit integer",
                "ce-ext | 2147483648 | 'ext' must be a string, a boolean or a 32-bit integer",
                "ce-ext | {'a':1} | 'ext' must be a string, a boolean or a 32-bit integer",
                "ce-ext | '\\u0000' | 'ext' holds U+0000",
                "traceparent | 7.5 | 'traceparent' must be a string",
            })
    void aBadAttributeIsNamedWithItsMend(String header, String value, String words) {
        String headers = ("{'" + header + "':" + value + "}").replace('\'', '"');
        for (String type : new String[] {"publish", "send"}) {
            String address = type.equals("send") ? "quotes" : "news";
            JsonObject bad = frame(type, address).put("headers", new JsonObject(headers));
            try (var client = BridgeClient.connect(node.port())) {
                JsonObject answer =
                        client.send(bad.copy().put("replyAddress", "r")).next();
                assertThat(answer.getString("address")).isEqualTo("r");
                assertThat(answer.getString("failureType")).isEqualTo("invalid_event");
                assertThat(answer.getString("message"))
                        .startsWith("header '" + header + "': ")
                        .contains(words);
                JsonObject error = client.send(bad).next();
                assertThat(error.getString("body")).isEqualTo("invalid_event");
                assertThat(error.getString("message")).isEqualTo(answer.getString("message"));
                assertThat(error.containsKey("address")).isFalse();
                nothingWasEmitted(client);
            }
        }
    }

    /** Events of one producer stay in order, so when the last is there nothing is on its way. */
    private void nothingWasEmitted(BridgeClient client) {
        client.send(frame("publish", "news").put("body", "last"));
        assertThat(listener.next().getString("body")).isEqualTo("last");
        client.send(frame("send", "quotes").put("body", "last"));
        assertThat(listener.next().getString("body")).isEqualTo("last");
    }

    @Test
    void anAttributeIsGivenOnce() {
        JsonObject twice = new JsonObject().put("ce-id", "1").put("CE-ID", "2");
        try (var client = BridgeClient.connect(node.port())) {
            client.send(frame("publish", "news").put("headers", twice));
            assertThat(client.next().getString("message")).contains("'id' is given twice; give it once");
            nothingWasEmitted(client);
        }
    }

    @Test
    void bytesThatAreNoneAreSaidAtTheReplyAddress() {
        try (var client = BridgeClient.connect(node.port())) {
            client.send(frame("publish", "news")
                    .put("replyAddress", "r")
                    .put("headers", new JsonObject().put("ce-datacontenttype", "image/png"))
                    .put("body", new JsonObject().put("data_base64", "*")));
            JsonObject answer = client.next();
            assertThat(answer.getString("address")).isEqualTo("r");
            assertThat(answer.getString("failureType")).isEqualTo("invalid_event");
            assertThat(answer.getString("message")).contains("base64");
            nothingWasEmitted(client);
        }
    }

    @Test
    void goodAttributesTravelAsTextAndTheirVersionAndTheForgedOnesDoNot() {
        JsonObject headers = new JsonObject()
                .put("CE-Type", "t")
                .put("ce-source", "/caf\u00e9/%20")
                .put("ce-time", "2026-01-31t12:00:00+01:00")
                .put("ce-specversion", "1.0")
                .put("ce-count", 7)
                .put("ce-flag", true)
                .put("ce-nothing", (Object) null)
                .put("ce-authid", new JsonObject())
                .put("ce-weir_x", "forged")
                .put("other", 1.5);
        try (var client = BridgeClient.connect(node.port())) {
            client.send(frame("publish", "news").put("headers", headers).put("body", 1));
            JsonObject seen = listener.next().getJsonObject("headers");
            assertThat(seen.getString("ce-type")).isEqualTo("t");
            assertThat(seen.getString("ce-count")).isEqualTo("7");
            assertThat(seen.getString("ce-flag")).isEqualTo("true");
            assertThat(seen.getString("other")).isEqualTo("1.5");
            assertThat(seen.fieldNames())
                    .doesNotContain("ce-specversion", "ce-nothing", "ce-authid", "ce-weir_x", "CE-Type");
        }
    }
}
