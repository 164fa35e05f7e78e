package dev.weir.edge.bridge;

import static dev.weir.BridgeClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wire contract of the bridge, frame by frame, against a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BridgeTest {
    private static final String YAML = """
            http: {registrations-per-session: 3}
            addresses:
              - {match: "chat.{room}", publish: anyone, subscribe: anyone, max-size: 200B}
              - {match: closed, publish: nobody, subscribe: nobody}
              - {match: members, publish: signed-in, subscribe: signed-in}
              - {match: limited, publish: anyone, subscribe: anyone, rate: {client: 1/h, burst: 2}}
              - {match: quotes, request: anyone, respond: anyone}
              - {match: big, publish: anyone, subscribe: anyone, max-size: 1MiB}
            """;

    private TestNode node;

    @BeforeAll
    void start(@TempDir Path home) {
        node = TestNode.start(home, YAML);
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @Test
    void anEventReachesEverySubscriberOnceAndItsSender() {
        try (var one = BridgeClient.connect(node.port());
                var two = BridgeClient.connect(node.port())) {
            one.register("chat.a");
            two.register("chat.a");
            one.send(frame("publish", "chat.a").put("body", new JsonObject().put("text", "q\"\\\n\u00e4\uD83D\uDE00")));
            for (JsonObject rec : new JsonObject[] {one.next(), two.next()}) {
                assertThat(rec.getString("type")).isEqualTo("rec");
                assertThat(rec.getString("address")).isEqualTo("chat.a");
                assertThat(rec.getJsonObject("body").getString("text")).isEqualTo("q\"\\\n\u00e4\uD83D\uDE00");
                assertThat(rec.getJsonObject("headers").fieldNames()).contains("ce-id", "ce-source", "ce-time");
            }
            assertThat(one.isQuiet()).isTrue();
            assertThat(two.isQuiet()).isTrue();
        }
    }

    @Test
    void eventsOfAProducerStayInOrder() {
        try (var reader = BridgeClient.connect(node.port());
                var writer = BridgeClient.connect(node.port())) {
            reader.register("chat.order");
            for (int i = 0; i < 1000; i++) {
                writer.send(frame("publish", "chat.order").put("body", i));
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(reader.next().getInteger("body")).isEqualTo(i);
            }
        }
    }

    @Test
    void whatOnlyTheServerMaySayIsOverwritten() {
        try (var client = BridgeClient.connect(node.port())) {
            client.register("chat.s");
            JsonObject lies = new JsonObject()
                    .put("weir-offset", "9")
                    .put("ce-weirepoch", "x")
                    .put("ce-authid", "root")
                    .put("authorization", "Basic x")
                    .put("ce-type", "greeting")
                    .put("mine", "kept");
            client.send(frame("publish", "chat.s").put("headers", lies).put("body", 1));
            JsonObject headers = client.next().getJsonObject("headers");
            assertThat(headers.fieldNames())
                    .doesNotContain("weir-offset", "ce-weirepoch", "ce-authid", "authorization")
                    .contains("mine", "ce-weirsession");
            assertThat(headers.getString("ce-type")).isEqualTo("greeting");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense                                                        | invalid_json
            []                                                              | invalid_json
            {}                                                              | missing_type
            {"type":"publish"}                                              | missing_address
            {"type":"dance","address":"chat.a"}                             | invalid_type
            {"type":"register","address":"nowhere"}                         | unknown_address
            {"type":"register","address":"chat.a.b"}                        | unknown_address
            {"type":"register","address":"chat..a"}                         | unknown_address
            {"type":"register","address":"closed"}                          | access_denied
            {"type":"register","address":"members"}                         | access_denied
            {"type":"register","address":"__weir.agent.x"}                  | access_denied
            {"type":"register","address":"weir.sessions"}                   | access_denied
            {"type":"register","address":"*.a"}                             | unknown_address
            {"type":"publish","address":"closed","body":1}                  | access_denied
            {"type":"publish","address":"members","body":1}                 | not_logged_in
            {"type":"publish","address":"chat.*","body":1}                  | unknown_address
            {"type":"publish","address":"weir.audit","body":1}              | access_denied
            {"type":"publish","address":"quotes","body":1}                  | access_denied
            {"type":"publish","address":"chat.a","headers":{"ce-type":"error"}} | reserved_type
            {"type":"send","address":"chat.a","replyAddress":"1234567890123456789012345678901234567"} | invalid_reply_address
            """)
    void aBadFrameIsAnsweredWithItsCode(String text, String code) {
        try (var client = BridgeClient.connect(node.port())) {
            client.sendText(text.trim());
            JsonObject answer = client.next();
            assertThat(answer.getString("type")).isEqualTo("err");
            assertThat(answer.getString("body")).isEqualTo(code.trim());
            assertThat(answer.containsKey("address")).isFalse();
            assertThat(client.isQuiet()).isTrue();
        }
    }

    @Test
    void tooLargeTooFastAndTooManyAreRefusedAtTheReplyAddress() {
        try (var client = BridgeClient.connect(node.port())) {
            client.send(frame("publish", "chat.a").put("replyAddress", "r").put("body", "x".repeat(300)));
            assertThat(client.next().getString("failureType")).isEqualTo("too_large");
            for (int i = 0; i < 2; i++) {
                client.send(frame("publish", "limited").put("replyAddress", "r").put("body", i));
                assertThat(client.next().getJsonObject("body").getString("id")).isNotEmpty();
            }
            client.send(frame("publish", "limited").put("replyAddress", "r").put("body", 3));
            JsonObject fast = client.next();
            assertThat(fast.getString("failureType")).isEqualTo("too_fast");
            assertThat(fast.getLong("retryAfter")).isPositive();
            client.register("chat.1").register("chat.2").register("chat.3");
            client.send(frame("register", "chat.3"));
            assertThat(client.next().getString("body")).isEqualTo("max_handlers_reached");
            client.send(frame("unregister", "chat.2"));
            client.send(frame("register", "chat.3"));
            assertThat(client.next().getString("body")).isEqualTo("address_already_registered");
        }
    }

    @Test
    void requestsAndRepliesTravelBothWaysAndOnlyTheReceiverMayAnswer() {
        try (var asker = BridgeClient.connect(node.port());
                var answerer = BridgeClient.connect(node.port());
                var thief = BridgeClient.connect(node.port())) {
            answerer.register("quotes");
            asker.send(frame("send", "quotes").put("replyAddress", "q1").put("body", "EUR"));
            JsonObject request = answerer.next();
            String reply = request.getString("replyAddress");
            thief.send(frame("send", reply).put("body", "stolen"));
            assertThat(thief.next().getString("body")).isEqualTo("access_denied");
            answerer.send(frame("send", reply).put("replyAddress", "a1").put("body", "which amount?"));
            JsonObject first = asker.next();
            assertThat(first.getString("address")).isEqualTo("q1");
            asker.send(frame("send", first.getString("replyAddress")).put("body", 7));
            JsonObject second = answerer.next();
            assertThat(second.getString("address")).isEqualTo("a1");
            assertThat(second.getInteger("body")).isEqualTo(7);
            answerer.send(frame("unregister", "quotes"));
            assertThat(answerer.isQuiet()).isTrue();
        }
    }

    @Test
    void nobodyToAnswerIsSaid() {
        try (var asker = BridgeClient.connect(node.port())) {
            asker.send(frame("send", "quotes").put("replyAddress", "q").put("body", 1));
            JsonObject failure = asker.next();
            assertThat(failure.getString("address")).isEqualTo("q");
            assertThat(failure.getString("failureType")).isEqualTo("NO_HANDLERS");
        }
    }

    @Test
    void aSendReachesExactlyOneListenerInTurn() {
        try (var one = BridgeClient.connect(node.port());
                var two = BridgeClient.connect(node.port());
                var writer = BridgeClient.connect(node.port())) {
            one.register("chat.turn");
            two.register("chat.turn");
            writer.send(frame("send", "chat.turn").put("body", 1))
                    .send(frame("send", "chat.turn").put("body", 2));
            assertThat(one.next().getInteger("body") + two.next().getInteger("body"))
                    .isEqualTo(3);
            assertThat(one.isQuiet()).isTrue();
            assertThat(two.isQuiet()).isTrue();
        }
    }

    @Test
    void aPatternHearsAllItsAddresses() {
        try (var client = BridgeClient.connect(node.port())) {
            client.register("chat.*");
            client.send(frame("publish", "chat.lobby").put("body", 1));
            JsonObject rec = client.next();
            assertThat(rec.getString("address")).isEqualTo("chat.*");
            assertThat(rec.getJsonObject("headers").getString("weir-address")).isEqualTo("chat.lobby");
        }
    }

    @Test
    void verticlesHearClientsAndClientsHearVerticles() throws Exception {
        CompletableFuture<JsonObject> heard = new CompletableFuture<>();
        node.vertx().eventBus().<JsonObject>consumer("chat.v", message -> heard.complete(message.body()));
        try (var client = BridgeClient.connect(node.port())) {
            client.send(frame("publish", "chat.v").put("body", new JsonObject().put("n", 1)));
            assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo(new JsonObject().put("n", 1));
            client.register("chat.w");
            node.vertx().eventBus().publish("chat.w", new JsonArray().add(1));
            assertThat(client.next().getJsonArray("body")).isEqualTo(new JsonArray().add(1));
        }
    }

    @Test
    void bytesTravelAsBase64AndArriveAsBytes() {
        try (var client = BridgeClient.connect(node.port())) {
            client.register("chat.b");
            client.send(frame("publish", "chat.b")
                    .put("headers", new JsonObject().put("ce-datacontenttype", "application/octet-stream"))
                    .put("body", new JsonObject().put("data_base64", "AAEC/w==")));
            assertThat(client.next().getJsonObject("body").getString("data_base64"))
                    .startsWith("AAEC");
        }
    }

    @Test
    void aLargeEventIsOneFrame() {
        try (var client = BridgeClient.connect(node.port())) {
            client.register("big");
            String text = "0123456789".repeat(20_000);
            client.send(frame("publish", "big").put("body", text));
            assertThat(client.next().getString("body")).isEqualTo(text);
        }
    }

    @Test
    void sockJsFramingCarriesTheSameProtocol() {
        try (var client = BridgeClient.connect(node.port(), "/eventbus/123/abcdefgh/websocket")) {
            assertThat(client.nextText()).isEqualTo("o");
            client.sendText(new JsonArray()
                    .add("{\"type\":\"register\",\"address\":\"chat.sj\",\"headers\":{\"weir-rewind\":\"0\"}}")
                    .encode());
            assertThat(client.nextText())
                    .isEqualTo(
                            "a[\"{\\\"type\\\":\\\"registered\\\",\\\"address\\\":\\\"chat.sj\\\",\\\"headers\\\":{}}\"]");
            client.sendText(new JsonArray()
                    .add("{\"type\":\"publish\",\"address\":\"chat.sj\",\"body\":\"a\\\"\\\\b\"}")
                    .encode());
            JsonArray messages = new JsonArray(client.nextText().substring(1));
            assertThat(new JsonObject(messages.getString(0)).getString("body")).isEqualTo("a\"\\b");
            client.sendText("[broken");
            assertThat(client.closeCode()).isEqualTo(4402);
        }
    }
}
