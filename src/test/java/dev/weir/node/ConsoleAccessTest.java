package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.ConsoleUsers;
import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets into the console of a real node, and who does not. */
class ConsoleAccessTest {
    private static final String OPEN = "addresses: [{match: news, publish: anyone, subscribe: signed-in}]\n";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path home;

    private final ConsoleClient client = new ConsoleClient();

    private void rewrite(TestNode node, String yaml) throws IOException {
        Files.writeString(home.resolve("conf/weir.yaml"), yaml + OPEN);
        node.reload();
    }

    @Test
    void aUserSignsInAndIsTakenOverHttpAndTheBridge() throws Exception {
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + OPEN)) {
            HttpResponse<String> answer = client.signIn(node, "ann", ConsoleUsers.ANNS);
            JsonObject in = new JsonObject(answer.body());
            assertThat(in.getString("name")).isEqualTo("ann");
            assertThat(in.getString("role")).isEqualTo("operator");
            assertThat(in.getString("expires")).matches("\\d{4}-.*Z");
            assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
            String token = in.getString("token");
            assertThat(client.as(node, token, "GET", "/v1/sessions").statusCode())
                    .isEqualTo(200);
            JsonObject who = new JsonObject(
                    client.as(node, token, "GET", "/console/session").body());
            assertThat(who.getBoolean("signedIn")).isTrue();
            assertThat(who.getString("role")).isEqualTo("operator");
            assertThat(who.getJsonArray("ways")).containsExactly("password", "token");
            try (BridgeClient bridge =
                    BridgeClient.connect(node.port(), "/eventbus/websocket", "Authorization", "Bearer " + token)) {
                bridge.register("news")
                        .send(BridgeClient.frame("publish", "news").put("body", 1));
                assertThat(bridge.next().getJsonObject("headers").getString("ce-authid"))
                        .isEqualTo("console:ann");
            }
        }
    }

    @Test
    void whichOfNameAndPasswordIsWrongIsNotTold() throws Exception {
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + OPEN)) {
            HttpResponse<String> wrong = client.signIn(node, "ann", ConsoleUsers.VICS);
            HttpResponse<String> unknown = client.signIn(node, "eve", ConsoleUsers.ANNS);
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(wrong.body())
                    .contains("the name or the password is wrong")
                    .isEqualTo(unknown.body());
            for (String bad :
                    List.of("", "[]", "{}", "{\"name\":\"ann\"}", "{\"name\":1,\"password\":2}", "{\"code\":[]}")) {
                assertThat(client.send(node, "POST", "/console/session", bad).statusCode())
                        .as(bad)
                        .isEqualTo(400);
            }
            String foreign = new JsonObject()
                    .put("name", "ann")
                    .put("password", ConsoleUsers.ANNS)
                    .encode();
            assertThat(client.send(node, "POST", "/console/session", foreign, "origin", "https://evil.example")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    /** Guesses until there is no attempt left, with codes because they cost nothing; a slow machine gives some back meanwhile. */
    private HttpResponse<String> exhaust(TestNode node, String... headers) throws Exception {
        HttpResponse<String> answer = client.redeem(node, "guess", headers);
        for (int i = 0; answer.statusCode() != 429; i++) {
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(i).isLessThan(1_000);
            answer = client.redeem(node, "guess", headers);
        }
        return answer;
    }

    @Test
    void whoTriesTooOftenWaits() throws Exception {
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + OPEN)) {
            HttpResponse<String> refused = exhaust(node);
            assertThat(new JsonObject(refused.body()).getString("code")).isEqualTo("too_fast");
            assertThat(refused.headers().firstValueAsLong("retry-after").orElse(0))
                    .isBetween(1L, 10L);
            await().atMost(PATIENCE).until(() -> {
                exhaust(node);
                return client.signIn(node, "ann", ConsoleUsers.ANNS).statusCode() == 429;
            });
        }
    }

    @Test
    void aReloadDecidesWhatSomebodyMayFromThenOn() throws Exception {
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + OPEN)) {
            String ann = client.token(node, "ann", ConsoleUsers.ANNS);
            String vic = client.token(node, "vic", ConsoleUsers.VICS);
            try (BridgeClient anns =
                            BridgeClient.connect(node.port(), "/eventbus/websocket", "Authorization", "Bearer " + ann);
                    BridgeClient vics = BridgeClient.connect(
                            node.port(), "/eventbus/websocket", "Authorization", "Bearer " + vic)) {
                anns.register("weir.audit");
                vics.register("weir.audit");
                rewrite(node, ConsoleUsers.yamlWithOtherRole());
                assertThat(anns.closeCode()).isEqualTo(4404);
                assertThat(client.as(node, ann, "DELETE", "/v1/sessions/x").statusCode())
                        .isEqualTo(403);
                assertThat(client.as(node, ann, "GET", "/v1/sessions").statusCode())
                        .isEqualTo(200);
                rewrite(node, ConsoleUsers.yamlWithNewPassword());
                assertThat(client.as(node, ann, "GET", "/v1/sessions").statusCode())
                        .isEqualTo(401);
                assertThat(client.signIn(node, "ann", ConsoleUsers.ANNS).statusCode())
                        .isEqualTo(401);
                String again = client.token(node, "ann", ConsoleUsers.NEW);
                rewrite(node, ConsoleUsers.yamlWithoutAnn());
                assertThat(client.as(node, again, "GET", "/v1/sessions").body()).contains("no user of the console");
                assertThat(client.as(node, vic, "GET", "/v1/sessions").statusCode())
                        .isEqualTo(200);
                assertThat(vics.isClosed()).isFalse();
            }
        }
    }

    @Test
    void aTokenThatIsGivenBackEndsWithItsSessions() throws Exception {
        try (TestNode node = TestNode.start(home, ConsoleUsers.yaml() + OPEN)) {
            String ann = client.token(node, "ann", ConsoleUsers.ANNS);
            try (BridgeClient bridge =
                    BridgeClient.connect(node.port(), "/eventbus/websocket", "Authorization", "Bearer " + ann)) {
                bridge.register("weir.audit");
                assertThat(client.as(node, ann, "DELETE", "/console/session").statusCode())
                        .isEqualTo(204);
                assertThat(bridge.closeCode()).isEqualTo(4404);
            }
            assertThat(client.as(node, ann, "GET", "/console/session").body()).contains("given back");
        }
    }

    @Test
    void theTokensOfTheConsoleAndOfAnIssuerAreNeverTakenForEachOther() throws Exception {
        String yaml = ConsoleUsers.yaml().replace("auth: {", "auth: {jwt: {secret: '" + Tokens.SECRET + "'}, ") + OPEN;
        try (TestNode node = TestNode.start(home, yaml)) {
            String ann = client.token(node, "ann", ConsoleUsers.ANNS);
            JsonObject claims = claims(ann);
            JsonObject roles = Tokens.claims("olga", 60).put("roles", "operator");
            assertThat(client.as(node, Tokens.hs256(roles), "GET", "/v1/sessions")
                            .statusCode())
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
                assertThat(client.as(node, token.replaceAll("[^ -~]", "?"), "GET", "/v1/sessions")
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
            JsonObject nobody = new JsonObject(
                    client.send(node, "GET", "/console/session", "").body());
            assertThat(nobody.getBoolean("signedIn")).isFalse();
            assertThat(nobody.getJsonArray("ways")).containsExactly("link");
            String code = node.consoleCode().orElseThrow();
            JsonObject in = new JsonObject(client.redeem(node, code).body());
            assertThat(in.getString("name")).isEqualTo("first-operator");
            assertThat(in.getString("role")).isEqualTo("operator");
            assertThat(client.as(node, in.getString("token"), "POST", "/v1/config/reload")
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> again = client.redeem(node, code);
            assertThat(again.statusCode()).isEqualTo(401);
            assertThat(again.body()).contains("used before").doesNotContain(code);
            rewrite(node, ConsoleUsers.yaml());
            assertThat(client.as(node, in.getString("token"), "GET", "/v1/sessions")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(node.consoleCode()).isEqualTo(Optional.empty());
        }
    }

    @Test
    void whereARequestComesFromIsNoLogin() throws Exception {
        try (TestNode node = TestNode.start(home, "http: {trusted-proxies: [127.0.0.1]}\n" + OPEN)) {
            for (String from : List.of("127.0.0.1", "::1", "10.0.0.1", "192.0.2.1")) {
                String[] headers = {
                    "x-forwarded-for", from, "x-real-ip", from, "forwarded", "for=" + from, "x-forwarded-user", "ann"
                };
                assertThat(client.send(node, "GET", "/v1/sessions", "", headers).statusCode())
                        .isEqualTo(401);
                assertThat(new JsonObject(client.send(node, "GET", "/console/session", "", headers)
                                        .body())
                                .getBoolean("signedIn"))
                        .isFalse();
                assertThat(client.redeem(node, "guess", headers).statusCode()).isEqualTo(401);
            }
            // The limit is each client's own, and the link works from anywhere.
            await().atMost(PATIENCE).until(() -> {
                exhaust(node, "x-forwarded-for", "192.0.2.1");
                String code = node.consoleCode().orElseThrow();
                return client.redeem(node, code, "x-forwarded-for", "192.0.2.1").statusCode() == 429
                        && client.redeem(node, code, "x-forwarded-for", "192.0.2.2")
                                        .statusCode()
                                == 200;
            });
        }
    }

    @Test
    void theFirstOperatorsKeyStaysInTheDataFolder() throws Exception {
        String kept = "addresses: [{match: news, publish: anyone, subscribe: anyone, keep: {events: 10}}]\n";
        Path key = home.resolve("data/console.key");
        String token;
        try (TestNode node = TestNode.start(home, kept)) {
            token = new JsonObject(client.redeem(node, node.consoleCode().orElseThrow())
                            .body())
                    .getString("token");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
        }
        try (TestNode node = TestNode.start(home, kept)) {
            assertThat(client.as(node, token, "GET", "/v1/sessions").statusCode())
                    .isEqualTo(200);
        }
        Files.writeString(key, "no key");
        try (TestNode node = TestNode.start(home, kept)) {
            assertThat(client.as(node, token, "GET", "/v1/sessions").statusCode())
                    .isEqualTo(401);
        }
    }
}
