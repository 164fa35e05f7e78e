package dev.weir.edge.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6455 on the bridge's WebSocket, byte by byte: what clients may send and what they may not. */
class WebSocketFramesTest {
    private static final String KEY = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String UPGRADE = "upgrade: websocket\r\n";
    private static final String CONNECTION = "connection: keep-alive, Upgrade\r\n";
    private static final String VERSION = "sec-websocket-version: 13\r\n";
    private static final String PUBLISH = "{\"type\":\"publish\",\"address\":\"a\",\"body\":\"%s\"}";

    private static TestNode node;

    @BeforeAll
    static void start(@TempDir Path home) {
        node = TestNode.start(home, """
                http: {max-body: 4KiB}
                addresses:
                  - {match: a, publish: anyone, subscribe: anyone}
                """);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static FrameSocket open() throws IOException {
        return new FrameSocket(node.port(), UPGRADE + CONNECTION + VERSION + KEY);
    }

    @Test
    void theHandshakeIsAnsweredAsTheStandardSays() throws IOException {
        try (FrameSocket wire = open()) {
            assertThat(wire.head()).startsWith("HTTP/1.1 101 ").doesNotContain("content-length", "transfer-encoding");
            assertThat(wire.head()).containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(wire.head())
                    .containsIgnoringCase("upgrade: websocket")
                    .containsIgnoringCase("connection: upgrade");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "426, sec-websocket-version: 8, sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==, must be 13",
        "400, sec-websocket-version: 13, sec-websocket-key: dGhlIHNh, 16 bytes",
        "400, sec-websocket-version: 13, sec-websocket-key: ***, 16 bytes",
        "400, sec-websocket-version: 13, x: y, 16 bytes"
    })
    void aWrongHandshakeIsAnsweredWithItsMend(int status, String version, String key, String mend) throws IOException {
        try (FrameSocket wire = new FrameSocket(
                node.port(), UPGRADE + CONNECTION + "connection: close\r\n" + version + "\r\n" + key + "\r\n")) {
            assertThat(wire.head()).startsWith("HTTP/1.1 " + status).contains("sec-websocket-version: 13");
            assertThat(new String(wire.rest(), StandardCharsets.UTF_8)).contains(mend);
        }
    }

    @Test
    void messagesMayComeInPartsWithControlFramesBetween() throws IOException {
        try (FrameSocket wire = open()) {
            wire.frame(0x81, "{\"type\":\"register\",\"address\":\"a\",\"headers\":{\"weir-rewind\":\"0\"}}");
            assertThat(wire.read().text()).contains("registered");
            String publish = PUBLISH.formatted("gr\u00fc\u00dfe");
            byte[] bytes = publish.getBytes(StandardCharsets.UTF_8);
            int middle = publish.indexOf('\u00fc') + 1;
            wire.frame(0x01, java.util.Arrays.copyOf(bytes, middle));
            wire.frame(0x89, "p");
            wire.frame(0x00, new byte[0]);
            wire.frame(0x80, java.util.Arrays.copyOfRange(bytes, middle, bytes.length));
            assertThat(wire.read()).satisfies(pong -> {
                assertThat(pong.first()).isEqualTo(0x8A);
                assertThat(pong.text()).isEqualTo("p");
            });
            assertThat(wire.read().text()).contains("gr\u00fc\u00dfe");
        }
    }

    @Test
    void aBinaryMessageIsTheSameJson() throws IOException {
        try (FrameSocket wire = open()) {
            wire.frame(0x82, "{\"type\":\"nonsense\",\"address\":\"a\"}");
            assertThat(wire.read().text()).contains("\"type\":\"err\"");
        }
    }

    @Test
    void aCloseIsEchoedAndTheConnectionEnds() throws IOException {
        try (FrameSocket wire = open()) {
            wire.frame(0x8A, "an unasked pong is ignored");
            wire.frame(0x88, new byte[] {0x0F, (byte) 0xA0, 'b', 'y', 'e'});
            FrameSocket.Frame echo = wire.read();
            assertThat(echo.first()).isEqualTo(0x88);
            assertThat(echo.status()).isEqualTo(4000);
            assertThat(wire.isAtEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text that is not UTF-8, 1007, \u0081\u0082\u0000\u0000\u0000\u0000\u00c3(",
        "no mask, 1002, \u0081\u0002hi",
        "a reserved bit, 1002, \u00c1\u0080\u0000\u0000\u0000\u0000",
        "an unknown kind, 1002, \u0083\u0080\u0000\u0000\u0000\u0000",
        "a continuation of nothing, 1002, \u0080\u0081\u0000\u0000\u0000\u0000x",
        "a control frame in parts, 1002, \u0009\u0081\u0000\u0000\u0000\u0000x",
        "a reserved bit of an extension nobody agreed to, 1002, \u00a1\u0080\u0000\u0000\u0000\u0000",
        "a reserved kind of control frame, 1002, \u008b\u0080\u0000\u0000\u0000\u0000",
        "a ping above 125 bytes, 1002, \u0089\u00fe\u0000~\u0000\u0000\u0000\u0000",
        "a length in more bytes than it needs, 1002, \u0081\u00fe\u0000\u0001\u0000\u0000\u0000\u0000x",
        "an endless length, 1002, \u0081\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u0000\u0000\u0000\u0000",
        "a length nobody has, 1009, \u0081\u00ff\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000x",
        "half a close status, 1002, \u0088\u0081\u0000\u0000\u0000\u0000x",
        "half of a surrogate pair, 1007, \u0081\u0083\u0000\u0000\u0000\u0000\u00ed\u00a0\u0080",
        "an overlong character, 1007, \u0081\u0082\u0000\u0000\u0000\u0000\u00c0\u00af",
        "an unfinished character, 1007, \u0081\u0081\u0000\u0000\u0000\u0000\u00c3",
        "a frame above the limit, 1009, \u0081\u00fe\u0010\u0001\u0000\u0000\u0000\u0000x"
    })
    void whatBreaksTheStandardIsClosedWithItsStatus(String what, int status, String bytes) throws IOException {
        try (FrameSocket wire = open()) {
            wire.write(bytes);
            FrameSocket.Frame close = wire.read();
            assertThat(close.first()).as(what).isEqualTo(0x88);
            assertThat(close.status()).as(what).isEqualTo(status);
            if (status == 1007) {
                // The frames themselves were right, so the server waits for the answer to its close.
                wire.frame(0x88, new byte[] {3, (byte) 0xef});
            }
            assertThat(wire.isAtEnd()).as(what).isTrue();
        }
    }

    @Test
    void partsThatAreNoUtf8TogetherAreClosed() throws IOException {
        try (FrameSocket wire = open()) {
            wire.frame(0x01, new byte[] {(byte) 0xc3});
            wire.frame(0x80, "(");
            assertThat(wire.read().status()).isEqualTo(1007);
        }
    }

    @Test
    void aMessageInsideAnotherIsClosed() throws IOException {
        try (FrameSocket wire = open()) {
            wire.frame(0x01, "x");
            wire.frame(0x81, "x");
            assertThat(wire.read().status()).isEqualTo(1002);
        }
    }

    @Test
    void partsTogetherAboveTheLimitAreClosed() throws IOException {
        try (FrameSocket wire = open()) {
            wire.frame(0x01, "x".repeat(4000));
            wire.frame(0x00, "x".repeat(4000));
            FrameSocket.Frame close = wire.read();
            assertThat(close.first()).isEqualTo(0x88);
            assertThat(close.status()).isEqualTo(1009);
        }
    }

    @Test
    void aSessionOfAClosedConnectionIsForgotten() throws IOException {
        try (FrameSocket watcher = open()) {
            watcher.frame(0x81, "{\"type\":\"register\",\"address\":\"a\",\"headers\":{\"weir-rewind\":\"0\"}}");
            assertThat(watcher.read().text()).contains("registered");
            FrameSocket other = open();
            other.frame(0x81, "{\"type\":\"register\",\"address\":\"a\",\"headers\":{\"weir-rewind\":\"0\"}}");
            assertThat(other.read().text()).contains("registered");
            other.close();
            watcher.frame(0x81, PUBLISH.formatted("still here"));
            assertThat(watcher.read().text()).contains("still here");
        }
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(metrics()).containsPattern("(?m)^weir_sessions(\\{.*})? 0"));
    }

    private static String metrics() throws IOException {
        try (var in = java.net.URI.create(node.url("/metrics")).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
