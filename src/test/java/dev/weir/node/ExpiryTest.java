package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.RawConnection;
import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token opened ends with it, on every way in. */
class ExpiryTest {
    private static final String YAML = """
            auth: {jwt: {secret: a secret of at least thirty-two characters, leeway: 0s}}
            addresses:
              - {match: news, publish: signed-in, subscribe: signed-in}
              - {match: open, publish: anyone, subscribe: anyone}
              - {match: pricing, request: signed-in, respond: anyone}
            """;

    private static TestNode node;

    @BeforeAll
    static void start(@TempDir Path home) {
        node = TestNode.start(home, YAML);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static String token(long seconds) {
        return Tokens.hs256(Tokens.claims("ann", seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"news", "open", "open&address=news"})
    void aStreamEndsWithTheTokenThatOpenedIt(String addresses) {
        try (RawConnection stream =
                RawConnection.get(node.port(), "/v1/stream?address=" + addresses + "&access_token=" + token(3))) {
            String all = stream.readUntil("\r\n0\r\n\r\n");
            assertThat(all).startsWith("HTTP/1.1 200 ").contains("retry: ");
            assertThat(all).contains("event: weir-closed\ndata: {\"code\":4403,\"reason\":\"the token expired\"}\n\n");
        }
    }

    @Test
    void aStreamIsNotOpenedByAnExpiredToken() {
        try (RawConnection stream =
                RawConnection.get(node.port(), "/v1/stream?address=open&access_token=" + token(-1))) {
            assertThat(stream.status()).isEqualTo(401);
        }
    }

    @Test
    void whatASessionMayDoWithItsTokenItMayNotDoAfterIt() {
        try (BridgeClient client = BridgeClient.connect(node.port(), "/eventbus/websocket?access_token=" + token(3))) {
            client.register("news").register("open");
            assertThat(answer(client, "publish", "news")).isEqualTo("rec");
            assertThat(client.next().getString("address")).isEqualTo("news");
            assertThat(client.next().getString("failureType")).isEqualTo("not_logged_in");
            assertThat(answer(client, "publish", "news")).isEqualTo("not_logged_in");
            assertThat(answer(client, "send", "pricing")).isEqualTo("not_logged_in");
            client.send(BridgeClient.frame("register", "news"));
            assertThat(client.next().getString("body")).isEqualTo("access_denied");
            // What anyone may do goes on.
            assertThat(answer(client, "publish", "open")).isEqualTo("rec");
        }
    }

    /** What a frame is answered at its reply address; events in between are left out. */
    private static String answer(BridgeClient client, String type, String address) {
        client.send(BridgeClient.frame(type, address).put("body", 1).put("replyAddress", "reply"));
        JsonObject next = client.next();
        while (!"reply".equals(next.getString("address"))) {
            assertThat(next.getString("address")).isIn("open", "news");
            next = client.next();
        }
        return next.getString("type").equals("rec") ? "rec" : next.getString("failureType");
    }

    @Test
    void aNewTokenInAnyFrameKeepsTheRights() {
        try (BridgeClient client = BridgeClient.connect(node.port(), "/eventbus/websocket?access_token=" + token(3));
                BridgeClient other =
                        BridgeClient.connect(node.port(), "/eventbus/websocket?access_token=" + token(3))) {
            client.register("news");
            other.register("news");
            client.send(new JsonObject()
                    .put("type", "ping")
                    .put("headers", new JsonObject().put("authorization", "Bearer " + token(60))));
            // The other's end tells that the first token's time is over.
            assertThat(other.next().getString("failureType")).isEqualTo("not_logged_in");
            assertThat(client.isQuiet()).isTrue();
            assertThat(answer(client, "publish", "news")).isEqualTo("rec");
        }
    }

    @Test
    void sessionsOverSockJsSignInWithAFrameAndLoseTheirRightsAlike() {
        try (BridgeClient client = BridgeClient.connect(node.port(), "/eventbus/1/expiry/websocket")) {
            assertThat(client.nextText()).isEqualTo("o");
            JsonObject headers =
                    new JsonObject().put("authorization", "Bearer " + token(3)).put("weir-rewind", "0");
            client.sendText(new JsonArray()
                    .add(BridgeClient.frame("register", "news")
                            .put("headers", headers)
                            .encode())
                    .encode());
            assertThat(nextBut(client, "h")).contains("registered");
            assertThat(nextBut(client, "h")).contains("not_logged_in").contains("the token has expired");
        }
    }

    /** The next frame that is no heartbeat, which comes when it comes. */
    private static String nextBut(BridgeClient client, String heartbeat) {
        String next = client.nextText();
        while (next.equals(heartbeat)) {
            next = client.nextText();
        }
        return next;
    }
}
