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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token opened ends with it, on every way in. */
@Execution(ExecutionMode.CONCURRENT) // They wait for time to pass.
class ExpiryTest {
    private static final String YAML = """
            auth: {jwt: {secret: a secret of at least thirty-two characters, leeway: 0s}}
            addresses:
              - {match: news, publish: signed-in, subscribe: signed-in}
              - {match: 'news.{test}', publish: signed-in, subscribe: signed-in}
              - {match: open, publish: anyone, subscribe: anyone}
              - {match: pricing, request: signed-in, respond: anyone}
              - {match: staff, subscribe: 'role:staff'}
              - {match: jobs, publish: anyone, keep: {events: 100}}
            subscriptions:
              - {name: chores, from: [jobs], consume: signed-in, retry: {attempts: 9}}
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

    private static BridgeClient signedIn(long seconds) {
        return connect(token(seconds));
    }

    private static BridgeClient connect(String token) {
        return BridgeClient.connect(node.port(), "/eventbus/websocket?access_token=" + token);
    }

    private static String token(long seconds) {
        return Tokens.hs256(Tokens.claims("ann", seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"news", "open", "open&address=news"})
    void aStreamEndsWithTheTokenThatOpenedIt(String addresses) throws Exception {
        try (RawConnection stream = Tokens.inTime(seconds -> {
            String path = "/v1/stream?address=" + addresses + "&access_token=" + token(seconds);
            RawConnection opened = RawConnection.get(node.port(), path);
            assertThat(opened.status()).isEqualTo(200);
            return opened;
        })) {
            String all = stream.readUntil("\r\n0\r\n\r\n");
            assertThat(all).contains("retry: ");
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
    void whatASessionMayDoWithItsTokenItMayNotDoAfterIt() throws Exception {
        try (BridgeClient client = Tokens.inTime(seconds -> {
            BridgeClient opened = signedIn(seconds).register("news.rights").register("open");
            assertThat(answer(opened, "publish", "news.rights")).isEqualTo("rec");
            return opened;
        })) {
            assertThat(client.next().getString("address")).isEqualTo("news.rights");
            assertThat(client.next().getString("failureType")).isEqualTo("not_logged_in");
            assertThat(answer(client, "publish", "news.rights")).isEqualTo("not_logged_in");
            assertThat(answer(client, "send", "pricing")).isEqualTo("not_logged_in");
            client.send(BridgeClient.frame("register", "news.rights"));
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
            assertThat(next.getString("address")).isIn("open", "news.rights", "news.renewed", "news.other");
            next = client.next();
        }
        return next.getString("type").equals("rec") ? "rec" : next.getString("failureType");
    }

    @Test
    void aNewTokenInAnyFrameKeepsTheRights() throws Exception {
        try (Two two = Tokens.inTime(seconds -> {
            Two opened = new Two(
                    signedIn(seconds).register("news.renewed"),
                    signedIn(seconds).register("news.renewed"));
            opened.renewed.send(new JsonObject()
                    .put("type", "ping")
                    .put("headers", new JsonObject().put("authorization", "Bearer " + token(600))));
            assertThat(opened.renewed.isQuiet()).isTrue();
            return opened;
        })) {
            // The other's end tells that the first token's time is over.
            assertThat(two.other.next().getString("failureType")).isEqualTo("not_logged_in");
            assertThat(two.renewed.isQuiet()).isTrue();
            assertThat(answer(two.renewed, "publish", "news.renewed")).isEqualTo("rec");
        }
    }

    @Test
    void anotherTokenEndsWhatOnlyTheOneBeforeOpened() {
        String staff = Tokens.hs256(Tokens.claims("bob", 600).put("roles", new JsonArray().add("staff")));
        try (BridgeClient client = BridgeClient.connect(node.port(), "/eventbus/websocket?access_token=" + staff)) {
            client.register("staff").register("news.other");
            client.send(new JsonObject()
                    .put("type", "ping")
                    .put("headers", new JsonObject().put("authorization", "Bearer " + token(600))));
            JsonObject ended = client.next();
            assertThat(ended.getString("address")).isEqualTo("staff");
            assertThat(ended.getString("failureType")).isEqualTo("access_denied");
            assertThat(answer(client, "publish", "news.other")).isEqualTo("rec");
        }
    }

    @Test
    void whoseTokenExpiresWhileItWaitsForWorkGetsNone() throws Exception {
        String pull = "/v1/subscriptions/chores/pull?wait=60s&access_token=";
        try (Waiting waiting = Tokens.inTime(seconds -> {
                    // One for both: of two the second may be valid for a second longer.
                    String token = token(seconds);
                    Waiting opened = new Waiting(
                            connect(token).register("news"),
                            RawConnection.open(node.port())
                                    .head("POST", pull + token, "Content-Length", "0")
                                    .send("\r\n"));
                    opened.bridge.send(pull("60s"));
                    assertThat(opened.bridge.isQuiet()).isTrue();
                    return opened;
                });
                BridgeClient other = signedIn(600)) {
            assertThat(waiting.bridge.next().getString("failureType")).isEqualTo("not_logged_in");
            other.send(BridgeClient.frame("publish", "jobs").put("body", 1).put("replyAddress", "kept"));
            assertThat(other.next().getString("address")).isEqualTo("kept");
            JsonObject refused = waiting.bridge.next();
            assertThat(refused.getString("address")).isEqualTo("pulled");
            assertThat(refused.getString("failureType")).isEqualTo("not_logged_in");
            assertThat(waiting.http.status()).isEqualTo(401);
            other.send(pull("30s"));
            assertThat(other.next().getJsonObject("body").getJsonArray("deliveries"))
                    .hasSize(1);
        }
    }

    private static JsonObject pull(String wait) {
        return BridgeClient.frame("send", "weir.subscription.chores")
                .put("body", new JsonObject().put("op", "pull").put("wait", wait))
                .put("replyAddress", "pulled");
    }

    private record Waiting(BridgeClient bridge, RawConnection http) implements AutoCloseable {
        @Override
        public void close() {
            bridge.close();
            http.close();
        }
    }

    private record Two(BridgeClient renewed, BridgeClient other) implements AutoCloseable {
        @Override
        public void close() {
            renewed.close();
            other.close();
        }
    }

    @Test
    void sessionsOverSockJsSignInWithAFrameAndLoseTheirRightsAlike() throws Exception {
        try (BridgeClient client = Tokens.inTime(seconds -> {
            BridgeClient opened = BridgeClient.connect(node.port(), "/eventbus/1/expiry/websocket");
            assertThat(opened.nextText()).isEqualTo("o");
            JsonObject headers = new JsonObject()
                    .put("authorization", "Bearer " + token(seconds))
                    .put("weir-rewind", "0");
            opened.sendText(new JsonArray()
                    .add(BridgeClient.frame("register", "news")
                            .put("headers", headers)
                            .encode())
                    .encode());
            assertThat(nextBut(opened, "h")).contains("registered");
            return opened;
        })) {
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
