package dev.weir.edge.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SockJS 0.3.3: how a session ends that the server closes; here because it sends no ping. */
@Execution(ExecutionMode.CONCURRENT) // They wait for time to pass.
class SockJsClosingTest {
    private static final String GO_AWAY = "c[3000,\"Go away!\"]";

    @TempDir
    static Path home;

    private static TestNode node;

    private final String session = "/eventbus/000/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        node = TestNode.start(home, "http: {ping-timeout: 1s}");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private RawHttp open(SockJsTransport transport) throws IOException {
        return transport.begun(transport.open(node.port(), session));
    }

    @ParameterizedTest
    @EnumSource(SockJsTransport.class)
    void aClosedSessionSaysSoToWhoeverAsks(SockJsTransport transport) throws IOException {
        try (RawHttp first = open(transport)) {
            assertThat(first.upTo(transport.after)).isEqualTo(transport.wrap("o"));
            try (RawHttp waiting = transport.isStreaming() ? first : open(transport)) {
                assertThat(waiting.upTo(transport.after)).isEqualTo(transport.wrap(GO_AWAY));
                assertThat(waiting.body()).as("it ends").isEmpty();
            }
        }
        for (int i = 0; i < 2; i++) {
            try (RawHttp again = open(transport)) {
                assertThat(again.body()).isEqualTo(transport.wrap(GO_AWAY));
            }
        }
        try (RawHttp sent = RawHttp.post(node.port(), session + "/xhr_send", "[\"{}\"]")) {
            assertThat(sent.status()).isEqualTo(404);
        }
    }

    @Test
    void aFramedWebSocketGetsTheFrameAndThenTheReason() {
        try (var client = BridgeClient.connect(node.port(), session + "/websocket")) {
            assertThat(client.nextText()).isEqualTo("o");
            assertThat(nextButHeartbeats(client)).isEqualTo(GO_AWAY);
            assertThat(client.closeCode()).isEqualTo(4102);
        }
    }

    private static String nextButHeartbeats(BridgeClient client) {
        String text = client.nextText();
        return text.equals("h") ? nextButHeartbeats(client) : text;
    }

    @Test
    void aRawWebSocketGetsTheReasonAlone() {
        try (var client = BridgeClient.connect(node.port())) {
            assertThat(client.closeCode()).isEqualTo(4102);
            assertThat(client.unread()).isEmpty();
        }
    }
}
