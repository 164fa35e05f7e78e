package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.ConsoleUsers;
import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets into the console of a real node, and who does not. */
class ConsoleAccessTest {
    private static final String OPEN = "addresses: [{match: news, publish: anyone, subscribe: signed-in}]\n";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path home;

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> send(TestNode node, String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url(path)))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> as(TestNode node, String token, String method, String path) throws Exception {
        return send(node, method, path, "", "authorization", "Bearer " + token);
    }

    private HttpResponse<String> signIn(TestNode node, String name, String password) throws Exception {
        return send(
                node,
                "POST",
                "/console/session",
                new JsonObject().put("name", name).put("password", password).encode());
    }

    private HttpResponse<String> redeem(TestNode node, String code, String... headers) throws Exception {
        return send(
                node,
                "POST",
                "/console/session",
                new JsonObject().put("code", code).encode(),
                headers);
    }

    private String token(TestNode node, String name, String password) throws Exception {
        HttpResponse<String> answer = signIn(node, name, password);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getString("token");
    }

    private void rewrite(TestNode node, String yaml) throws IOException {
        Files.writeString(home.resolve("conf/weir.yaml"), yaml + OPEN);
        node.reload();
    }

    @Test
    void aUserSignsInAndIsTakenOverHttpAndTheBridge() throws Exception {
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + OPEN)) {
            HttpResponse<String> answer = signIn(node, "ann", ConsoleUsers.ANNS);
            JsonObject in = new JsonObject(answer.body());
            assertThat(in.getString("name")).isEqualTo("ann");
            assertThat(in.getString("role")).isEqualTo("operator");
            assertThat(in.getString("expires")).matches("\\d{4}-.*Z");
            assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
            String token = in.getString("token");
            assertThat(as(node, token, "GET", "/v1/sessions").statusCode()).isEqualTo(200);
            JsonObject who =
                    new JsonObject(as(node, token, "GET", "/console/session").body());
            assertThat(who.getBoolean("signedIn")).isTrue();
            assertThat(who.getString("role")).isEqualTo("operator");
            assertThat(who.getJsonArray("ways")).containsExactly("password", "token");
            try (BridgeClient client =
                    BridgeClient.connect(node.port(), "/eventbus/websocket", "Authorization", "Bearer " + token)) {
                client.register("news")
                        .send(BridgeClient.frame("publish", "news").put("body", 1));
                assertThat(client.next().getJsonObject("headers").getString("ce-authid"))
                        .isEqualTo("console:ann");
            }
        }
    }

    @Test
    void whichOfNameAndPasswordIsWrongIsNotTold() throws Exception {
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + OPEN)) {
            HttpResponse<String> wrong = signIn(node, "ann", ConsoleUsers.VICS);
            HttpResponse<String> unknown = signIn(node, "eve", ConsoleUsers.ANNS);
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(wrong.body())
                    .contains("the name or the password is wrong")
                    .isEqualTo(unknown.body());
            for (String bad :
                    List.of("", "[]", "{}", "{\"name\":\"ann\"}", "{\"name\":1,\"password\":2}", "{\"code\":[]}")) {
                assertThat(send(node, "POST", "/console/session", bad).statusCode())
                        .as(bad)
                        .isEqualTo(400);
            }
            String foreign = new JsonObject()
                    .put("name", "ann")
                    .put("password", ConsoleUsers.ANNS)
                    .encode();
            assertThat(send(node, "POST", "/console/session", foreign, "origin", "https://evil.example")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void whoTriesTooOftenWaits() throws Exception {
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + OPEN)) {
            // Codes, because they cost nothing; attempts of all kinds count together.
            for (int i = 0; i < 10; i++) {
                assertThat(redeem(node, "guess" + i).statusCode()).isEqualTo(401);
            }
            HttpResponse<String> refused = signIn(node, "ann", ConsoleUsers.ANNS);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(new JsonObject(refused.body()).getString("code")).isEqualTo("too_fast");
            assertThat(refused.headers().firstValueAsLong("retry-after").orElse(0))
                    .isBetween(1L, 10L);
        }
    }

    @Test
    void aReloadDecidesWhatSomebodyMayFromThenOn() throws Exception {
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + OPEN)) {
            String ann = token(node, "ann", ConsoleUsers.ANNS);
            String vic = token(node, "vic", ConsoleUsers.VICS);
            try (BridgeClient anns =
                            BridgeClient.connect(node.port(), "/eventbus/websocket", "Authorization", "Bearer " + ann);
                    BridgeClient vics = BridgeClient.connect(
                            node.port(), "/eventbus/websocket", "Authorization", "Bearer " + vic)) {
                anns.register("weir.audit");
                vics.register("weir.audit");
                rewrite(node, ConsoleUsers.yamlWithOtherRole());
                assertThat(anns.closeCode()).isEqualTo(4404);
                assertThat(as(node, ann, "DELETE", "/v1/sessions/x").statusCode())
                        .isEqualTo(403);
                assertThat(as(node, ann, "GET", "/v1/sessions").statusCode()).isEqualTo(200);
                rewrite(node, ConsoleUsers.yamlWithNewPassword());
                assertThat(as(node, ann, "GET", "/v1/sessions").statusCode()).isEqualTo(401);
                assertThat(signIn(node, "ann", ConsoleUsers.ANNS).statusCode()).isEqualTo(401);
                String again = token(node, "ann", ConsoleUsers.NEW);
                rewrite(node, ConsoleUsers.yamlWithoutAnn());
                assertThat(as(node, again, "GET", "/v1/sessions").body()).contains("no user of the console");
                assertThat(as(node, vic, "GET", "/v1/sessions").statusCode()).isEqualTo(200);
                assertThat(vics.isClosed()).isFalse();
            }
        }
    }

    @Test
    void aTokenThatIsGivenBackEndsWithItsSessions() throws Exception {
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + OPEN)) {
            String ann = token(node, "ann", ConsoleUsers.ANNS);
            try (BridgeClient client =
                    BridgeClient.connect(node.port(), "/eventbus/websocket", "Authorization", "Bearer " + ann)) {
                client.register("weir.audit");
                assertThat(as(node, ann, "DELETE", "/console/session").statusCode())
                        .isEqualTo(204);
                assertThat(client.closeCode()).isEqualTo(4404);
            }
            assertThat(as(node, ann, "GET", "/console/session").body()).contains("given back");
        }
    }

    @Test
    void theTokensOfTheConsoleAndOfAnIssuerAreNeverTakenForEachOther() throws Exception {
        String yaml = ConsoleUsers.yaml().replace("auth: {", "auth: {jwt: {secret: '" + Tokens.SECRET + "'}, ") + OPEN;
        try (TestNode node = TestNode.start(home, yaml)) {
            String ann = token(node, "ann", ConsoleUsers.ANNS);
            JsonObject claims = claims(ann);
            JsonObject roles = Tokens.claims("olga", 60).put("roles", "operator");
            assertThat(as(node, Tokens.hs256(roles), "GET", "/v1/sessions").statusCode())
                    .isEqualTo(200);
            JsonObject header = new JsonObject().put("alg", "HS256").put("typ", "console+jwt");
            byte[] secret = Tokens.SECRET.getBytes(StandardCharsets.UTF_8);
            String signature = ann.substring(ann.lastIndexOf('.'));
            List<String> forged = List.of(
                    Tokens.hs256(claims.copy().put("roles", "operator")),
                    Tokens.hs256(header, claims, secret),
                    Tokens.hs256(header, claims, new byte[32]),
                    Tokens.hs256(roles.copy().put("sub", "console:ann")),
                    Tokens.hs256(roles.copy().put("iss", "weir-console")),
                    Tokens.unsigned(header, claims.copy().put("sub", "console:vic")) + signature,
                    Tokens.unsigned(header, claims.copy().put("exp", claims.getLong("exp") + 1)) + signature,
                    Tokens.unsigned(header, claims) + ".",
                    Tokens.unsigned(header, claims),
                    Tokens.unsigned(new JsonObject().put("alg", "none").put("typ", "console+jwt"), claims) + ".",
                    ann.substring(0, ann.length() - 2),
                    ann + "x",
                    ann.substring(0, ann.indexOf('.') + 1),
                    ann.substring(0, ann.indexOf('.') + 1) + "!.!",
                    ann.replaceFirst("\\.", ".\u00e4"));
            for (String token : forged) {
                assertThat(as(node, token.replaceAll("[^ -~]", "?"), "GET", "/v1/sessions")
                                .statusCode())
                        .as(token)
                        .isEqualTo(401);
            }
        }
    }

    private static JsonObject claims(String token) {
        byte[] text = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
        return new JsonObject(new String(text, StandardCharsets.UTF_8));
    }

    @Test
    void theFirstOperatorComesByALinkOnce() throws Exception {
        try (TestNode node = TestNode.start(home, OPEN)) {
            JsonObject nobody =
                    new JsonObject(send(node, "GET", "/console/session", "").body());
            assertThat(nobody.getBoolean("signedIn")).isFalse();
            assertThat(nobody.getJsonArray("ways")).containsExactly("link");
            String code = node.consoleCode().orElseThrow();
            JsonObject in = new JsonObject(redeem(node, code).body());
            assertThat(in.getString("name")).isEqualTo("first-operator");
            assertThat(in.getString("role")).isEqualTo("operator");
            assertThat(as(node, in.getString("token"), "POST", "/v1/config/reload")
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> again = redeem(node, code);
            assertThat(again.statusCode()).isEqualTo(401);
            assertThat(again.body()).contains("used before").doesNotContain(code);
            rewrite(node, ConsoleUsers.yaml());
            assertThat(as(node, in.getString("token"), "GET", "/v1/sessions").statusCode())
                    .isEqualTo(401);
            assertThat(node.consoleCode()).isEqualTo(Optional.empty());
        }
    }

    @Test
    void whereARequestComesFromIsNoLogin() throws Exception {
        try (TestNode node = TestNode.start(home, "http: {trusted-proxies: [127.0.0.1]}\n" + OPEN)) {
            for (String client : List.of("127.0.0.1", "::1", "10.0.0.1", "192.0.2.1")) {
                String[] headers = {
                    "x-forwarded-for",
                    client,
                    "x-real-ip",
                    client,
                    "forwarded",
                    "for=" + client,
                    "x-forwarded-user",
                    "ann"
                };
                assertThat(send(node, "GET", "/v1/sessions", "", headers).statusCode())
                        .isEqualTo(401);
                assertThat(new JsonObject(send(node, "GET", "/console/session", "", headers)
                                        .body())
                                .getBoolean("signedIn"))
                        .isFalse();
                assertThat(redeem(node, "guess", headers).statusCode()).isEqualTo(401);
            }
            // The limit is each client's own, and the link works from anywhere.
            for (int i = 0; i < 9; i++) {
                redeem(node, "guess", "x-forwarded-for", "192.0.2.1");
            }
            String code = node.consoleCode().orElseThrow();
            assertThat(redeem(node, code, "x-forwarded-for", "192.0.2.1").statusCode())
                    .isEqualTo(429);
            assertThat(redeem(node, code, "x-forwarded-for", "192.0.2.2").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void theFirstOperatorsKeyStaysInTheDataFolder() throws Exception {
        String kept = "addresses: [{match: news, publish: anyone, subscribe: anyone, keep: {events: 10}}]\n";
        Path key = home.resolve("data/console.key");
        String token;
        try (TestNode node = TestNode.start(home, kept)) {
            token = new JsonObject(
                            redeem(node, node.consoleCode().orElseThrow()).body())
                    .getString("token");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
        }
        try (TestNode node = TestNode.start(home, kept)) {
            assertThat(as(node, token, "GET", "/v1/sessions").statusCode()).isEqualTo(200);
        }
        Files.writeString(key, "no key");
        try (TestNode node = TestNode.start(home, kept)) {
            assertThat(as(node, token, "GET", "/v1/sessions").statusCode()).isEqualTo(401);
        }
    }

    /** All of an audit log that is there once the last is. */
    private JsonArray audit(TestNode node, String token, String last) {
        return await().atMost(PATIENCE)
                .until(
                        () -> new JsonObject(as(node, token, "GET", "/v1/addresses/weir.audit/events?limit=1000")
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
            assertThat(signIn(node, "ann", "my bank's password").statusCode()).isEqualTo(401);
            assertThat(signIn(node, "my bank's password", "x").statusCode()).isEqualTo(401);
            ann = token(node, "ann", ConsoleUsers.ANNS);
            String vic = token(node, "vic", ConsoleUsers.VICS);
            assertThat(as(node, vic, "POST", "/v1/flows/x/pause").statusCode()).isEqualTo(403);
            assertThat(as(node, ann, "POST", "/v1/flows/x/pause").statusCode()).isEqualTo(404);
            assertThat(as(node, ann, "DELETE", "/v1/sessions?sub=bob").statusCode())
                    .isEqualTo(200);
            HttpResponse<String> emitted = send(
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
            assertThat(send(node, "GET", "/v1/addresses/weir.audit/events", "").statusCode())
                    .isEqualTo(401);
            HttpResponse<String> publish = send(
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
    void whoListensToAllThatWeirTellsHearsOfItToo() throws Exception {
        String kept = "addresses: [{match: news, publish: anyone, subscribe: anyone, keep: {events: 10}}]\n";
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + kept)) {
            String ann = token(node, "ann", ConsoleUsers.ANNS);
            try (BridgeClient client =
                    BridgeClient.connect(node.port(), "/eventbus/websocket", "Authorization", "Bearer " + ann)) {
                client.register("weir.**");
                as(node, ann, "DELETE", "/v1/sessions?sub=bob");
                await().atMost(PATIENCE).until(() -> "sessions.closed"
                        .equals(client.next().getJsonObject("headers").getString("ce-type")));
            }
        }
    }
}
