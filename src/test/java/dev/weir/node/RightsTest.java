package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.RawConnection;
import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rights of open sessions end with their token, and with a reload that takes them away. */
class RightsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String KEY = "auth: {jwt: {secret: '" + Tokens.SECRET + "', leeway: 0s}}\n";
    private static final String BOTH = KEY
            + "addresses:\n  - {match: news, publish: anyone, subscribe: signed-in}\n"
            + "  - {match: open, publish: anyone, subscribe: anyone}\n";
    private static final String NEWS_FOR_EDITORS = BOTH.replace("subscribe: signed-in", "subscribe: 'role:editor'");

    private static BridgeClient signedIn(TestNode node, long seconds) {
        String token = Tokens.hs256(Tokens.claims("ann", seconds));
        return BridgeClient.connect(node.port(), "/eventbus/websocket?access_token=" + token);
    }

    /** As an operator's editor does it: a reload must never read half a file. */
    private static void rewrite(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling("next.yaml"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void hangUp() throws Exception {
        new ProcessBuilder(
                        "kill", "-HUP", String.valueOf(ProcessHandle.current().pid()))
                .start()
                .waitFor();
    }

    private static void publish(TestNode node, String address) {
        try (BridgeClient writer = BridgeClient.connect(node.port())) {
            writer.send(
                    BridgeClient.frame("publish", address).put("body", address).put("replyAddress", "r"));
            JsonObject answer = writer.next();
            assertThat(answer.getString("type")).as(answer.encode()).isEqualTo("rec");
        }
    }

    @Test
    void whatNeededTheTokenEndsWithIt(@TempDir Path home) throws Exception {
        try (TestNode node = TestNode.start(home, BOTH);
                BridgeClient client = Tokens.inTime(
                        seconds -> signedIn(node, seconds).register("news").register("open"))) {
            JsonObject refused = client.next();
            assertThat(refused.getString("type")).isEqualTo("err");
            assertThat(refused.getString("address")).isEqualTo("news");
            assertThat(refused.getInteger("failureCode")).isEqualTo(4012);
            assertThat(refused.getString("failureType")).isEqualTo("not_logged_in");
            publish(node, "news");
            publish(node, "open");
            assertThat(client.next().getString("body")).isEqualTo("open");
        }
    }

    @Test
    void aStockClientGetsTheStockError(@TempDir Path home) throws Exception {
        try (TestNode node = TestNode.start(home, BOTH);
                BridgeClient client = Tokens.inTime(seconds -> {
                    BridgeClient opened = signedIn(node, seconds).send(BridgeClient.frame("register", "news"));
                    assertThat(opened.isQuiet()).isTrue();
                    return opened;
                })) {
            JsonObject refused = client.next();
            assertThat(refused).isEqualTo(new JsonObject().put("type", "err").put("body", "not_logged_in"));
        }
    }

    @Test
    void aReloadTakesRightsFromOpenSessionsAndGivesThemBack(@TempDir Path home) throws Exception {
        Path file = home.resolve("conf/weir.yaml");
        try (TestNode node = TestNode.start(home, BOTH);
                BridgeClient client = signedIn(node, 600)) {
            client.register("news").register("open");
            rewrite(file, NEWS_FOR_EDITORS);
            hangUp();
            JsonObject refused = client.next();
            assertThat(refused.getString("address")).isEqualTo("news");
            assertThat(refused.getString("failureType")).isEqualTo("access_denied");
            rewrite(file, BOTH.replace("match: open", "match: other"));
            hangUp();
            assertThat(client.next().getString("failureType")).isEqualTo("unknown_address");
            client.register("news");
        }
    }

    @Test
    void aReloadCountsForWhoeverIsStillBeingDecided(@TempDir Path home) throws Exception {
        String asking = "addresses: [{match: news, publish: anyone, subscribe: 'ask:who'}]\n";
        Queue<Message<JsonObject>> asked = new ConcurrentLinkedQueue<>();
        try (TestNode node = TestNode.start(home, asking);
                BridgeClient client = BridgeClient.connect(node.port())) {
            node.vertx().eventBus().<JsonObject>consumer("who", asked::add);
            client.send(BridgeClient.frame("register", "news"));
            try (RawConnection stream =
                    RawConnection.get(node.port(), "/v1/stream?address=news", "Connection", "close")) {
                await().atMost(PATIENCE).until(() -> asked.size() == 2);
                rewrite(home.resolve("conf/weir.yaml"), asking.replace("'ask:who'", "nobody"));
                node.reload();
                asked.forEach(question -> question.reply(new JsonObject().put("allow", true)));
                assertThat(client.next().getString("body")).isEqualTo("access_denied");
                // Refused, or opened and ended at once, as the answer finds it.
                assertThat(stream.rest()).containsAnyOf("403", "weir-closed");
            }
        }
    }

    @Test
    void aBadFileChangesNothing(@TempDir Path home) throws Exception {
        Path file = home.resolve("conf/weir.yaml");
        try (TestNode node = TestNode.start(home, BOTH);
                BridgeClient client = signedIn(node, 600)) {
            client.register("news");
            rewrite(file, BOTH + "addresse: []\n");
            hangUp();
            rewrite(file, BOTH + "log: {levels: 3}\nhttp: {prot: 1}\n");
            hangUp();
            await().atMost(PATIENCE).untilAsserted(() -> publish(node, "news"));
            assertThat(client.next().getString("body")).isEqualTo("news");
            rewrite(file, BOTH.replace("match: open", "match: new"));
            hangUp();
            await().atMost(PATIENCE).untilAsserted(() -> publish(node, "new"));
        }
    }
}
