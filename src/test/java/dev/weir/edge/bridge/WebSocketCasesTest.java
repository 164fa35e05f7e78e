package dev.weir.edge.bridge;

import static dev.weir.edge.bridge.SockJsText.PING;
import static dev.weir.edge.bridge.SockJsText.publish;
import static dev.weir.edge.bridge.SockJsText.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 beyond single frames, in the order of the public conformance suites: lengths, pings, parts, closing, slow readers. */
class WebSocketCasesTest {
    private static final String HANDSHAKE = """
            upgrade: websocket\r
            connection: Upgrade\r
            sec-websocket-version: 13\r
            sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r
            """;
    private static final String PONG = "{\"type\":\"pong\"}";

    @TempDir
    static Path home;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(home, """
                http: {max-body: 2MiB, session-queue: 64MiB}
                addresses:
                  - {match: a, publish: anyone, subscribe: anyone, max-size: 2MiB}
                """);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static FrameSocket open() throws IOException {
        return new FrameSocket(node.port(), HANDSHAKE);
    }

    private static FrameSocket registered(int receiveBytes) throws IOException {
        FrameSocket wire = new FrameSocket(node.port(), "/eventbus/websocket", HANDSHAKE, receiveBytes);
        wire.frame(0x81, register("a"));
        assertThat(wire.read().text()).contains("registered");
        return wire;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 60, 61, 62, 125, 126, 127, 128, 65_000, 65_535, 65_536, 70_000, 1_000_000})
    void textOfAnyLengthGoesBothWaysAsOneFrame(int length) throws IOException {
        try (FrameSocket wire = registered(0)) {
            String text = "x".repeat(length);
            wire.frame(0x81, publish("a", text).getBytes(StandardCharsets.UTF_8), 0x5a3c00ff);
            FrameSocket.Frame frame = wire.read();
            assertThat(frame.first()).as("final, text").isEqualTo(0x81);
            assertThat(frame.text()).contains("\"body\":\"" + text + "\"");
        }
    }

    @Test
    void textInPartsOfOneByteIsOneMessage() throws IOException {
        try (FrameSocket wire = open()) {
            byte[] message = PING.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < message.length; i++) {
                boolean last = i == message.length - 1;
                wire.frame((last ? 0x80 : 0) | (i == 0 ? 1 : 0), Arrays.copyOfRange(message, i, i + 1), 0x01020304 * i);
            }
            assertThat(wire.read().text()).isEqualTo(PONG);
        }
    }

    @Test
    void bytesThatTrickleInAreRead() throws IOException {
        try (FrameSocket wire = open()) {
            String bytes = "\u0081" + (char) (0x80 | PING.length()) + "\0\0\0\0" + PING;
            for (int i = 0; i < bytes.length(); i++) {
                wire.write(bytes.substring(i, i + 1));
            }
            assertThat(wire.read().text()).isEqualTo(PONG);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125})
    void aPingIsAnsweredWithItsContent(int length) throws IOException {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) 0xfe);
        try (FrameSocket wire = open()) {
            wire.frame(0x89, content, 0x11223344);
            FrameSocket.Frame pong = wire.read();
            assertThat(pong.first()).isEqualTo(0x8A);
            assertThat(pong.payload()).isEqualTo(new String(content, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void tenPingsAreAnsweredInTheirOrder() throws IOException {
        try (FrameSocket wire = open()) {
            for (int i = 0; i < 10; i++) {
                wire.frame(0x89, "ping " + i);
            }
            for (int i = 0; i < 10; i++) {
                assertThat(wire.read().text()).isEqualTo("ping " + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 1000",
        "1001, 1001",
        "1003, 1003",
        "1007, 1007",
        "1011, 1011",
        "3000, 3000",
        "4999, 4999",
        "0, 1002",
        "999, 1002",
        "1004, 1002",
        "1005, 1002",
        "1006, 1002",
        "1015, 1002",
        "1016, 1002",
        "2999, 1002"
    })
    void aCloseIsAnsweredWithItsStatusIfThatMayBe(int status, int answer) throws IOException {
        try (FrameSocket wire = open()) {
            wire.frame(0x88, new byte[] {(byte) (status >> 8), (byte) status, 'b', 'y', 'e'});
            FrameSocket.Frame close = wire.read();
            assertThat(close.first()).isEqualTo(0x88);
            assertThat(close.status()).isEqualTo(answer);
            assertThat(wire.isAtEnd()).isTrue();
        }
    }

    @Test
    void aCloseNeedsNoStatusAndItsReasonIsText() throws IOException {
        try (FrameSocket wire = open()) {
            wire.frame(0x88, new byte[0]);
            assertThat(wire.read().status()).isEqualTo(1000);
            assertThat(wire.isAtEnd()).isTrue();
        }
        try (FrameSocket wire = open()) {
            wire.frame(0x88, new byte[] {3, (byte) 0xe8, (byte) 0xc3, '('});
            assertThat(wire.read().status()).isEqualTo(1007);
            assertThat(wire.isAtEnd()).isTrue();
        }
    }

    @Test
    void nothingAfterACloseIsRead() throws IOException {
        try (FrameSocket watcher = registered(0);
                FrameSocket wire = open()) {
            wire.frame(0x81, publish("a", "before"));
            wire.frame(0x88, new byte[] {3, (byte) 0xe8});
            wire.frame(0x81, publish("a", "after"));
            wire.frame(0x89, "ping");
            assertThat(wire.read().first()).isEqualTo(0x88);
            assertThat(wire.isAtEnd()).isTrue();
            assertThat(watcher.read().text()).contains("before");
            watcher.frame(0x81, PING);
            assertThat(watcher.read().text()).isEqualTo(PONG);
        }
    }

    @Test
    void aSlowReaderIsAnsweredItsLastPing() throws IOException {
        int events = 40;
        try (FrameSocket slow = registered(4096);
                FrameSocket writer = open()) {
            String large = publish("a", "x".repeat(1_000_000));
            for (int i = 0; i < events; i++) {
                writer.frame(0x81, large);
            }
            writer.frame(0x81, PING);
            assertThat(writer.read().text()).isEqualTo(PONG);
            Awaitility.await().untilAsserted(() -> assertThat(waiting()).isPositive());
            slow.frame(0x89, "first");
            slow.frame(0x89, "last");
            slow.frame(0x81, PING);
            int recs = 0;
            StringBuilder pongs = new StringBuilder();
            boolean done = false;
            while (!done || recs < events || pongs.indexOf("last") < 0) {
                FrameSocket.Frame frame = slow.read();
                if (frame.first() == 0x8A) {
                    pongs.append(frame.text()).append(' ');
                } else if (frame.text().equals(PONG)) {
                    done = true;
                } else {
                    recs++;
                }
            }
            assertThat(pongs.toString()).isIn("last ", "first last ");
        }
    }

    private static long waiting() throws IOException {
        try (var in = java.net.URI.create(node.url("/metrics")).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("weir_queued_bytes"))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }
}
