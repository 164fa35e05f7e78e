package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A script's WebSocket server with Vert.x's client. */
class WsScriptTest {
    private static final String SERVER = """
            const WebSocket = require('ws');
            const wss = new WebSocket.Server({ port: 0, path: '/ws', maxPayload: 100000 });
            wss.on('listening', () => console.log('port', wss.address().port));
            wss.on('connection', (ws) => {
              ws.on('error', (error) => console.log(error.code));
              ws.on('message', (data, isBinary) => {
                const text = data.toString();
                if (text.startsWith('all ')) {
                  for (let n = 0; n < 3; n++) {
                    const message = n === 1 ? Buffer.from(`${text.slice(4)} ${n}`) : `${text.slice(4)} ${n}`;
                    wss.clients.forEach((client) => {
                      if (client.readyState === WebSocket.OPEN) client.send(message, { binary: false });
                    });
                  }
                } else if (text === 'counted') {
                  // One Buffer that changes between two sends: each client gets what was in it then.
                  const one = Buffer.alloc(1);
                  for (const client of wss.clients) {
                    one[0]++;
                    client.send(one);
                  }
                } else ws.send(data, { binary: isBinary });
              });
            });
            """;

    @TempDir
    Path folder;

    private ScriptRig rig;
    private WebSocketClient client;
    private int port;
    private String id;

    @BeforeEach
    void server() {
        rig = new ScriptRig(folder);
        client = rig.vertx()
                .createWebSocketClient(new WebSocketClientOptions()
                        .setMaxConnections(100)
                        .setMaxFrameSize(1 << 20)
                        .setMaxMessageSize(1 << 20));
        id = rig.deploy(SERVER, new JsonObject());
        await().atMost(Duration.ofSeconds(30)).until(() -> !rig.lines().isEmpty());
        port = Integer.parseInt(rig.lines().get(0).substring(5));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** A connection and what came by it. */
    private record Heard(WebSocket socket, List<String> texts, List<Buffer> bytes) {}

    private Heard connect() {
        List<String> texts = new CopyOnWriteArrayList<>();
        List<Buffer> bytes = new CopyOnWriteArrayList<>();
        return now(client.connect(port, "127.0.0.1", "/ws").map(socket -> {
            socket.textMessageHandler(texts::add);
            socket.binaryMessageHandler(bytes::add);
            return new Heard(socket, texts, bytes);
        }));
    }

    private static <T> T now(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    private static void until(java.util.concurrent.Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(30)).until(condition);
    }

    @Test
    void echoesTextAndBytesOfAllLengths() {
        Heard heard = connect();
        List<String> sent = new ArrayList<>();
        for (int length : new int[] {0, 1, 125, 126, 65_535, 65_536}) {
            sent.add("x".repeat(length));
        }
        sent.add("grüße ✓ 😀");
        sent.forEach(text -> heard.socket().writeTextMessage(text));
        Buffer bytes = Buffer.buffer(new byte[] {0, (byte) 0xff, 127});
        heard.socket().writeBinaryMessage(bytes);
        until(() -> heard.bytes().size() == 1 && heard.texts().size() == sent.size());
        assertThat(heard.texts()).containsExactlyElementsOf(sent);
        assertThat(heard.bytes()).containsExactly(bytes);
    }

    @Test
    void aMessageInPiecesArrivesWhole() {
        Heard heard = connect();
        heard.socket().writeFrame(io.vertx.core.http.WebSocketFrame.textFrame("one ", false));
        heard.socket().writeFrame(io.vertx.core.http.WebSocketFrame.continuationFrame(Buffer.buffer("two"), true));
        until(() -> heard.texts().size() == 1);
        assertThat(heard.texts()).containsExactly("one two");
    }

    @Test
    void aBroadcastReachesEveryClientInOrder() {
        List<Heard> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add(connect());
        }
        for (int n = 0; n < 5; n++) {
            all.get(n).socket().writeTextMessage("all " + n);
        }
        for (Heard heard : all) {
            until(() -> heard.texts().size() == 15);
            for (String sender : List.of("0", "1", "2", "3", "4")) {
                assertThat(heard.texts().stream().filter(text -> text.startsWith(sender)))
                        .containsExactly(sender + " 0", sender + " 1", sender + " 2");
            }
            assertThat(heard.texts()).isEqualTo(all.get(0).texts());
        }
    }

    @Test
    void aBufferThatChangesBetweenTwoSendsIsSentAsItWas() {
        Heard one = connect();
        Heard two = connect();
        one.socket().writeTextMessage("counted");
        until(() -> one.bytes().size() == 1 && two.bytes().size() == 1);
        assertThat(one.bytes().get(0).getByte(0) + two.bytes().get(0).getByte(0))
                .isEqualTo(3);
    }

    @Test
    void whatIsTooLongOrNotUtf8ClosesWithItsCode() {
        Heard tooLong = connect();
        tooLong.socket().writeTextMessage("x".repeat(100_001));
        until(() -> tooLong.socket().closeStatusCode() != null);
        assertThat(tooLong.socket().closeStatusCode()).isEqualTo((short) 1009);
        until(() -> rig.lines().contains("WS_ERR_UNSUPPORTED_MESSAGE_LENGTH"));
    }

    @Test
    void anotherPathIsRefused() {
        Throwable refused = client.connect(port, "127.0.0.1", "/other")
                .toCompletionStage()
                .toCompletableFuture()
                .handle((socket, failure) -> failure)
                .join();
        assertThat(refused)
                .isInstanceOfSatisfying(UpgradeRejectedException.class, rejection -> assertThat(rejection.getStatus())
                        .isEqualTo(400));
    }

    @Test
    void clientsAreToldThatTheScriptGoesAway() {
        Heard heard = connect();
        now(rig.vertx().undeploy(id));
        until(() -> heard.socket().closeStatusCode() != null);
        assertThat(heard.socket().closeStatusCode()).isIn((short) 1001, (short) 1000);
    }
}
