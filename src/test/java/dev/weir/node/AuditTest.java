package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.ConsoleUsers;
import dev.weir.TestNode;
import dev.weir.bus.AuditTrail;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.edge.RefusedDeeds;
import dev.weir.time.VirtualTime;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record of what operators did: what is in it, how long, and who hears of it. */
class AuditTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path home;

    private final ConsoleClient client = new ConsoleClient();

    /** All of an audit log that is there once the last is. */
    private JsonArray audit(TestNode node, String token, String last) {
        return await().atMost(PATIENCE)
                .until(
                        () -> new JsonObject(client.as(node, token, "GET", "/v1/addresses/weir.audit/events?limit=1000")
                                        .body())
                                .getJsonArray("events", new JsonArray()),
                        events -> event(events, last) != null);
    }

    private static @Nullable JsonObject event(JsonArray events, String type) {
        for (Object each : events) {
            if (each instanceof JsonObject event && type.equals(event.getString("type"))) {
                return event.getJsonObject("data");
            }
        }
        return null;
    }

    @Test
    void whatOperatorsDoIsKept() throws Exception {
        String kept = "addresses: [{match: news, publish: anyone, subscribe: anyone, keep: {events: 10}}]\n";
        String ann;
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + kept)) {
            assertThat(client.signIn(node, "ann", "my bank's password").statusCode())
                    .isEqualTo(401);
            assertThat(client.signIn(node, "my bank's password", "x").statusCode())
                    .isEqualTo(401);
            ann = client.token(node, "ann", ConsoleUsers.ANNS);
            String vic = client.token(node, "vic", ConsoleUsers.VICS);
            assertThat(client.as(node, vic, "POST", "/v1/flows/x/pause").statusCode())
                    .isEqualTo(403);
            assertThat(client.as(node, ann, "POST", "/v1/flows/x/pause").statusCode())
                    .isEqualTo(404);
            assertThat(client.as(node, ann, "DELETE", "/v1/sessions?sub=bob").statusCode())
                    .isEqualTo(200);
            HttpResponse<String> emitted = client.send(
                    node,
                    "POST",
                    "/v1/addresses/news/events",
                    "{}",
                    "authorization",
                    "Bearer " + ann,
                    "content-type",
                    "application/json");
            assertThat(emitted.statusCode()).isEqualTo(201);
            audit(node, vic, "event.emitted");
        }
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + kept, Map.of())) {
            JsonArray events = audit(node, ann, "event.emitted");
            assertThat(events.encode()).doesNotContain("bank");
            List<JsonObject> told = events.stream()
                    .map(each -> ((JsonObject) each).getJsonObject("data"))
                    .toList();
            assertThat(told).hasSize(8);
            assertThat(told.get(0))
                    .isEqualTo(new JsonObject()
                            .put("by", "console:ann")
                            .put("from", "127.0.0.1")
                            .put("via", "console")
                            .put("outcome", "refused")
                            .put("what", new JsonObject().put("way", "password"))
                            .put("code", "not_logged_in")
                            .put("message", "the name or the password is wrong"));
            assertThat(told.get(1).getString("by")).isNull();
            assertThat(told.get(2).getString("outcome")).isEqualTo("done");
            assertThat(told.get(4).getString("by")).isEqualTo("console:vic");
            assertThat(told.get(4).getString("code")).isEqualTo("access_denied");
            assertThat(told.get(5).getString("code")).isEqualTo("not_found");
            assertThat(told.get(6).getJsonObject("what"))
                    .isEqualTo(new JsonObject().put("sub", "bob").put("closed", 0));
            assertThat(told.get(7).getJsonObject("what").getString("address")).isEqualTo("news");
            assertThat(told.get(7).getJsonObject("what").getString("id")).isNotEmpty();
            assertThat(client.send(node, "GET", "/v1/addresses/weir.audit/events", "")
                            .statusCode())
                    .isEqualTo(401);
            HttpResponse<String> publish = client.send(
                    node,
                    "POST",
                    "/v1/addresses/weir.audit/events",
                    "{}",
                    "authorization",
                    "Bearer " + ann,
                    "content-type",
                    "application/json");
            assertThat(publish.statusCode()).as(publish.body()).isEqualTo(403);
        }
    }

    @Test
    void aTokenThatWasGivenBackIsRefusedAfterARestart() throws Exception {
        String kept = "addresses: [{match: news, publish: anyone, subscribe: anyone, keep: {events: 10}}]\n";
        String gone;
        String stays;
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + kept)) {
            gone = client.token(node, "ann", ConsoleUsers.ANNS);
            stays = client.token(node, "ann", ConsoleUsers.ANNS);
            assertThat(client.as(node, gone, "DELETE", "/console/session").statusCode())
                    .isEqualTo(204);
        }
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + kept)) {
            assertThat(client.as(node, gone, "GET", "/v1/sessions").body()).contains("given back");
            assertThat(client.as(node, stays, "GET", "/v1/sessions").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whoTriesAgainAndAgainIsCountedAndPushesNobodyOut() throws Exception {
        Path file = Files.writeString(home.resolve("weir.yaml"), "addresses: []\n");
        Vertx vertx = Vertx.vertx();
        VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
        try {
            Node node =
                    Node.create(vertx, "n", NodeSettings.read(file, Map.of()).policies());
            List<JsonObject> told = new CopyOnWriteArrayList<>();
            vertx.eventBus()
                    .<JsonObject>consumer("weir.audit", message -> told.add(message.body()))
                    .completion()
                    .await(60, TimeUnit.SECONDS);
            RefusedDeeds refusals = new RefusedDeeds(node.publisher(), time);
            for (int i = 0; i < 100; i++) {
                refusals.record(vic(), "flow.paused", new JsonObject().put("flow", "f" + i), denied());
            }
            refusals.record(vic(), "flow.resumed", new JsonObject().put("flow", "f"), denied());
            await().atMost(PATIENCE).until(() -> told.size() == 2);
            assertThat(told.get(0).getJsonObject("what")).isEqualTo(new JsonObject().put("flow", "f0"));
            time.advance(Duration.ofMinutes(1));
            await().atMost(PATIENCE).until(() -> told.size() == 3);
            assertThat(told.get(2).getJsonObject("what")).isEqualTo(new JsonObject().put("untold", 99));
            assertThat(told.get(2).getString("by")).isEqualTo("console:vic");
            assertThat(told.get(2).getString("code")).isEqualTo("access_denied");
            refusals.record(vic(), "flow.paused", new JsonObject().put("flow", "later"), denied());
            await().atMost(PATIENCE).until(() -> told.size() == 4);
            assertThat(told.get(3).getJsonObject("what").getString("flow")).isEqualTo("later");
        } finally {
            vertx.close().await(60, TimeUnit.SECONDS);
        }
    }

    private static AuditTrail.Actor vic() {
        return new AuditTrail.Actor("console:vic", "192.0.2.7", "http");
    }

    private static Refusal denied() {
        return new Refusal(FailureCode.ACCESS_DENIED, "a token with the role operator is needed");
    }

    @Test
    void whoListensToAllThatWeirTellsHearsOfItToo() throws Exception {
        String kept = "addresses: [{match: news, publish: anyone, subscribe: anyone, keep: {events: 10}}]\n";
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + kept)) {
            String ann = client.token(node, "ann", ConsoleUsers.ANNS);
            try (BridgeClient bridge =
                    BridgeClient.connect(node.port(), "/eventbus/websocket", "Authorization", "Bearer " + ann)) {
                bridge.register("weir.**");
                client.as(node, ann, "DELETE", "/v1/sessions?sub=bob");
                await().atMost(PATIENCE).until(() -> "sessions.closed"
                        .equals(bridge.next().getJsonObject("headers").getString("ce-type")));
            }
        }
    }
}
