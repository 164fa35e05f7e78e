package dev.weir.edge.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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

    /** A frame of the server; its payload's bytes stand as characters. */
    private record Frame(int first, String payload) {
        String text() {
            return new String(payload.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }

        int status() {
            return payload.charAt(0) << 8 | payload.charAt(1);
        }
    }

    /** A client of frames as they are. */
    private static final class Wire implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final String head;

        Wire(String headers) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
            socket.setSoTimeout(15_000);
            in = new DataInputStream(socket.getInputStream());
            write("GET /eventbus/websocket HTTP/1.1\r\nhost: x\r\n" + headers + "\r\n");
            StringBuilder read = new StringBuilder();
            while (read.indexOf("\r\n\r\n") < 0) {
                read.append((char) in.readUnsignedByte());
            }
            head = read.toString();
        }

        static Wire open() throws IOException {
            return new Wire(UPGRADE + CONNECTION + VERSION + KEY);
        }

        void write(String ascii) throws IOException {
            socket.getOutputStream().write(ascii.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** A masked frame whose mask is zero, so that tests stay readable. */
        void frame(int first, byte[] payload) throws IOException {
            byte[] bytes = new byte[payload.length + (payload.length < 126 ? 6 : 8)];
            bytes[0] = (byte) first;
            int at = 2;
            if (payload.length < 126) {
                bytes[1] = (byte) (0x80 | payload.length);
            } else {
                bytes[1] = (byte) (0x80 | 126);
                bytes[2] = (byte) (payload.length >> 8);
                bytes[3] = (byte) payload.length;
                at = 4;
            }
            System.arraycopy(payload, 0, bytes, at + 4, payload.length);
            socket.getOutputStream().write(bytes);
        }

        void frame(int first, String payload) throws IOException {
            frame(first, payload.getBytes(StandardCharsets.UTF_8));
        }

        Frame read() throws IOException {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            }
            byte[] payload = new byte[length];
            in.readFully(payload);
            return new Frame(first, new String(payload, StandardCharsets.ISO_8859_1));
        }

        boolean isAtEnd() throws IOException {
            try {
                return in.read() < 0;
            } catch (EOFException end) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void theHandshakeIsAnsweredAsTheStandardSays() throws IOException {
        try (Wire wire = Wire.open()) {
            assertThat(wire.head).startsWith("HTTP/1.1 101 ").doesNotContain("content-length", "transfer-encoding");
            assertThat(wire.head).containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(wire.head)
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
        try (Wire wire = new Wire(UPGRADE + CONNECTION + "connection: close\r\n" + version + "\r\n" + key + "\r\n")) {
            assertThat(wire.head).startsWith("HTTP/1.1 " + status).contains("sec-websocket-version: 13");
            assertThat(new String(wire.in.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(mend);
        }
    }

    @Test
    void messagesMayComeInPartsWithControlFramesBetween() throws IOException {
        try (Wire wire = Wire.open()) {
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
        try (Wire wire = Wire.open()) {
            wire.frame(0x82, "{\"type\":\"nonsense\",\"address\":\"a\"}");
            assertThat(wire.read().text()).contains("\"type\":\"err\"");
        }
    }

    @Test
    void aCloseIsEchoedAndTheConnectionEnds() throws IOException {
        try (Wire wire = Wire.open()) {
            wire.frame(0x8A, "an unasked pong is ignored");
            wire.frame(0x88, new byte[] {0x0F, (byte) 0xA0, 'b', 'y', 'e'});
            Frame echo = wire.read();
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
        "a frame above the limit, 1009, \u0081\u00fe\u0010\u0001\u0000\u0000\u0000\u0000x"
    })
    void whatBreaksTheStandardIsClosedWithItsStatus(String what, int status, String bytes) throws IOException {
        try (Wire wire = Wire.open()) {
            wire.write(bytes);
            Frame close = wire.read();
            assertThat(close.first()).as(what).isEqualTo(0x88);
            assertThat(close.status()).as(what).isEqualTo(status);
            assertThat(wire.isAtEnd()).as(what).isTrue();
        }
    }

    @Test
    void partsTogetherAboveTheLimitAreClosed() throws IOException {
        try (Wire wire = Wire.open()) {
            wire.frame(0x01, "x".repeat(4000));
            wire.frame(0x00, "x".repeat(4000));
            Frame close = wire.read();
            assertThat(close.first()).isEqualTo(0x88);
            assertThat(close.status()).isEqualTo(1009);
        }
    }

    @Test
    void aSessionOfAClosedConnectionIsForgotten() throws IOException {
        try (Wire watcher = Wire.open()) {
            watcher.frame(0x81, "{\"type\":\"register\",\"address\":\"a\",\"headers\":{\"weir-rewind\":\"0\"}}");
            assertThat(watcher.read().text()).contains("registered");
            Wire other = Wire.open();
            other.frame(0x81, "{\"type\":\"register\",\"address\":\"a\",\"headers\":{\"weir-rewind\":\"0\"}}");
            assertThat(other.read().text()).contains("registered");
            other.socket.close();
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
