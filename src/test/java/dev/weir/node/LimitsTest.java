package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.RawConnection;
import dev.weir.TestNode;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits hold for a node as a whole, whichever of its event loops a client happens to reach, and free what they count. */
class LimitsTest {
    private static final int SESSIONS = 6;
    private static final int ROOMS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ADDRESSES = """
            addresses:
              - {match: "room.{id}", publish: anyone, subscribe: anyone, max-addresses: 5}
              - {match: "kept.{id}", publish: anyone, subscribe: anyone, max-addresses: 5, keep: {events: 10}}
              - {match: news, publish: anyone, subscribe: anyone}
              - {match: asked, subscribe: "ask:gate"}
              - {match: access, subscribe: nobody}
            """;
    private static final String BOUNDED =
            "http: {sessions-per-client: 6, ping-timeout: 5m}\n" + ADDRESSES + "sources:\n  - access: {to: access}\n";

    @TempDir
    static Path home;

    private static TestNode bounded;
    private static TestNode open;

    private final List<AutoCloseable> connections = new ArrayList<>();

    @BeforeAll
    static void start() {
        Map<String, String> twoLoops = Map.of("WEIR_HTTP_LOOPS", "2");
        bounded = TestNode.start(home.resolve("bounded"), BOUNDED, twoLoops);
        open = TestNode.start(home.resolve("open"), ADDRESSES, twoLoops);
    }

    @AfterAll
    static void stop() {
        bounded.close();
        open.close();
    }

    @AfterEach
    void disconnect() throws Exception {
        for (AutoCloseable each : connections) {
            each.close();
        }
        connections.clear();
        assertSixCanConnect();
    }

    /** How a client connects and what it is answered when there is room. */
    private enum Kind {
        WEBSOCKET(101),
        SOCKJS_WEBSOCKET(101),
        STREAM(200);

        private final int good;

        Kind(int good) {
            this.good = good;
        }

        RawConnection connect(int port) {
            return switch (this) {
                case WEBSOCKET -> RawConnection.webSocket(port, "/eventbus/websocket");
                case SOCKJS_WEBSOCKET -> RawConnection.webSocket(port, "/eventbus/1/session/websocket");
                case STREAM -> RawConnection.get(port, "/v1/stream?address=news");
            };
        }
    }

    private boolean connects(Kind kind) {
        RawConnection connection = kind.connect(bounded.port());
        connections.add(connection);
        int status = connection.status();
        assertThat(status).isIn(kind.good, 429);
        return status == kind.good;
    }

    private static boolean nobodyIsConnected(TestNode to) {
        RawConnection metrics = RawConnection.get(to.port(), "/metrics", "Connection", "close");
        try {
            return metrics.readUntil("weir_sessions 0.0\n").endsWith("weir_sessions 0.0\n");
        } finally {
            metrics.close();
        }
    }

    /** What is left of earlier sessions goes as soon as the node hears of their end. */
    private void assertSixCanConnect() throws Exception {
        List<RawConnection> all = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            while (all.size() < SESSIONS) {
                RawConnection next = Kind.STREAM.connect(bounded.port());
                if (next.status() != 200) {
                    next.close();
                    return false;
                }
                all.add(next);
            }
            return true;
        });
        assertThat(connects(Kind.STREAM)).as("one more than the limit").isFalse();
        all.forEach(RawConnection::close);
        // The next test begins with all the room there is: a client's closing is heard later than it is done.
        await().atMost(PATIENCE).until(() -> nobodyIsConnected(bounded) && nobodyIsConnected(open));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aClientHasSoManySessionsAndTheirEndMakesRoom(Kind kind) throws Exception {
        for (int i = 0; i < SESSIONS; i++) {
            // What is left of earlier sessions goes as soon as the node hears of their end.
            await("session " + i).atMost(PATIENCE).until(() -> connects(kind));
        }
        for (Kind other : Kind.values()) {
            assertThat(connects(other)).as("one more, " + other).isFalse();
        }
        connections.get(0).close();
        ((RawConnection) connections.get(1)).reset();
        await().atMost(PATIENCE).until(() -> connects(kind));
        await().atMost(PATIENCE).until(() -> connects(kind));
        assertThat(connects(kind)).isFalse();
    }

    @Test
    void pollingSessionsCountUntilTheirClientStaysAway() {
        for (int i = 0; i < SESSIONS; i++) {
            RawConnection poll = xhr("session" + i);
            assertThat(poll.readUntil("o\n")).endsWith("o\n");
        }
        assertThat(connects(Kind.STREAM)).isFalse();
        RawConnection refused = xhr("last");
        assertThat(refused.readUntil("]\n")).endsWith("c[3000,\"Go away!\"]\n");
    }

    private RawConnection xhr(String session) {
        RawConnection streaming = RawConnection.open(bounded.port());
        connections.add(streaming);
        return streaming
                .head("POST", "/eventbus/1/" + session + "/xhr_streaming", "Content-Length", "0")
                .send("\r\n");
    }

    @Test
    void silentSessionsAreClosedAndMakeRoom(@TempDir Path other) {
        String yaml = BOUNDED.replace("ping-timeout: 5m", "ping-timeout: 1s");
        List<RawConnection> silent = new ArrayList<>();
        try (TestNode node = TestNode.start(other, yaml, Map.of("WEIR_HTTP_LOOPS", "2"))) {
            // Nobody closes: without a ping their time is over after a second.
            await().atMost(PATIENCE).until(() -> {
                silent.add(Kind.WEBSOCKET.connect(node.port()));
                return silent.size() > 2 * SESSIONS
                        && silent.get(silent.size() - 1).status() == 101;
            });
        }
        silent.forEach(RawConnection::close);
    }

    @Test
    void whatIsRefusedOrFailsCountsNothing() {
        for (int i = 0; i < 3 * SESSIONS; i++) {
            RawConnection badKey = RawConnection.get(
                    bounded.port(),
                    "/eventbus/websocket",
                    "Connection",
                    "Upgrade",
                    "Upgrade",
                    "websocket",
                    "Sec-WebSocket-Version",
                    "13",
                    "Sec-WebSocket-Key",
                    "short");
            assertThat(badKey.status()).isEqualTo(400);
            badKey.close();
            RawConnection unknown = RawConnection.get(bounded.port(), "/v1/stream?address=nowhere");
            assertThat(unknown.status()).isEqualTo(404);
            unknown.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void clientsThatVanishWhileTheyConnectCountNothing(Kind kind) {
        for (int i = 0; i < 50; i++) {
            kind.connect(bounded.port()).reset();
        }
    }

    @Test
    void aStreamWhoseClientLeftBeforeItWasAllowedNeverBegins() {
        Queue<Message<JsonObject>> questions = new ConcurrentLinkedQueue<>();
        Queue<JsonObject> ended = new ConcurrentLinkedQueue<>();
        var gate = bounded.vertx().eventBus().<JsonObject>consumer("gate", questions::add);
        var access = bounded.vertx().eventBus().<JsonObject>consumer("access", message -> {
            if (message.body().getString("query", "").equals("address=asked")) {
                ended.add(message.body());
            }
        });
        for (int i = 0; i < SESSIONS; i++) {
            int asked = i + 1;
            RawConnection leaving = RawConnection.get(bounded.port(), "/v1/stream?address=asked");
            // A reset takes with it what the node has not read yet.
            await().atMost(PATIENCE).until(() -> questions.size() == asked);
            leaving.reset();
        }
        await().atMost(PATIENCE).until(() -> ended.size() == SESSIONS);
        questions.forEach(question -> question.reply(new JsonObject().put("allow", true)));
        gate.unregister();
        access.unregister();
    }

    private List<BridgeClient> clients(int count) {
        List<BridgeClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BridgeClient client = BridgeClient.connect(open.port());
            clients.add(client);
            connections.add(client);
        }
        return clients;
    }

    /** Whether a client may listen to an address. */
    private static boolean listens(BridgeClient client, String address) {
        client.send(BridgeClient.frame("register", address).put("headers", new JsonObject().put("weir-rewind", "0")));
        JsonObject answer = client.next();
        if (answer.getString("type").equals("registered")) {
            return true;
        }
        assertThat(answer.getString("failureType")).isEqualTo("too_many_addresses");
        return false;
    }

    @ParameterizedTest
    @ValueSource(strings = {"room.", "kept."})
    void aPolicyHasSoManyAddressesOverAllLoops(String prefix) {
        List<BridgeClient> clients = clients(12);
        for (int i = 0; i < clients.size(); i++) {
            assertThat(listens(clients.get(i), prefix + i)).as("address " + i).isEqualTo(i < ROOMS);
        }
        Consumer<String> everybody = address -> clients.forEach(client -> listens(client, address));
        everybody.accept("news");
        if (prefix.equals("kept.")) {
            // Logs stay when nobody listens.
            clients.subList(0, ROOMS).forEach(client -> client.close());
            assertThat(listens(clients.get(11), prefix + "new")).isFalse();
            return;
        }
        // Those in use are open for everybody, and end with the last listener on the last loop.
        for (int i = ROOMS; i < clients.size(); i++) {
            assertThat(listens(clients.get(i), prefix + 0)).isTrue();
        }
        clients.get(0).send(BridgeClient.frame("unregister", prefix + 0));
        assertThat(clients.get(0).isQuiet()).isTrue();
        assertThat(listens(clients.get(0), prefix + "new")).isFalse();
        for (int i = ROOMS; i < clients.size(); i++) {
            clients.get(i).send(BridgeClient.frame("unregister", prefix + 0));
            assertThat(clients.get(i).isQuiet()).isTrue();
        }
        assertThat(listens(clients.get(11), prefix + "new")).isTrue();
        assertThat(listens(clients.get(10), prefix + "newer")).isFalse();
        clients.get(1).close();
        await().atMost(PATIENCE).until(() -> listens(clients.get(10), prefix + "newer"));
        assertThat(listens(clients.get(9), prefix + 0)).isFalse();
    }

    @Test
    void streamsAndPatternsShareTheBound() {
        List<BridgeClient> clients = clients(2);
        assertThat(listens(clients.get(0), "room.*")).isTrue();
        assertThat(listens(clients.get(1), "room.*")).isTrue();
        RawConnection all = stream("room.a&address=room.b&address=room.c&address=room.d");
        assertThat(all.status()).isEqualTo(200);
        assertThat(all.readUntil("retry: ")).endsWith("retry: ");
        assertThat(stream("room.e&address=room.f").status()).isEqualTo(429);
        assertThat(listens(clients.get(0), "room.g")).isTrue();
        assertThat(listens(clients.get(1), "room.h")).isFalse();
        all.close();
        await().atMost(PATIENCE).until(() -> listens(clients.get(1), "room.h"));
        assertThat(listens(clients.get(0), "room.i")).isTrue();
        assertThat(listens(clients.get(1), "room.j")).isTrue();
        assertThat(listens(clients.get(0), "room.k")).isTrue();
        assertThat(listens(clients.get(0), "room.l")).isFalse();
    }

    private RawConnection stream(String addresses) {
        RawConnection stream = RawConnection.get(open.port(), "/v1/stream?address=" + addresses);
        connections.add(stream);
        return stream;
    }
}
