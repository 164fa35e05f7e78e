package dev.weir.edge;

import static dev.weir.BridgeClient.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.RawConnection;
import dev.weir.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent wrongly to each edge, what comes back, and that nothing else came of it. */
class BadInputTest {
    private static final String YAML = """
            http: {registrations-per-session: 3}
            addresses:
              - {match: open, publish: anyone, subscribe: anyone, max-size: 200B}
              - {match: "chat.{room}", publish: anyone, subscribe: anyone}
              - {match: kept, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 10}}
              - {match: hidden, publish: anyone, subscribe: anyone, history: nobody, keep: {events: 10}}
              - {match: pricing, request: anyone, respond: anyone}
              - {match: weir.sessions, subscribe: anyone}
            """;
    private static final List<String> ADDRESSES = List.of("open", "chat.a", "kept", "hidden", "pricing");

    @TempDir
    static Path home;

    private static final Queue<String> EVENTS = new ConcurrentLinkedQueue<>();
    private static final Queue<String> STREAMS = new ConcurrentLinkedQueue<>();
    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(home, YAML);
        for (String address : ADDRESSES) {
            node.vertx().eventBus().consumer(address, message -> EVENTS.add(address + " " + message.body()));
        }
        node.vertx().eventBus().<JsonObject>consumer("weir.sessions", message -> {
            if ("sse".equals(message.body().getString("transport"))) {
                STREAMS.add(message.body().encode());
            }
        });
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** Events to one listener come in order: when one sent last is there, none is on its way. */
    @AfterEach
    void nothingCameOfIt() {
        try (BridgeClient client = BridgeClient.connect(node.port())) {
            client.send(frame("publish", "open").put("body", "last").put("replyAddress", "r"));
            assertThat(client.next().getString("type")).isEqualTo("rec");
        }
        await().until(() -> EVENTS.contains("open last"));
        assertThat(EVENTS).containsExactly("open last");
        assertThat(STREAMS).isEmpty();
        EVENTS.clear();
    }

    static Stream<Arguments> frames() {
        return Stream.of(
                Arguments.of("", "invalid_json"),
                Arguments.of(" ", "invalid_json"),
                Arguments.of("null", "invalid_json"),
                Arguments.of("5", "invalid_json"),
                Arguments.of("\"text\"", "invalid_json"),
                Arguments.of("[{}]", "invalid_json"),
                Arguments.of("{'type':'publish','address':'open','body':1}", "invalid_json"),
                Arguments.of("{\"type\":\"publish\",\"address\":\"open\",\"body\":1", "invalid_json"),
                Arguments.of("{\"type\":\"publish\",\"address\":\"open\",\"body\":1} more", "invalid_json"),
                Arguments.of("{\"type\":\"publish\",\"address\":\"open\",\"body\":NaN}", "invalid_json"),
                Arguments.of(
                        "{\"type\":\"publish\",\"address\":\"open\",\"body\":" + "[".repeat(2_000), "invalid_json"),
                Arguments.of(
                        "{\"type\":\"publish\",\"address\":\"open\",\"body\":" + "[".repeat(2_000) + "]".repeat(2_000)
                                + "}",
                        "invalid_json"),
                Arguments.of("{\"address\":\"open\"}", "missing_type"),
                Arguments.of("{\"type\":5,\"address\":\"open\"}", "invalid_type"),
                Arguments.of("{\"type\":null,\"address\":\"open\"}", "missing_type"),
                Arguments.of("{\"type\":{},\"address\":\"open\"}", "invalid_type"),
                Arguments.of("{\"type\":\"publish\"}", "missing_address"),
                Arguments.of("{\"type\":\"publish\",\"address\":5}", "unknown_address"),
                Arguments.of("{\"type\":\"publish\",\"address\":null}", "missing_address"),
                Arguments.of("{\"type\":\"publish\",\"address\":[\"open\"]}", "unknown_address"),
                Arguments.of("{\"type\":\"PUBLISH\",\"address\":\"open\"}", "invalid_type"),
                Arguments.of("{\"type\":\"\",\"address\":\"open\"}", "invalid_type"),
                Arguments.of("{\"type\":\"publish\",\"address\":\"\"}", "unknown_address"),
                Arguments.of("{\"type\":\"publish\",\"address\":\" open\"}", "unknown_address"),
                Arguments.of("{\"type\":\"publish\",\"address\":\"Open\"}", "unknown_address"),
                Arguments.of("{\"type\":\"publish\",\"address\":\"open.\"}", "unknown_address"),
                Arguments.of("{\"type\":\"publish\",\"address\":\"chat.a\\r\\nb\"}", "unknown_address"),
                Arguments.of("{\"type\":\"publish\",\"address\":\"chat.a\\u0000\"}", "unknown_address"),
                Arguments.of("{\"type\":\"publish\",\"address\":\"chat.{room}\"}", "unknown_address"),
                Arguments.of(
                        "{\"type\":\"publish\",\"address\":\"" + "a".repeat(201) + "\"}", "max_address_length_reached"),
                Arguments.of(
                        "{\"type\":\"register\",\"address\":\"" + "a".repeat(201) + "\"}",
                        "max_address_length_reached"),
                Arguments.of("{\"type\":\"register\",\"address\":\"open.*\"}", "unknown_address"),
                Arguments.of("{\"type\":\"register\",\"address\":\"**\"}", "unknown_address"),
                Arguments.of("{\"type\":\"register\",\"address\":\"__vertx.notifications\"}", "access_denied"),
                Arguments.of("{\"type\":\"publish\",\"address\":\"__weir.log.kept\",\"body\":1}", "access_denied"),
                Arguments.of("{\"type\":\"send\",\"address\":\"kept\",\"body\":1}", "rejected"),
                Arguments.of("{\"type\":\"publish\",\"address\":\"pricing\",\"body\":1}", "access_denied"),
                Arguments.of(
                        "{\"type\":\"publish\",\"address\":\"open\",\"body\":\"" + "x".repeat(300) + "\"}",
                        "too_large"));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void aFrameIsAnsweredWithItsCodeAndTheSessionGoesOn(String text, String code) {
        try (BridgeClient client = BridgeClient.connect(node.port())) {
            client.sendText(text);
            JsonObject answer = client.next();
            assertThat(answer.getString("type")).isEqualTo("err");
            assertThat(answer.getString("body")).isEqualTo(code);
            assertThat(answer.containsKey("address")).isFalse();
            assertThat(client.isQuiet()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            weir-since  | nonsense
            weir-since  | 1
            weir-since  | :1
            weir-since  | a:-1
            weir-since  | a:99999999999999999999
            weir-rewind | -1
            weir-rewind | 1e3
            weir-rewind | 10001
            weir-rewind | all
            """)
    void aPositionThatIsNoneIsRefusedAndNothingIsRegistered(String header, String value) {
        try (BridgeClient client = BridgeClient.connect(node.port())) {
            client.send(frame("register", "kept").put("headers", new JsonObject().put(header, value)));
            JsonObject answer = client.next();
            assertThat(answer.getString("type")).isEqualTo("err");
            assertThat(answer.getString("address")).isEqualTo("kept");
            assertThat(answer.getString("failureType")).isEqualTo("invalid_parameter");
            assertThat(answer.getString("message")).contains(header);
            // It would be registered already otherwise.
            client.register("kept");
        }
    }

    @Test
    void moreRegistrationsThanAllowedAreRefusedAndTheOthersStay() {
        try (BridgeClient client = BridgeClient.connect(node.port())) {
            client.register("chat.1").register("chat.2").register("chat.3");
            client.send(frame("register", "chat.4"));
            assertThat(client.next().getString("body")).isEqualTo("max_handlers_reached");
            client.send(frame("publish", "chat.3").put("body", 3));
            assertThat(client.next().getInteger("body")).isEqualTo(3);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            GET  | /v1/stream                                            | 400 | missing_address
            GET  | /v1/stream?addres=open                                | 400 | invalid_parameter
            GET  | /v1/stream?address                                    | 404 | unknown_address
            GET  | /v1/stream?address=%00                                | 404 | unknown_address
            GET  | /v1/stream?address=open%0d%0aX:1                      | 404 | unknown_address
            GET  | /v1/stream?address=open&address=chat..a               | 404 | unknown_address
            GET  | /v1/stream?address=a&address=b&address=c&address=d    | 429 | max_handlers_reached
            GET  | /v1/stream?address=pricing                            | 403 | access_denied
            GET  | /v1/stream?address=__vertx.x                          | 403 | access_denied
            POST | /v1/stream?address=open                               | 405 | method_not_allowed
            GET  | /v1/stream?address=%zz                                | 400 | invalid_parameter
            GET  | /v1/stream?address=open&x=%                           | 400 | invalid_parameter
            POST | /v1/addresses/open/events?type=%zz                    | 400 | invalid_parameter
            POST | /v1/addresses/open/events?type=a%4                    | 400 | invalid_parameter
            POST | /v1/addresses/open/events?access_token=%g0            | 400 | invalid_parameter
            POST | /v1/config/reload?%zz                                 | 400 | invalid_parameter
            POST | /eventbus/000/abc/xhr?access_token=%zz                | 400 | invalid_parameter
            GET  | /v1/addresses/chat.*/events                           | 404 | unknown_address
            GET  | /v1/addresses/nowhere                                 | 404 | unknown_address
            GET  | /v1/addresses/a%20b                                   | 404 | unknown_address
            GET  | /v1/addresses/__weir.x                                | 403 | access_denied
            GET  | /v1/addresses/kept/events?since=nonsense              | 400 | invalid_parameter
            GET  | /v1/addresses/kept/events?since=                      | 400 | invalid_parameter
            GET  | /v1/addresses/kept/events?since=other:1               | 409 | epoch_changed
            GET  | /v1/addresses/kept/events?after=yesterday             | 400 | invalid_parameter
            GET  | /v1/addresses/kept/events?before=2026-02-30T00:00:00Z | 400 | invalid_parameter
            GET  | /v1/addresses/kept/events?after=                      | 400 | invalid_parameter
            GET  | /v1/addresses/kept/events?after=2026-01-02T00:00:00Z&before=2026-01-01T00:00:00Z | 400 | invalid_parameter
            GET  | /v1/addresses/kept/events?limit=0                     | 400 | invalid_parameter
            GET  | /v1/addresses/kept/events?limit=-1                    | 400 | invalid_parameter
            GET  | /v1/addresses/kept/events?limit=1001                  | 400 | invalid_parameter
            GET  | /v1/addresses/kept/events?limit=ten                   | 400 | invalid_parameter
            GET  | /v1/addresses/hidden/events                           | 403 | access_denied
            GET  | /v1/addresses/open/events                             | 403 | access_denied
            GET  | /v1/addresses/nowhere/events                          | 404 | unknown_address
            POST | /v1/addresses/open                                    | 405 | method_not_allowed
            PUT  | /v1/addresses/open/events                             | 405 | method_not_allowed
            GET  | /v1/addresses/pricing/requests                        | 405 | method_not_allowed
            GET  | /v1/config/reload                                     | 405 | method_not_allowed
            PUT  | /v1/sessions                                          | 405 | method_not_allowed
            POST | /v1/addresses/open/events/more                        | 404 | not_found
            GET  | /v1/none                                              | 404 | not_found
            """)
    void aRequestIsAnsweredWithAProblem(String method, String path, int status, String code) {
        try (RawConnection request = RawConnection.open(node.port())
                .head(method, path, "Content-Length", "0", "Connection", "close")
                .send("\r\n")) {
            String answer = request.rest();
            assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("application/problem+json");
            JsonObject problem = new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
            assertThat(problem.getInteger("status")).isEqualTo(status);
            assertThat(problem.getString("title")).isNotEmpty();
            assertThat(problem.getString("code", "-")).isEqualTo(code);
        }
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            type=a&type=b | 1      | invalid_event | 'type' is given twice; give it once
            type=a        | NaN    | invalid_json  | the text is not JSON: Non-standard token 'NaN' (line 1, column 4)
            type=a        | {"a":1 | invalid_json  | the text is not JSON: Unexpected end-of-input: expected close marker for Object (start marker at line: 1, column: 1) (line 1, column 7)
            """)
    void whatIsWrongIsSaidInWordsForWhoSentIt(String query, String data, String code, String detail) {
        try (RawConnection request = RawConnection.open(node.port())
                .head(
                        "POST",
                        "/v1/addresses/open/events?" + query,
                        "Content-Type",
                        "application/json",
                        "Content-Length",
                        Integer.toString(data.length()),
                        "Connection",
                        "close")
                .send("\r\n" + data)) {
            String answer = request.rest();
            JsonObject problem = new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
            assertThat(problem.getString("code")).isEqualTo(code);
            assertThat(problem.getString("detail")).isEqualTo(detail);
        }
    }

    @Test
    void aWebSocketWhoseQueryIsBrokenIsRefused() {
        try (RawConnection connection = RawConnection.open(node.port())
                .head(
                        "GET",
                        "/eventbus/websocket?access_token=%zz",
                        "Connection",
                        "Upgrade",
                        "Upgrade",
                        "websocket",
                        "Sec-WebSocket-Version",
                        "13",
                        "Sec-WebSocket-Key",
                        "dGhlIHNhbXBsZSBub25jZQ==")
                .send("\r\n")) {
            assertThat(connection.status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "GET /\r\n\r\n",
                "GET  HTTP/1.1\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nBad name: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            })
    void whatIsNoHttpIsRefusedOrClosed(String text) {
        try (RawConnection connection = RawConnection.open(node.port()).send(text)) {
            String answer = connection.rest();
            assertThat(answer).doesNotContain(" 200 ").doesNotContain(" 202 ");
        }
    }
}
