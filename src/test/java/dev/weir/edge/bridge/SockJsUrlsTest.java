package dev.weir.edge.bridge;

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
import org.junit.jupiter.params.provider.ValueSource;

/** SockJS 0.3.3: the fixed pages, who may call from where, and what a session's URL may look like. */
class SockJsUrlsTest {
    private static final String A_YEAR = "public,max-age=31536000";
    private static final String NEVER = "no-store, no-cache, no-transform, must-revalidate, max-age=0";

    @TempDir
    static Path home;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(home, """
                http: {origins: ['*'], max-body: 2KiB}
                addresses:
                  - {match: "chat.{room}", publish: anyone, subscribe: anyone}
                """);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static RawHttp get(String path, String... headers) throws IOException {
        return RawHttp.get(node.port(), path, headers);
    }

    private static RawHttp post(String path, String body, String... headers) throws IOException {
        return RawHttp.post(node.port(), path, body, headers);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET  | /eventbus                                   | 200 | text/plain; charset=UTF-8       | Welcome to SockJS!
            GET  | /eventbus/                                  | 200 | text/plain; charset=UTF-8       | Welcome to SockJS!
            GET  | /eventbus/a                                 | 404 | application/problem+json        |
            GET  | /eventbus/a.html                            | 404 | application/problem+json        |
            GET  | /eventbus/a/a                               | 404 | application/problem+json        |
            GET  | /eventbus/a/a/                              | 404 | application/problem+json        |
            GET  | /eventbus/iframe.html                       | 200 | text/html; charset=UTF-8        | SockJS.bootstrap_iframe
            GET  | /eventbus/iframe-.html                      | 200 | text/html; charset=UTF-8        | SockJS.bootstrap_iframe
            GET  | /eventbus/iframe-a.html?t=1234              | 200 | text/html; charset=UTF-8        | SockJS.bootstrap_iframe
            GET  | /eventbus/iframe-0.1.2abc-dirty.2144.html   | 200 | text/html; charset=UTF-8        | /webjars/sockjs-client
            GET  | /eventbus/iframe.htm                        | 404 | application/problem+json        |
            GET  | /eventbus/iframe                            | 404 | application/problem+json        |
            GET  | /eventbus/IFRAME.HTML                       | 404 | application/problem+json        |
            GET  | /eventbus/iframe.xml                        | 404 | application/problem+json        |
            GET  | /eventbus/iframe-/.html                     | 404 | application/problem+json        |
            GET  | /eventbus/info                              | 200 | application/json; charset=UTF-8 | "websocket":true
            GET  | /eventbus/info?t=1                          | 200 | application/json; charset=UTF-8 | "cookie_needed":false
            POST | /eventbus/a/a/xhr                           | 200 | application/javascript; charset=UTF-8 | o
            POST | /eventbus/_/_/xhr                           | 200 | application/javascript; charset=UTF-8 | o
            POST | /eventbus/1/1/xhr                           | 200 | application/javascript; charset=UTF-8 | o
            POST | /eventbus/abcdefgh_i-j%20/abcdefg_i-j%20/xhr | 200 | application/javascript; charset=UTF-8 | o
            POST | /eventbus/a./a/xhr                          | 404 | application/problem+json        |
            POST | /eventbus/a/a./xhr                          | 404 | application/problem+json        |
            POST | /eventbus/./xhr                             | 404 | application/problem+json        |
            POST | /eventbus//xhr                              | 404 | application/problem+json        |
            POST | /eventbus///xhr                             | 404 | application/problem+json        |
            POST | /eventbus/xhr                               | 404 | application/problem+json        |
            GET  | /eventbus/a/b/xhr                           | 405 | application/problem+json        |
            POST | /eventbus/a/nobody/xhr_send                 | 404 |                                 |
            POST | /eventbus/a/nobody/jsonp_send               | 404 |                                 |
            GET  | /eventbus/0/0/websocket                     | 400 |                                 | Can "Upgrade" only to "WebSocket".
            GET  | /eventbus/websocket                         | 400 |                                 | Can "Upgrade" only to "WebSocket".
            POST | /eventbus/0/0/websocket                     | 405 |                                 |
            POST | /eventbus/websocket                         | 405 |                                 |
            """, quoteCharacter = '`')
    void aUrlIsAnsweredAsTheProtocolSays(String method, String path, int status, String type, String content)
            throws IOException {
        try (RawHttp answer = RawHttp.send(node.port(), method, path, "", "")) {
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("content-type")).isEqualTo(type == null ? "" : type);
            assertThat(answer.header("set-cookie")).isEmpty();
            String body = answer.body();
            if (path.endsWith("/websocket") && method.equals("POST")) {
                assertThat(answer.header("allow")).isEqualTo("GET");
                assertThat(body).isEmpty();
            }
            if (content != null) {
                assertThat(body).contains(content);
            }
        }
    }

    @Test
    void theIframePageIsKeptForAYearAndKnownAgain() throws IOException {
        String tag;
        try (RawHttp first = get("/eventbus/iframe.html")) {
            tag = first.header("etag");
            assertThat(tag).isNotEmpty();
            assertThat(first.header("cache-control")).isEqualTo(A_YEAR);
            assertThat(first.header("expires")).isNotEmpty();
            assertThat(first.header("last-modified")).isEmpty();
            assertThat(first.body()).contains("<script src=\"/webjars/sockjs-client/dist/sockjs.min.js\"></script>");
        }
        try (RawHttp again = get("/eventbus/iframe.html", "if-none-match: " + tag)) {
            assertThat(again.status()).isEqualTo(304);
            assertThat(again.header("content-type")).isEmpty();
            assertThat(again.body()).isEmpty();
        }
        try (RawHttp file = get("/webjars/sockjs-client/dist/sockjs.min.js")) {
            assertThat(file.status()).as("the page's script").isEqualTo(200);
        }
    }

    @Test
    void infoIsNeverKeptAndItsEntropyIsNew() throws IOException {
        try (RawHttp one = get("/eventbus/info");
                RawHttp two = get("/eventbus/info")) {
            assertThat(one.header("cache-control")).isEqualTo(NEVER);
            assertThat(one.header("expires") + one.header("last-modified")).isEmpty();
            JsonObject info = new JsonObject(one.body());
            assertThat(info.getJsonArray("origins")).isEqualTo(new JsonArray().add("*:*"));
            assertThat(info.getLong("entropy")).isBetween(0L, 1L << 32);
            assertThat(new JsonObject(two.body()).getLong("entropy")).isNotEqualTo(info.getLong("entropy"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /eventbus/info                  | OPTIONS, GET
            /eventbus/abc/abc/xhr           | OPTIONS, POST
            /eventbus/abc/abc/xhr_send      | OPTIONS, POST
            /eventbus/abc/abc/xhr_streaming | OPTIONS, POST
            """)
    void aPreflightIsAnsweredForAYear(String path, String methods) throws IOException {
        for (String origin : new String[] {"", "origin: https://shop.example", "origin: null"}) {
            try (RawHttp answer = RawHttp.send(node.port(), "OPTIONS", path, origin, "")) {
                assertThat(answer.status()).isEqualTo(204);
                assertThat(answer.header("cache-control")).isEqualTo(A_YEAR);
                assertThat(answer.header("expires")).isNotEmpty();
                assertThat(Integer.parseInt(answer.header("access-control-max-age")))
                        .isGreaterThan(1_000_000);
                assertThat(answer.header("access-control-allow-methods")).isEqualTo(methods);
                assertThat(answer.body()).isEmpty();
                verifyOrigin(answer, origin);
            }
        }
    }

    /** Credentials are only ever allowed to an origin that is named, as the Fetch standard has it; 0.3.3 is older. */
    private static void verifyOrigin(RawHttp answer, String origin) throws IOException {
        String named = origin.isEmpty() ? "*" : origin.substring("origin: ".length());
        assertThat(answer.header("access-control-allow-origin")).isEqualTo(named);
        assertThat(answer.header("access-control-allow-credentials")).isEqualTo(origin.isEmpty() ? "false" : "true");
    }

    @Test
    void pollsAndSendsCarryTheHeadersOfCrossOriginRequests() throws IOException {
        String origin = "origin: https://shop.example";
        try (RawHttp poll = post("/eventbus/0/cors/xhr", "", origin, "access-control-request-headers: a, b, c")) {
            verifyOrigin(poll, origin);
            assertThat(poll.header("access-control-allow-headers")).isEqualTo("a, b, c");
            assertThat(poll.header("cache-control")).isEqualTo(NEVER);
            assertThat(poll.body()).isEqualTo("o\n");
        }
        try (RawHttp sent = post("/eventbus/0/cors/xhr_send", "[\"{\\\"type\\\":\\\"ping\\\"}\"]", origin)) {
            assertThat(sent.status()).isEqualTo(204);
            assertThat(sent.header("content-type")).isEqualTo("text/plain; charset=UTF-8");
            assertThat(sent.header("cache-control")).isEqualTo(NEVER);
            assertThat(sent.header("access-control-allow-headers")).isEmpty();
            verifyOrigin(sent, origin);
        }
    }

    @Test
    void theServerPartOfASessionsUrlMeansNothing() throws IOException {
        try (RawHttp open = post("/eventbus/000/anywhere/xhr", "")) {
            assertThat(open.body()).isEqualTo("o\n");
        }
        try (RawHttp sent = post("/eventbus/111/anywhere/xhr_send", SockJsText.messages(SockJsText.PING))) {
            assertThat(sent.status()).isEqualTo(204);
        }
        try (RawHttp poll = post("/eventbus/999/anywhere/xhr", "")) {
            assertThat(poll.body()).isEqualTo(SockJsText.PONG + "\n");
        }
    }

    @Test
    void oldClientsGetAnswersTheyCanRead() throws IOException {
        byte[] none = new byte[0];
        String old = " HTTP/1.0\r\nhost: x\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n";
        try (RawHttp greeting = RawHttp.write(node.port(), "GET /eventbus" + old, none)) {
            assertThat(greeting.header("transfer-encoding")).isEmpty();
            assertThat(greeting.header("content-length")).isEqualTo("19");
        }
        try (RawHttp stream = RawHttp.write(node.port(), "POST /eventbus/0/old/xhr_streaming" + old, none)) {
            assertThat(stream.header("transfer-encoding") + stream.header("content-length"))
                    .isEmpty();
            assertThat(stream.upTo("\n")).hasSize(2049);
            assertThat(stream.upTo("\n")).isEqualTo("o\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"xhr", "xhr_streaming", "eventsource", "htmlfile?c=x", "jsonp?c=x", "xhr_send", "jsonp_send"})
    void anAnswerAllowsNoForeignFrameItsContent(String transport) throws IOException {
        boolean read = transport.contains("?") || transport.equals("eventsource");
        String path = "/eventbus/0/" + UUID.randomUUID() + "/" + transport;
        try (RawHttp answer = read ? get(path) : post(path, "")) {
            assertThat(answer.header("x-content-type-options")).startsWith("nosniff");
            assertThat(answer.header("content-security-policy")).contains("script-src 'self'");
        }
    }
}
