package dev.weir.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What operators may do over HTTP with a real token, that others may not, and that every try is without effect for them. */
class OperatorTest {
    private static final String CONF = """
            auth: {jwt: {secret: a secret of at least thirty-two characters, issuer: shop, audience: weir, leeway: 0s}}
            addresses:
              - {match: news, publish: anyone, subscribe: anyone}
            """;
    private static final List<String> ROUTES = List.of(
            "GET /v1/sessions",
            "GET /v1/sessions?sub=ann",
            "DELETE /v1/sessions?sub=ann",
            "DELETE /v1/sessions",
            "DELETE /v1/sessions/x",
            "GET /v1/cluster",
            "POST /v1/config/reload");

    @TempDir
    static Path home;

    private static final List<JsonObject> AUDIT = new CopyOnWriteArrayList<>();
    private static final AtomicInteger BARRIERS = new AtomicInteger();
    private static TestNode node;
    private static Http http;

    @BeforeAll
    static void start() {
        node = TestNode.start(home, CONF);
        http = new Http(node.vertx(), node.port());
        node.vertx()
                .eventBus()
                .<JsonObject>consumer(
                        "weir.audit",
                        message -> AUDIT.add(message.body()
                                .copy()
                                .put("action", message.headers().get("ce-type"))));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** Clients that closed are heard of later, and so is what operators did. */
    @BeforeEach
    void begin() {
        String barrier = "barrier" + BARRIERS.incrementAndGet();
        assertThat(asOperator("DELETE /v1/sessions?sub=" + barrier).status()).isEqualTo(200);
        await().until(() -> AUDIT.stream()
                .anyMatch(done -> barrier.equals(done.getJsonObject("what").getString("sub"))));
        await().until(() -> sessions("?sub=ann").isEmpty());
        AUDIT.clear();
    }

    private static JsonObject claims(String sub, long seconds) {
        return Tokens.claims(sub, seconds).put("iss", "shop").put("aud", "weir");
    }

    private static JsonObject operator(long seconds) {
        return claims("olga", seconds).put("roles", new JsonArray().add("operator"));
    }

    private static Http.Answer ask(String route, @Nullable String token) {
        int space = route.indexOf(' ');
        Map<String, String> headers = token == null ? Map.of() : Map.of("authorization", "Bearer " + token);
        return http.send(route.substring(0, space), route.substring(space + 1), headers, "");
    }

    private static Http.Answer asOperator(String route) {
        return ask(route, Tokens.hs256(operator(60)));
    }

    private static BridgeClient ann() {
        BridgeClient client = BridgeClient.connect(
                node.port(), "/eventbus/websocket?access_token=" + Tokens.hs256(claims("ann", 60)));
        return client.register("news");
    }

    private static JsonArray sessions(String query) {
        return asOperator("GET /v1/sessions" + query).json().getJsonArray("sessions");
    }

    static Stream<Arguments> refused() {
        byte[] secret = Tokens.SECRET.getBytes(StandardCharsets.UTF_8);
        KeyPair rsa = Tokens.rsa();
        JsonObject hs = new JsonObject().put("alg", "HS256");
        String good = Tokens.hs256(operator(60));
        String signature = good.substring(good.lastIndexOf('.'));
        JsonObject none = new JsonObject().put("alg", "none");
        return Stream.of(
                Arguments.of("no token", null, 401),
                Arguments.of(
                        "a role of somebody else",
                        Tokens.hs256(claims("eve", 60).put("roles", "editor")),
                        403),
                Arguments.of("no role", Tokens.hs256(claims("eve", 60)), 403),
                Arguments.of(
                        "a role beside the claim",
                        Tokens.hs256(claims("eve", 60).put("role", "operator")),
                        403),
                Arguments.of("a longer role", Tokens.hs256(claims("eve", 60).put("roles", "operators")), 403),
                Arguments.of("expired", Tokens.hs256(operator(-1)), 401),
                Arguments.of("not yet", Tokens.hs256(operator(60).put("nbf", 99_999_999_999L)), 401),
                Arguments.of("no end", Tokens.hs256(without("exp")), 401),
                Arguments.of("no subject", Tokens.hs256(without("sub")), 401),
                Arguments.of("wrong issuer", Tokens.hs256(operator(60).put("iss", "evil")), 401),
                Arguments.of("no issuer", Tokens.hs256(without("iss")), 401),
                Arguments.of("wrong audience", Tokens.hs256(operator(60).put("aud", "evil")), 401),
                Arguments.of("no audience", Tokens.hs256(without("aud")), 401),
                Arguments.of("alg none", Tokens.unsigned(none, operator(60)) + ".", 401),
                Arguments.of("alg none, signed", Tokens.unsigned(none, operator(60)) + signature, 401),
                Arguments.of("no signature", good.substring(0, good.lastIndexOf('.') + 1), 401),
                Arguments.of("another secret", Tokens.hs256(hs, operator(60), new byte[32]), 401),
                Arguments.of("an empty secret", Tokens.hs256(hs, operator(60), new byte[] {0}), 401),
                Arguments.of(
                        "another kind of key",
                        Tokens.signed(new JsonObject().put("alg", "RS256"), operator(60), rsa.getPrivate()),
                        401),
                Arguments.of(
                        "a key of its own",
                        Tokens.signed(
                                new JsonObject()
                                        .put("alg", "RS256")
                                        .put(
                                                "jwk",
                                                Tokens.keySet("own", rsa.getPublic())
                                                        .getJsonArray("keys")
                                                        .getJsonObject(0)),
                                operator(60),
                                rsa.getPrivate()),
                        401),
                Arguments.of(
                        "a key id nobody knows",
                        Tokens.hs256(hs.copy().put("kid", "../../etc/passwd"), operator(60), new byte[32]),
                        401),
                Arguments.of(
                        "a lie about its key",
                        Tokens.hs256(new JsonObject().put("alg", "HS512"), operator(60), secret),
                        401),
                Arguments.of(
                        "must be understood",
                        Tokens.hs256(hs.copy().put("crit", new JsonArray().add("x")), operator(60), secret),
                        401),
                Arguments.of("other claims", swapped(good), 401),
                Arguments.of("large", "x".repeat(9_000), 401),
                Arguments.of("nonsense", "nonsense", 401),
                Arguments.of("four parts", good + ".x", 401));
    }

    private static JsonObject without(String claim) {
        JsonObject claims = operator(60);
        claims.remove(claim);
        return claims;
    }

    /** The claims of an operator under the signature of somebody else. */
    private static String swapped(String good) {
        String[] mine = Tokens.hs256(claims("eve", 60)).split("\\.", -1);
        return mine[0] + "." + good.split("\\.", -1)[1] + "." + mine[2];
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whoIsNoOperatorIsRefusedEverywhereAndChangesNothing(String what, @Nullable String token, int status) {
        try (BridgeClient client = ann()) {
            for (String route : ROUTES) {
                Http.Answer answer = ask(route, token);
                assertThat(answer.status()).as(what + ": " + route).isEqualTo(status);
                assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
                assertThat(answer.json().getString("code"))
                        .isEqualTo(status == 401 ? "not_logged_in" : "access_denied");
                assertThat(answer.header("www-authenticate")).isEqualTo(status == 401 ? "Bearer" : null);
                assertThat(answer.text()).doesNotContain(Tokens.SECRET);
            }
            assertThat(client.isQuiet()).isTrue();
            assertThat(sessions("?sub=ann")).isNotEmpty();
            assertThat(AUDIT).isEmpty();
        }
    }

    @Test
    void aTokenLargerThanHeadersMayBeIsRefused() {
        // With connections of its own: the node closes this one, which no other test must be given meanwhile.
        Http.Answer answer = new Http(node.vertx(), node.port())
                .send("GET", "/v1/cluster", Map.of("authorization", "Bearer " + "x".repeat(20_000)), "");
        assertThat(answer.status()).isEqualTo(431);
    }

    @Test
    void sessionsAreListedWithWhoTheyAre() {
        try (BridgeClient client = ann();
                BridgeClient anonymous = BridgeClient.connect(node.port())) {
            assertThat(anonymous.isQuiet()).isTrue();
            JsonArray anns = sessions("?sub=ann");
            assertThat(anns).hasSize(1);
            JsonObject session = anns.getJsonObject(0);
            assertThat(session.getString("sub")).isEqualTo("ann");
            assertThat(session.getString("transport")).isEqualTo("websocket");
            assertThat(session.getString("remote")).isEqualTo("127.0.0.1");
            assertThat(session.getJsonArray("addresses")).containsExactly("news");
            assertThat(session.getString("node")).isNotEmpty();
            assertThat(sessions("").size()).isGreaterThanOrEqualTo(2);
            assertThat(sessions("?sub=nobody")).isEmpty();
            assertThat(client.isQuiet()).isTrue();
        }
    }

    @Test
    void oneSessionIsClosedByItsId() {
        try (BridgeClient client = ann();
                BridgeClient other = BridgeClient.connect(node.port())) {
            String id = sessions("?sub=ann").getJsonObject(0).getString("id");
            assertThat(asOperator("DELETE /v1/sessions/" + id).json()).isEqualTo(new JsonObject().put("closed", 1));
            assertThat(client.closeCode()).isEqualTo(4401);
            assertThat(other.isQuiet()).isTrue();
            await().until(() -> AUDIT.stream()
                    .anyMatch(done -> id.equals(done.getJsonObject("what").getString("id"))
                            && "olga".equals(done.getString("by"))
                            && "sessions.closed".equals(done.getString("action"))));
            await().until(() -> asOperator("DELETE /v1/sessions/" + id).status() == 404);
        }
    }

    @Test
    void allSessionsOfASubjectAreClosed() {
        try (BridgeClient one = ann();
                BridgeClient two = ann();
                BridgeClient other = BridgeClient.connect(node.port())) {
            Http.Answer nobody = asOperator("DELETE /v1/sessions");
            assertThat(nobody.status()).isEqualTo(400);
            assertThat(nobody.json().getString("code")).isEqualTo("invalid_parameter");
            assertThat(one.isQuiet()).isTrue();
            assertThat(asOperator("DELETE /v1/sessions?sub=ann").json().getInteger("closed"))
                    .isEqualTo(2);
            assertThat(one.closeCode()).isEqualTo(4401);
            assertThat(two.closeCode()).isEqualTo(4401);
            assertThat(other.isQuiet()).isTrue();
            assertThat(asOperator("DELETE /v1/sessions?sub=nobody").json().getInteger("closed"))
                    .isZero();
        }
    }

    @Test
    void theClusterIsDescribed() {
        JsonArray nodes = asOperator("GET /v1/cluster").json().getJsonArray("nodes");
        assertThat(nodes).hasSize(1);
        assertThat(nodes.getJsonObject(0).getBoolean("self")).isTrue();
    }

    @Test
    void theTokenMayAlsoComeInTheQuery() {
        assertThat(http.get("/v1/cluster?access_token=" + Tokens.hs256(operator(60)))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void metricsAndHealthAreForEveryone() {
        assertThat(http.get("/metrics").status()).isEqualTo(200);
        assertThat(http.get("/health/live").status()).isEqualTo(200);
        assertThat(http.get("/health/ready").status()).isEqualTo(200);
    }

    @Test
    void aReloadIsAnsweredWithWhatChangedAndABadFileWithEveryProblem() throws IOException {
        Path file = home.resolve("conf/weir.yaml");
        Files.writeString(file, CONF + "  - {match: added, publish: anyone, subscribe: anyone}\n");
        JsonObject changed = asOperator("POST /v1/config/reload").json();
        assertThat(changed.getInteger("policies")).isGreaterThanOrEqualTo(2);
        assertThat(changed.getString("digest")).isNotEmpty();
        assertThat(http.post("/v1/addresses/added/events", "application/json", "1")
                        .status())
                .isEqualTo(202);
        for (String bad :
                List.of("", "addresses:\n", CONF + "  - {match: b, publish: al}\nhttp: {prot: 1}\n", "\t", "[[")) {
            Files.writeString(file, bad);
            Http.Answer answer = asOperator("POST /v1/config/reload");
            assertThat(answer.status()).as(bad).isEqualTo(422);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
            assertThat(answer.json().getString("title")).contains("nothing was changed");
            JsonObject problem = answer.json().getJsonArray("problems").getJsonObject(0);
            assertThat(problem.getString("at")).matches(".*weir\\.yaml:[0-9]+");
            assertThat(problem.getString("mend")).isNotEmpty();
            assertThat(http.post("/v1/addresses/added/events", "application/json", "1")
                            .status())
                    .isEqualTo(202);
        }
        Files.writeString(file, CONF);
        assertThat(asOperator("POST /v1/config/reload").status()).isEqualTo(200);
        assertThat(http.post("/v1/addresses/added/events", "application/json", "1")
                        .status())
                .isEqualTo(404);
    }
}
