package dev.weir.edge.bridge;

import static dev.weir.edge.bridge.SockJsText.PING;
import static dev.weir.edge.bridge.SockJsText.PONG;
import static dev.weir.edge.bridge.SockJsText.messages;
import static dev.weir.edge.bridge.SockJsText.publish;
import static dev.weir.edge.bridge.SockJsText.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** SockJS 0.3.3, frame by frame, on the transports that are plain HTTP: what each answers and how it ends. */
class SockJsTransportsTest {
    private static final String ANOTHER = "c[2010,\"Another connection still open\"]";
    private static final String FORM = "content-type: application/x-www-form-urlencoded";

    @TempDir
    static Path home;

    private static TestNode node;

    private final String session = "/eventbus/000/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        node = TestNode.start(home, """
                http: {heartbeat: 1s}
                addresses:
                  - {match: "chat.{room}", publish: anyone, subscribe: anyone, max-size: 200KiB}
                """);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private RawHttp open(SockJsTransport transport) throws IOException {
        return transport.begun(transport.open(node.port(), session));
    }

    /** After this the node has seen everything that was done before: it has one loop, which takes things in their order. */
    private static void settle() throws IOException {
        try (RawHttp answer = RawHttp.get(node.port(), "/eventbus/info")) {
            assertThat(answer.body()).isNotEmpty();
        }
    }

    private void send(String... frames) throws IOException {
        try (RawHttp sent = RawHttp.post(node.port(), session + "/xhr_send", messages(frames))) {
            assertThat(sent.status()).isEqualTo(204);
            assertThat(sent.body()).isEmpty();
        }
    }

    /** The next frame that is no heartbeat; a poll is repeated, a stream read on. */
    private String next(SockJsTransport transport, RawHttp stream) throws IOException {
        String frame = "h";
        while (frame.equals("h")) {
            if (transport.isStreaming()) {
                frame = transport.unwrap(stream.upTo(transport.after));
            } else {
                try (RawHttp poll = open(transport)) {
                    frame = transport.unwrap(poll.body());
                }
            }
        }
        return frame;
    }

    @ParameterizedTest
    @EnumSource(SockJsTransport.class)
    void aSessionOpensAndCarriesMessages(SockJsTransport transport) throws IOException {
        try (RawHttp stream = transport.open(node.port(), session)) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("content-type")).isEqualTo(transport.type);
            assertThat(stream.header("cache-control"))
                    .isEqualTo("no-store, no-cache, no-transform, must-revalidate, max-age=0");
            assertThat(stream.header("set-cookie")).isEmpty();
            transport.begun(stream);
            assertThat(stream.upTo(transport.after)).isEqualTo(transport.wrap("o"));
            send(PING);
            assertThat(next(transport, stream)).isEqualTo(PONG);
            send(register("chat.t"));
            assertThat(next(transport, stream)).contains("registered");
            // Line ends and what begins a field of an event stream must not break the framing.
            String text = "  \u0000\n\r data: <script>\" \\ \u2028\u2029 \uD83D\uDE00 </script>";
            send(publish("chat.t", text));
            JsonObject rec =
                    new JsonObject(new JsonArray(next(transport, stream).substring(1)).getString(0));
            assertThat(rec.getString("body")).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @EnumSource(SockJsTransport.class)
    void severalMessagesTravelInOneFrame(SockJsTransport transport) throws IOException {
        try (RawHttp stream = open(transport)) {
            assertThat(stream.upTo(transport.after)).isEqualTo(transport.wrap("o"));
            send(PING, PING);
            String frames = next(transport, stream);
            int pongs = new JsonArray(frames.substring(1)).size();
            while (pongs < 2) {
                pongs += new JsonArray(next(transport, stream).substring(1)).size();
            }
            assertThat(pongs).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(SockJsTransport.class)
    void aSecondReaderIsToldThatThereIsOne(SockJsTransport transport) throws IOException {
        try (RawHttp first = open(transport)) {
            assertThat(first.upTo(transport.after)).isEqualTo(transport.wrap("o"));
            try (RawHttp waiting = transport.isStreaming() ? first : open(transport)) {
                settle();
                try (RawHttp second = open(transport)) {
                    assertThat(second.status()).isEqualTo(200);
                    assertThat(second.body()).isEqualTo(transport.wrap(ANOTHER));
                }
                assertThat(waiting).isNotNull();
            }
        }
    }

    /** A failure of vertx-web's, see docs/compatibility.md: the first reader should go on. */
    @Test
    void aSecondReaderCutsTheFirstOff() throws IOException {
        SockJsTransport transport = SockJsTransport.XHR_STREAMING;
        try (RawHttp first = open(transport);
                RawHttp second = open(transport)) {
            assertThat(first.upTo("\n")).isEqualTo("o\n");
            assertThat(second.body()).isEqualTo(ANOTHER + "\n");
            send(PING);
            try (RawHttp third = open(transport)) {
                assertThat(third.upTo("\n")).isEqualTo(PONG + "\n");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SockJsTransport.class,
            names = {"XHR_STREAMING", "EVENTSOURCE", "HTMLFILE"})
    void aStreamEndsAfter128KiBAndTheSessionGoesOn(SockJsTransport transport) throws IOException {
        try (RawHttp stream = open(transport)) {
            assertThat(stream.upTo(transport.after)).isEqualTo(transport.wrap("o"));
            send(register("chat.limit"));
            assertThat(next(transport, stream)).contains("registered");
            send(publish("chat.limit", "x".repeat(64 * 1024)));
            assertThat(next(transport, stream)).contains("xxxx");
            send(publish("chat.limit", "y".repeat(64 * 1024)));
            assertThat(next(transport, stream)).contains("yyyy");
            assertThat(stream.body()).isEmpty();
        }
        send(publish("chat.limit", "between"));
        try (RawHttp stream = open(transport)) {
            assertThat(next(transport, stream)).contains("between");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SockJsTransport.class,
            names = {"XHR_STREAMING", "EVENTSOURCE", "HTMLFILE"})
    void whoLeavesIsForgotten(SockJsTransport transport) throws IOException {
        try (RawHttp stream = open(transport)) {
            assertThat(stream.upTo(transport.after)).isEqualTo(transport.wrap("o"));
        }
        settle();
        try (RawHttp again = open(transport)) {
            assertThat(again.upTo(transport.after)).isEqualTo(transport.wrap("o"));
        }
    }

    @ParameterizedTest
    @EnumSource(SockJsTransport.class)
    void heartbeatsComeWhileNothingElseDoes(SockJsTransport transport) throws IOException {
        try (RawHttp stream = open(transport)) {
            assertThat(stream.upTo(transport.after)).isEqualTo(transport.wrap("o"));
            if (transport.isStreaming()) {
                assertThat(stream.upTo(transport.after)).isEqualTo(transport.wrap("h"));
            } else {
                try (RawHttp poll = open(transport)) {
                    assertThat(poll.body()).isEqualTo(transport.wrap("h"));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /xhr_send   |                                | ["x           | 500 | Broken JSON encoding.
            /xhr_send   |                                | nonsense      | 500 | Broken JSON encoding.
            /xhr_send   |                                | ``            | 500 | Payload expected.
            /jsonp_send | application/x-www-form-urlencoded | d=%5B%22x  | 500 | Broken JSON encoding.
            /jsonp_send | application/x-www-form-urlencoded | ``         | 500 | Payload expected.
            /jsonp_send | application/x-www-form-urlencoded | d=         | 500 | Payload expected.
            /jsonp_send | application/x-www-form-urlencoded | p=p        | 500 | Payload expected.
            /jsonp_send | text/plain                     | ["x           | 500 | Broken JSON encoding.
            /jsonp_send | text/plain                     | ``            | 500 | Payload expected.
            """)
    void aBrokenSendIsRefusedAndTheSessionGoesOn(String path, String type, String body, int status, String said)
            throws IOException {
        try (RawHttp stream = open(SockJsTransport.XHR_STREAMING)) {
            assertThat(stream.upTo("\n")).isEqualTo("o\n");
            try (RawHttp sent =
                    RawHttp.post(node.port(), session + path, body, type == null ? "" : "content-type: " + type)) {
                assertThat(sent.status()).isEqualTo(status);
                assertThat(sent.body()).isEqualTo(said);
            }
            send(PING);
            assertThat(next(SockJsTransport.XHR_STREAMING, stream)).isEqualTo(PONG);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            text/plain
            T
            application/json
            application/xml
            application/json; charset=utf-8
            text/xml; charset=utf-8
            ``
            """)
    void aSendMayHaveAnyContentType(String type) throws IOException {
        try (RawHttp stream = open(SockJsTransport.XHR_STREAMING)) {
            assertThat(stream.upTo("\n")).isEqualTo("o\n");
            try (RawHttp sent =
                    RawHttp.post(node.port(), session + "/xhr_send", messages(PING), "content-type: " + type)) {
                assertThat(sent.status()).isEqualTo(204);
            }
            assertThat(next(SockJsTransport.XHR_STREAMING, stream)).isEqualTo(PONG);
        }
    }

    @Test
    void scriptsSendFormsOrText() throws IOException {
        try (RawHttp open = open(SockJsTransport.JSONP)) {
            assertThat(open.body()).isEqualTo(SockJsTransport.JSONP.wrap("o"));
        }
        String form = "d=" + java.net.URLEncoder.encode(messages(PING), java.nio.charset.StandardCharsets.UTF_8);
        try (RawHttp sent = RawHttp.post(node.port(), session + "/jsonp_send", form, FORM)) {
            assertThat(sent.status()).isEqualTo(200);
            assertThat(sent.header("content-type")).isEqualTo("text/plain; charset=UTF-8");
            assertThat(sent.header("cache-control")).startsWith("no-store");
            assertThat(sent.body()).isEqualTo("ok");
        }
        assertThat(next(SockJsTransport.JSONP, null)).isEqualTo(PONG);
        try (RawHttp sent =
                RawHttp.post(node.port(), session + "/jsonp_send", messages(PING), "content-type: text/plain")) {
            assertThat(sent.body()).isEqualTo("ok");
        }
        assertThat(next(SockJsTransport.JSONP, null)).isEqualTo(PONG);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /jsonp              | "callback" parameter required
            /jsonp?c=alert(1)   | invalid "callback" parameter
            /jsonp?c=a%20b      | invalid "callback" parameter
            /jsonp?callback=%3Cscript%3E | invalid "callback" parameter
            /jsonp?c=x23456789012345678901234567890123 | invalid "callback" parameter
            /htmlfile           | "callback" parameter required
            /htmlfile?c=%3Cimg  | invalid "callback" parameter
            /htmlfile?c=a%3Bb   | invalid "callback" parameter
            """)
    void aCallbackIsAName(String path, String said) throws IOException {
        try (RawHttp answer = RawHttp.get(node.port(), session + path)) {
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).isEqualTo(said + "\n");
        }
    }

    @Test
    void whatBrowsersWouldChangeIsEscaped() throws IOException {
        StringBuilder killers = new StringBuilder();
        for (int c = 0x200c; c <= 0xffff; c++) {
            if (c <= 0x200f || (c >= 0x2028 && c <= 0x202f) || (c >= 0x2060 && c <= 0x206f) || c >= 0xfff0) {
                killers.append((char) c);
            }
        }
        try (RawHttp stream = open(SockJsTransport.XHR_STREAMING)) {
            assertThat(stream.upTo("\n")).isEqualTo("o\n");
            send(register("chat.k"));
            assertThat(next(SockJsTransport.XHR_STREAMING, stream)).contains("registered");
            send(publish("chat.k", killers.toString()));
            String frame = next(SockJsTransport.XHR_STREAMING, stream);
            assertThat(killers.chars().filter(c -> frame.indexOf(c) >= 0))
                    .as("not escaped")
                    .isEmpty();
            assertThat(new JsonObject(new JsonArray(frame.substring(1)).getString(0)).getString("body"))
                    .isEqualTo(killers.toString());
        }
    }
}
