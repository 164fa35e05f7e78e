package dev.weir.edge.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever asks to become a WebSocket below {@code /eventbus}, in whatever spelling, is Weir's own or refused: vertx-web's WebSocket
 * routes are there, since {@code /info} says so, and nobody reaches them.
 */
class UpgradesTest {
    private static final String KEY = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
    private static final String VERSION = "sec-websocket-version: 13\r\n";
    private static final String UPGRADE = "upgrade: websocket\r\n";
    private static final String CONNECTION = "connection: Upgrade\r\n";
    private static final String RIGHT = UPGRADE + CONNECTION + VERSION + KEY;

    @TempDir
    static Path home;

    private static final BlockingQueue<String> OPENED = new LinkedBlockingQueue<>();
    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(home, "addresses: []");
        node.vertx().eventBus().<JsonObject>consumer("weir.sessions", message -> {
            if (message.headers().get("ce-type").equals("opened")) {
                OPENED.add(message.body().getString("transport"));
            }
        });
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static RawHttp ask(String requestLine, String headers) throws IOException {
        return RawHttp.write(node.port(), requestLine + "\r\nhost: x\r\n" + headers + "\r\n", new byte[0]);
    }

    private static RawHttp askFor(String path) throws IOException {
        return ask("GET " + path + " HTTP/1.1", RIGHT);
    }

    @ParameterizedTest
    @CsvSource({
        "/eventbus/websocket, websocket",
        "/eventbus/websocket/, websocket",
        "/eventbus/websocket?t=1, websocket",
        "/eventbus/0/0/websocket, sockjs-websocket",
        "/eventbus/000/abc-DEF_9%20/websocket, sockjs-websocket",
        "/eventbus/_/_/websocket?t=1, sockjs-websocket"
    })
    void aWebSocketIsWeirs(String path, String transport) throws Exception {
        try (RawHttp answer = askFor(path)) {
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.header("sec-websocket-accept")).isEqualTo(ACCEPT);
            assertThat(OPENED.poll(30, TimeUnit.SECONDS)).isEqualTo(transport);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/eventbus//websocket",
                "//eventbus/websocket",
                "/eventbus/./websocket",
                "/eventbus/x/../websocket",
                "/x/../eventbus/websocket",
                "/%65ventbus/websocket",
                "/eventbus/%77ebsocket",
                "/eventbus%2Fwebsocket",
                "/eventbus/websocket//",
                "/eventbus/0/0/websocket/",
                "/eventbus/0/0/%77ebsocket",
                "/eventbus/0//0/websocket",
                "/eventbus/0/0//websocket",
                "/eventbus/0/0/x/../websocket",
                "/eventbus/./0/0/websocket",
                "/eventbus/0/websocket",
                "/eventbus/0/0/0/websocket",
                "/eventbus/a.b/c/websocket",
                "/eventbus/a/b.c/websocket",
                "/eventbus/WEBSOCKET",
                "/eventbus/0/0/WebSocket",
                "/EVENTBUS/websocket",
                "/websocket",
                "/eventbus/websockets"
            })
    void noOtherSpellingIsAWebSocket(String path) throws Exception {
        try (RawHttp answer = askFor(path)) {
            assertThat(answer.status()).isEqualTo(404);
        }
        assertThat(OPENED).isEmpty();
    }

    @Test
    void otherPagesDoNotCareWhatTheyCouldBecome() throws Exception {
        try (RawHttp info = askFor("/eventbus/info")) {
            assertThat(info.status()).isEqualTo(200);
            assertThat(new JsonObject(info.body()).getBoolean("websocket")).isTrue();
        }
        try (RawHttp poll = ask("POST /eventbus/0/upgrading/xhr HTTP/1.1", RIGHT + "content-length: 0\r\n")) {
            assertThat(poll.body()).isEqualTo("o\n");
        }
        assertThat(OPENED.poll(30, TimeUnit.SECONDS)).isEqualTo("sockjs");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            upgrade: WebSocket            | connection: upgrade
            UPGRADE: WEBSOCKET            | CONNECTION: UPGRADE
            upgrade: foo/2, websocket     | connection: keep-alive, Upgrade
            upgrade: websocket            | connection: keep-alive,upgrade , x
            """)
    void theWordsMayBeSpelledInAnyCaseAndAmongOthers(String upgrade, String connection) throws Exception {
        for (String path : new String[] {"/eventbus/websocket", "/eventbus/0/0/websocket"}) {
            try (RawHttp answer =
                    ask("GET " + path + " HTTP/1.1", upgrade + "\r\n" + connection + "\r\n" + VERSION + KEY)) {
                assertThat(answer.status()).isEqualTo(101);
                assertThat(OPENED.poll(30, TimeUnit.SECONDS)).endsWith("websocket");
            }
        }
    }

    @Test
    void offersAreNotTakenUp() throws Exception {
        String offers = """
                sec-websocket-extensions: permessage-deflate; client_max_window_bits\r
                sec-websocket-protocol: v12.stomp, weir\r
                """;
        try (RawHttp answer = ask("GET /eventbus/websocket HTTP/1.1", RIGHT + offers)) {
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.header("sec-websocket-extensions")).isEmpty();
            assertThat(answer.header("sec-websocket-protocol")).isEmpty();
        }
        assertThat(OPENED.poll(30, TimeUnit.SECONDS)).isEqualTo("websocket");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET %s HTTP/1.1  | upgrade: websocket  | connection: Upgrade | sec-websocket-version: 8    | 426
            GET %s HTTP/1.1  | upgrade: websocket  | connection: Upgrade | sec-websocket-version: 7    | 426
            GET %s HTTP/1.1  | upgrade: websocket  | connection: Upgrade | sec-websocket-version: 14   | 426
            GET %s HTTP/1.1  | upgrade: websocket  | connection: Upgrade | sec-websocket-version: 13, 8 | 426
            GET %s HTTP/1.1  | upgrade: websocket  | connection: Upgrade | no: version                 | 426
            GET %s HTTP/1.1  | upgrade: websocket  | connection: close   | sec-websocket-version: 13   | 400
            GET %s HTTP/1.1  | upgrade: websocket  | no: connection      | sec-websocket-version: 13   | 400
            GET %s HTTP/1.1  | upgrade: websocket  | connection: upgrade-insecure | sec-websocket-version: 13 | 400
            GET %s HTTP/1.0  | upgrade: websocket  | connection: Upgrade | sec-websocket-version: 13   | 400
            GET %s HTTP/1.1  | upgrade: websockets | connection: Upgrade | sec-websocket-version: 13   | 400
            GET %s HTTP/1.1  | no: upgrade         | connection: Upgrade | sec-websocket-version: 13   | 400
            POST %s HTTP/1.1 | upgrade: websocket  | connection: Upgrade | sec-websocket-version: 13   | 405
            PUT %s HTTP/1.1  | upgrade: websocket  | connection: Upgrade | sec-websocket-version: 13   | 405
            """)
    void aWrongHandshakeIsRefused(String line, String upgrade, String connection, String version, int status)
            throws Exception {
        for (String path : new String[] {"/eventbus/websocket", "/eventbus/0/0/websocket"}) {
            String headers = String.join("\r\n", upgrade, connection, version, "content-length: 0", "") + KEY;
            try (RawHttp answer = ask(line.formatted(path), headers)) {
                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.header("sec-websocket-accept")).isEmpty();
                assertThat(answer.header("allow")).isEqualTo(status == 405 ? "GET" : "");
                if (status == 426) {
                    assertThat(answer.header("sec-websocket-version")).isEqualTo("13");
                }
            }
        }
        assertThat(OPENED).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no: key", "sec-websocket-key: ", "sec-websocket-key: dGhlIHNh", "sec-websocket-key: ***"})
    void aWrongKeyIsRefused(String key) throws Exception {
        try (RawHttp answer =
                ask("GET /eventbus/0/0/websocket HTTP/1.1", UPGRADE + CONNECTION + VERSION + key + "\r\n")) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("invalid_handshake");
        }
    }

    @Test
    void aForeignOriginIsRefused() throws Exception {
        for (String path : new String[] {"/eventbus/websocket", "/eventbus/websocket/", "/eventbus/0/0/websocket"}) {
            for (String origin : new String[] {"https://evil.example", "null"}) {
                try (RawHttp answer = ask("GET " + path + " HTTP/1.1", RIGHT + "origin: " + origin + "\r\n")) {
                    assertThat(answer.status()).isEqualTo(403);
                }
            }
        }
        assertThat(OPENED).isEmpty();
    }
}
