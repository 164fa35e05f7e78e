package dev.weir.observe.tap;

import static dev.weir.observe.tap.TapClient.call;
import static dev.weir.observe.tap.TapClient.connect;
import static dev.weir.observe.tap.TapClient.open;
import static dev.weir.observe.tap.TapClient.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.Tokens;
import dev.weir.emitter.Emitter;
import dev.weir.junit.WeirNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What taps of a real node show, to whom, and for how long. */
class TapTest {
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            addresses:
              - {match: "plain.{n}", publish: anyone, subscribe: anyone, max-size: 1MiB}
              - {match: kept, publish: anyone, subscribe: anyone, keep: {events: 100}}
              - {match: sum, request: anyone}
              - {match: "weir.**", subscribe: anyone}
            """.formatted(Tokens.SECRET);

    private static WeirNode node;
    private static int port;
    private static EventBus bus;

    @BeforeAll
    static void start() {
        node = WeirNode.start(YAML);
        port = node.uri().getPort();
        bus = node.vertx().eventBus();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static JsonObject wanted(String pattern) {
        return new JsonObject().put("pattern", pattern);
    }

    private static String via(JsonObject event) {
        return event.getString("address") + " " + event.getString("via") + " " + event.getValue("data");
    }

    @Test
    void everyWayOfAnEventIsSeenOnce() throws Exception {
        // Who listens to a pattern and to the address itself makes no second one of it.
        try (TapClient tap = open(port, "**");
                BridgeClient pattern = connect(port, "viewer").register("plain.*");
                BridgeClient own = connect(port, "viewer").register("kept")) {
            bus.consumer("kept", message -> {});
            bus.<Integer>consumer("sum", message -> message.reply(message.body() + 1));
            publish(port, "plain.a", "\"http\"");
            publish(port, "kept", "\"kept\"");
            Emitter.of(node.vertx(), "plain.b").emit("made", "emitter").await();
            Emitter.of(node.vertx(), "kept").emit("made", "kept emitter").await();
            bus.publish("plain.c", "verticle");
            bus.publish("kept", "kept verticle");
            bus.publish("of.nobody", "no policy");
            bus.send("plain.d", "sent");
            assertThat(call(port, "POST", "/v1/addresses/sum/requests", null, "1")
                            .body())
                    .isEqualTo("2");
            tap.until("kept verticle");
            publish(port, "plain.a", "\"last\"");
            tap.until("last");
            assertThat(pattern.next().getValue("body")).isEqualTo("http");
            assertThat(own.next().getValue("body")).isEqualTo("kept");
            assertThat(tap.events().stream().map(TapTest::via))
                    .containsExactlyInAnyOrder(
                            "plain.a publish http",
                            "kept kept kept",
                            "plain.b publish emitter",
                            "kept kept kept emitter",
                            "plain.c publish verticle",
                            "kept kept kept verticle",
                            "of.nobody publish no policy",
                            "plain.d send sent",
                            "sum request 1",
                            "plain.a publish last");
            assertThat(tap.sum("seen")).isEqualTo(10);
            assertThat(tap.sum("sent")).isEqualTo(10);
            assertThat(tap.sum("dropped")).isZero();
            JsonObject kept = tap.until("kept emitter");
            assertThat(kept.getLong("offset")).isEqualTo(2);
            assertThat(kept.getString("epoch")).isNotBlank();
            assertThat(kept.getJsonObject("attributes").getString("type")).isEqualTo("made");
            assertThat(kept.getInteger("size")).isEqualTo("\"kept emitter\"".length());
        }
    }

    @Test
    void whatVerticlesChangeAfterwardsIsSeenAsItWas() throws Exception {
        try (TapClient tap = open(port, "plain.*")) {
            JsonObject body = new JsonObject().put("n", new JsonArray().add(1));
            bus.publish("plain.x", body);
            body.getJsonArray("n").add(2);
            assertThat(tap.until(event -> true).getJsonObject("data").encode()).isEqualTo("{\"n\":[1]}");
        }
    }

    @Test
    void largeDataIsCutAndBytesAreBytesAndSecretsAreNotShown() throws Exception {
        try (TapClient tap = open(port, "plain.*")) {
            publish(port, "plain.x", "\"" + "ä".repeat(10_000) + "\"");
            JsonObject cut = tap.until(event -> event.getBoolean("cut", false));
            assertThat(cut.getInteger("size")).isEqualTo(20_002);
            assertThat(cut.getString("text")).startsWith("\"ää").endsWith("ä").hasSizeBetween(8_190, 8_193);
            bus.publish("plain.y", Buffer.buffer(new byte[20_000]));
            JsonObject bytes = tap.until(event -> event.containsKey("data_base64"));
            assertThat(bytes.getInteger("size")).isEqualTo(20_000);
            assertThat(bytes.getBinary("data_base64")).hasSize(16 * 1024);
            bus.publish(
                    "plain.z",
                    true,
                    new DeliveryOptions()
                            .addHeader("Authorization", "Bearer hush")
                            .addHeader("x-api-key", "hush")
                            .addHeader("note", "fine"));
            JsonObject event = tap.until(true);
            assertThat(event.getJsonObject("headers").encode()).isEqualTo("{\"note\":\"fine\"}");
            assertThat(event.encode()).doesNotContain("hush");
        }
    }

    @Test
    void aFilterLetsPassWhatFitsAndSaysWhereItIsWrong() throws Exception {
        JsonObject wanted = wanted("plain.*").put("filter", "event.data.n > 2 && event.address == 'plain.f'");
        try (TapClient tap = open(port, wanted)) {
            for (int n = 0; n < 5; n++) {
                publish(port, "plain.f", "{\"n\":" + n + "}");
                publish(port, "plain.g", "{\"n\":" + n + "}");
            }
            publish(port, "plain.f", "{}");
            tap.untilCounted("seen", 11);
            assertThat(tap.data()).containsExactly(new JsonObject().put("n", 3), new JsonObject().put("n", 4));
            assertThat(tap.sum("fit")).isEqualTo(2);
            assertThat(tap.sum("failed")).isEqualTo(1);

            HttpResponse<String> wrong = tap.ask(port, "PATCH", "{\"filter\":\"event.data.n > oops\"}");
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(new JsonObject(wrong.body()).getString("pointer")).isEqualTo("/filter");
            assertThat(new JsonObject(wrong.body()).getString("detail"))
                    .startsWith("filter, column 16: oops is unknown");

            assertThat(tap.ask(port, "PATCH", "{\"filter\":null,\"rate\":7}").body())
                    .contains("\"rate\":7")
                    .doesNotContain("filter");
            publish(port, "plain.g", "\"all\"");
            assertThat(tap.until("all").getString("address")).isEqualTo("plain.g");
        }
    }

    @Test
    void onlyTheFieldsThatAreWantedAreShown() throws Exception {
        JsonArray fields =
                new JsonArray().add("type").add("data.a.b").add("data.c").add("data.none.x");
        try (TapClient tap = open(port, wanted("plain.*").put("fields", fields))) {
            assertThat(tap.tap().getJsonArray("fields")).isEqualTo(fields);
            publish(port, "plain.f", "{\"a\":{\"b\":1,\"x\":2},\"c\":[3],\"d\":4}");
            JsonObject event = tap.until(any -> true);
            assertThat(event.getJsonObject("data").encode()).isEqualTo("{\"a\":{\"b\":1},\"c\":[3]}");
            assertThat(event.getJsonObject("attributes").encode()).isEqualTo("{\"type\":\"made\"}");
            publish(port, "plain.f", "7");
            tap.untilCounted("seen", 2);
            assertThat(tap.events().get(1).containsKey("data")).isFalse();
        }
    }

    @Test
    void aboveTheRateEventsAreCounted() throws Exception {
        try (TapClient tap = open(port, wanted("plain.*").put("rate", 5))) {
            for (int n = 0; n < 200; n++) {
                bus.publish("plain.r", n);
            }
            tap.untilCounted("seen", 200);
            assertThat(tap.sum("seen")).isEqualTo(200);
            assertThat(tap.sum("dropped")).isEqualTo(200 - tap.sum("sent"));
            // Five at once; a slow machine gets more than one second's.
            assertThat(tap.sum("sent"))
                    .isBetween(5L, 100L)
                    .isEqualTo(tap.events().size());
        }
    }

    @Test
    void systemEventsAreSeenByWhoAsksAndTapsByNobody() throws Exception {
        try (TapClient all = open(port, "**");
                TapClient system = open(port, "weir.**");
                BridgeClient anybody = connect(port, "guest").register("weir.**");
                BridgeClient taps = connect(port, "viewer").register("weir.tap.*")) {
            publish(port, "plain.s", "\"user's\"");
            all.until("user's");
            JsonObject opened = system.until(event -> "weir.sessions".equals(event.getString("address")));
            assertThat(opened.getJsonObject("attributes").getString("type")).isEqualTo("opened");
            assertThat(system.ask(port, "DELETE", "").statusCode()).isEqualTo(204);
            assertThat(all.ask(port, "DELETE", "").statusCode()).isEqualTo(204);
            assertThat(all.events())
                    .noneMatch(event -> event.getString("address").startsWith("weir."));
            assertThat(system.events())
                    .noneMatch(event -> event.getString("address").startsWith("weir.tap."));
            // What taps show comes to their own address only, even where a policy opens all system events.
            assertThat(taps.isQuiet()).isTrue();
            anybody.sendText("{\"type\":\"no such type\",\"address\":\"x\"}");
            for (JsonObject frame = anybody.next(); frame.getString("type").equals("rec"); frame = anybody.next()) {
                assertThat(frame.getJsonObject("headers").getString("weir-address"))
                        .doesNotStartWith("weir.tap.");
            }
        }
    }

    @Test
    void onlyViewersAndOperatorsLook() throws Exception {
        List<String> done = new CopyOnWriteArrayList<>();
        bus.<JsonObject>consumer(
                "weir.audit", message -> done.add(message.headers().get("ce-type") + " " + message.body()));
        String body = wanted("plain.*").encode();
        assertThat(call(port, "POST", "/v1/taps", null, body).statusCode()).isEqualTo(401);
        assertThat(call(port, "POST", "/v1/taps", "guest", body).statusCode()).isEqualTo(403);
        assertThat(call(port, "POST", "/v1/taps", "operator", body).statusCode())
                .isEqualTo(201);
        try (TapClient tap = open(port, "plain.*");
                BridgeClient guest = connect(port, "guest")) {
            String path = "/v1/taps/" + tap.tap().getString("id");
            assertThat(call(port, "PATCH", path, "guest", "{}").statusCode()).isEqualTo(403);
            assertThat(call(port, "DELETE", path, "guest", "").statusCode()).isEqualTo(403);
            guest.send(BridgeClient.frame("register", tap.tap().getString("address")));
            assertThat(guest.next().getString("body")).isEqualTo("access_denied");
            await().until(() ->
                    done.stream().filter(each -> each.startsWith("tap.opened")).count() >= 2);
            assertThat(done).noneMatch(each -> each.contains(tap.tap().getString("id")));
            // What other tests did may be told now only.
            assertThat(done)
                    .anyMatch(each -> each.startsWith("tap.opened")
                            && each.contains("\"pattern\":\"plain.*\"")
                            && each.contains("\"by\":\"vera\""));
        }
    }

    @Test
    void wrongWishesAreRefusedAtTheirPlace() throws Exception {
        assertThat(refused("{}")).isEqualTo("400 /pattern");
        assertThat(refused("{\"pattern\":\"a..b\"}")).isEqualTo("400 /pattern");
        assertThat(refused("{\"pattern\":7}")).isEqualTo("400 /pattern");
        assertThat(refused("{\"pattern\":\"__weir.agent\"}")).isEqualTo("400 /pattern");
        assertThat(refused("{\"pattern\":\"weir.tap.*\"}")).isEqualTo("400 /pattern");
        assertThat(refused("{\"pattern\":\"a\",\"rate\":0}")).isEqualTo("400 /rate");
        assertThat(refused("{\"pattern\":\"a\",\"rate\":2001}")).isEqualTo("400 /rate");
        assertThat(refused("{\"pattern\":\"a\",\"fields\":[\"data.\"]}")).isEqualTo("400 /fields");
        assertThat(refused("{\"pattern\":\"a\",\"fields\":\"data\"}")).isEqualTo("400 /fields");
        assertThat(refused("{\"pattern\":\"a\",\"speed\":1}")).isEqualTo("400 ");
        assertThat(refused("[]")).isEqualTo("400 null");
        assertThat(call(port, "PATCH", "/v1/taps/nobody", "viewer", "{}").statusCode())
                .isEqualTo(404);
    }

    private static String refused(String body) throws Exception {
        HttpResponse<String> answer = call(port, "POST", "/v1/taps", "viewer", body);
        return answer.statusCode() + " " + new JsonObject(answer.body()).getString("pointer");
    }

    @Test
    void aTapIsThereWhileSomebodyListens() throws Exception {
        try (WeirNode own = WeirNode.start(YAML)) {
            int at = own.uri().getPort();
            String body = wanted("plain.*").encode();
            await().until(() -> call(at, "POST", "/v1/taps", "viewer", body).statusCode() == 503);
            // Nobody ever came.
            own.time().advance("11s");
            TapClient tap = open(at, "plain.*");
            own.time().advance("30s");
            assertThat(tap.ask(at, "PATCH", "{\"rate\":3}").statusCode()).isEqualTo(200);
            publish(at, "plain.a", "1");
            tap.until(1);
            tap.close();
            await().until(() -> {
                own.time().advance("11s");
                return tap.ask(at, "PATCH", "{}").statusCode() == 404;
            });
        }
    }
}
