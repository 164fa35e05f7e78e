package dev.weir.edge.bridge;

import static dev.weir.edge.bridge.SockJsText.PING;
import static dev.weir.edge.bridge.SockJsText.PONG;
import static dev.weir.edge.bridge.SockJsText.messages;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SockJS 0.3.3 over WebSocket, which Weir frames itself: every rule of the protocol, and the raw WebSocket beside it. */
class SockJsWebSocketTest {
    private static final String PATH = "/eventbus/000/abc/websocket";

    @TempDir
    static Path home;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(home, """
                http: {heartbeat: 1s}
                addresses:
                  - {match: "chat.{room}", publish: anyone, subscribe: anyone}
                """);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static BridgeClient open() {
        BridgeClient client = BridgeClient.connect(node.port(), PATH);
        assertThat(client.nextText()).isEqualTo("o");
        return client;
    }

    private static String next(BridgeClient client) {
        String text = client.nextText();
        return text.equals("h") ? next(client) : text;
    }

    @Test
    void messagesComeAsArraysAndAsSingleStrings() {
        try (BridgeClient client = open()) {
            client.sendText(messages(PING));
            assertThat(next(client)).isEqualTo(PONG);
            client.sendText(Json.encode(PING));
            assertThat(next(client)).isEqualTo(PONG);
            client.sendText(" " + messages(PING, PING) + "\n");
            assertThat(next(client)).isEqualTo(PONG);
            assertThat(next(client)).isEqualTo(PONG);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]"})
    void whatIsEmptyIsIgnored(String text) {
        try (BridgeClient client = open()) {
            client.sendText(text).sendText(messages(PING));
            assertThat(next(client)).isEqualTo(PONG);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[\"a", "nonsense", "[1]", "[\"a\", 1]", "[[\"a\"]]", "{\"a\": 1}", "null", "7", "[\"a\"] x", " "
            })
    void whatIsBrokenEndsTheConnectionAtOnce(String text) {
        try (BridgeClient client = open()) {
            client.sendText(text);
            assertThat(client.closeCode()).isEqualTo(4402);
            assertThat(client.unread()).as("no close frame of SockJS").isSubsetOf("h");
        }
    }

    @Test
    void sessionsMayShareTheirName() {
        try (BridgeClient one = open();
                BridgeClient two = open()) {
            one.sendText(messages(PING));
            assertThat(next(one)).isEqualTo(PONG);
            two.sendText(messages(PING));
            assertThat(next(two)).isEqualTo(PONG);
        }
        try (BridgeClient again = open()) {
            again.sendText(messages(PING));
            assertThat(next(again)).isEqualTo(PONG);
        }
    }

    @Test
    void heartbeatsComeWhileNothingElseDoes() {
        try (BridgeClient client = open()) {
            assertThat(client.nextText()).isEqualTo("h");
            assertThat(client.nextText()).isEqualTo("h");
        }
    }

    @Test
    void aRawWebSocketHasNeitherFramesNorHeartbeats() {
        try (BridgeClient framed = open();
                BridgeClient raw = BridgeClient.connect(node.port())) {
            assertThat(framed.nextText()).isEqualTo("h");
            assertThat(framed.nextText()).isEqualTo("h");
            raw.sendText(PING);
            assertThat(raw.next()).isEqualTo(new JsonObject().put("type", "pong"));
        }
    }

    @Test
    void anyTextArrivesAsItWas() {
        StringBuilder killers = new StringBuilder("\"\\/\b\f\n\r\t\u0000\u001f\u007f");
        for (char c = 0x200c; c < 0x2070; c++) {
            killers.append(c);
        }
        killers.append("\ufeff\ufff0\ufffd\ufffe\uffff\uD83D\uDE00");
        try (BridgeClient client = open()) {
            client.sendText(messages(SockJsText.register("chat.k")));
            assertThat(next(client)).contains("registered");
            client.sendText(messages(SockJsText.publish("chat.k", killers.toString())));
            JsonObject rec = new JsonObject(new JsonArray(next(client).substring(1)).getString(0));
            assertThat(rec.getString("body")).isEqualTo(killers.toString());
        }
    }
}
