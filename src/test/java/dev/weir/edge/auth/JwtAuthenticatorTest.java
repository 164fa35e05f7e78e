package dev.weir.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.Tokens;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.config.AuthConfig.JwtConfig;
import dev.weir.time.VirtualTime;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Real tokens, good and bad. */
class JwtAuthenticatorTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final KeyPair RSA = Tokens.rsa();
    private static final KeyPair OTHER_RSA = Tokens.rsa();
    private static final KeyPair EC = Tokens.ec();
    private static final JsonObject HS = new JsonObject().put("alg", "HS256");
    private static final JsonObject RS = new JsonObject().put("alg", "RS256");
    private static final JsonObject ES = new JsonObject().put("alg", "ES256");
    private static final byte[] SECRET = Tokens.SECRET.getBytes(StandardCharsets.UTF_8);

    private final VirtualTime time = new VirtualTime(Instant.now());

    @AfterAll
    static void stop() throws Exception {
        VERTX.close().await(30, TimeUnit.SECONDS);
    }

    private static JwtConfig config(String jwks) {
        return new JwtConfig(null, jwks, null, "shop", "weir", "realm_access.roles", Duration.ofSeconds(30));
    }

    private static JsonObject good(long seconds) {
        return Tokens.claims("ann", seconds)
                .put("iss", "shop")
                .put("aud", new JsonArray().add("other").add("weir"))
                .put("realm_access", new JsonObject().put("roles", new JsonArray().add("admin")));
    }

    private JwtAuthenticator with(JwtKey key) {
        return new JwtAuthenticator(VERTX, time, time, config(null), List.of(key));
    }

    private static Principal of(JwtAuthenticator authenticator, String token) throws Exception {
        return authenticator.authenticate(token).await(30, TimeUnit.SECONDS);
    }

    @Test
    void secretRsaAndEllipticKeysVerify() throws Exception {
        List<Principal> all = List.of(
                of(with(JwtKey.ofSecret(Tokens.SECRET)), Tokens.hs256(good(60))),
                of(with(JwtKey.ofPem(Tokens.pem(RSA.getPublic()))), Tokens.signed(RS, good(60), RSA.getPrivate())),
                of(with(JwtKey.ofPem(Tokens.pem(EC.getPublic()))), Tokens.signed(ES, good(60), EC.getPrivate())));
        assertThat(all).allSatisfy(who -> {
            assertThat(who.sub()).isEqualTo("ann");
            assertThat(who.roles()).containsExactly("admin");
            assertThat(who.expiresAtMillis()).isBetween(time.millis() + 80_000, time.millis() + 91_000);
        });
    }

    @Test
    void aTokenIsVerifiedOnceAndEndsWithItsTime() throws Exception {
        JwtAuthenticator authenticator = with(JwtKey.ofSecret(Tokens.SECRET));
        String token = Tokens.hs256(good(60));
        Principal first = of(authenticator, token);
        assertThat(of(authenticator, token)).isSameAs(first);
        time.advance(Duration.ofSeconds(95));
        assertThatThrownBy(() -> of(authenticator, token)).hasMessage("the token has expired");
    }

    @Test
    void rolesMayBeTextWithSpacesAndTheirClaimMayHaveDots() {
        JsonObject claims = new JsonObject().put("https://a.b/roles", "x  y").put("roles", new JsonArray().add(1));
        assertThat(JwtClaims.roles(claims, "https://a.b/roles")).containsExactly("x", "y");
        assertThat(JwtClaims.roles(claims, "roles")).isEmpty();
        assertThat(JwtClaims.roles(claims, "roles.deep.none")).isEmpty();
    }

    static Stream<Arguments> badTokens() {
        String good = Tokens.hs256(good(60));
        String none = Tokens.unsigned(new JsonObject().put("alg", "none"), good(60));
        return Stream.of(
                Arguments.of("", "not a JSON Web Token"),
                Arguments.of("x.y.z", "not a JSON Web Token"),
                Arguments.of("a.b", "not a JSON Web Token"),
                Arguments.of("x".repeat(20_000), "not a JSON Web Token"),
                Arguments.of(
                        Tokens.hs256(HS.copy().put("crit", new JsonArray().add("x")), good(60), SECRET),
                        "not a JSON Web Token"),
                Arguments.of(none + ".", "wrong signature"),
                Arguments.of(none + good.substring(good.lastIndexOf('.')), "wrong signature"),
                Arguments.of(good.substring(0, good.lastIndexOf('.') + 1), "wrong signature"),
                Arguments.of(good.substring(0, good.length() - 6) + "AAAAAA", "wrong signature"),
                Arguments.of(Tokens.hs256(HS, good(60), new byte[32]), "wrong signature"),
                Arguments.of(Tokens.signed(RS, good(60), RSA.getPrivate()), "wrong signature"),
                Arguments.of(Tokens.hs256(good(-31)), "expired"),
                Arguments.of(Tokens.hs256(without("exp")), "no exp"),
                Arguments.of(Tokens.hs256(good(60).put("exp", "tomorrow")), "not a JSON Web Token"),
                Arguments.of(Tokens.hs256(good(60).put("nbf", Long.MAX_VALUE / 2)), "not valid yet"),
                Arguments.of(Tokens.hs256(good(60).put("iss", "evil")), "wrong issuer"),
                Arguments.of(Tokens.hs256(without("iss")), "wrong issuer"),
                Arguments.of(Tokens.hs256(good(60).put("aud", "evil")), "wrong audience"),
                Arguments.of(Tokens.hs256(without("sub")), "no sub"));
    }

    private static JsonObject without(String claim) {
        JsonObject claims = good(60);
        claims.remove(claim);
        return claims;
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void badTokensAreRefusedWithNoMoreThanTheReason(String token, String reason) {
        assertThatThrownBy(() -> of(with(JwtKey.ofSecret(Tokens.SECRET)), token))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(FailureCode.NOT_LOGGED_IN))
                .hasMessageContaining(reason)
                .hasMessageNotContaining(Tokens.SECRET);
    }

    @Test
    void aPublicKeyIsNeverASecret() {
        String pem = Tokens.pem(RSA.getPublic());
        String forged = Tokens.hs256(HS, good(60), pem.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> of(with(JwtKey.ofPem(pem)), forged)).hasMessageContaining("wrong signature");
    }

    @Test
    void keyFilesThatCannotBeUsedSayWhy() {
        assertThatThrownBy(() -> JwtKey.ofPem("hello")).hasMessageContaining("BEGIN PUBLIC KEY");
        assertThatThrownBy(() -> JwtKey.ofKeySet("{\"keys\":[{\"kty\":\"oct\",\"k\":\"abc\"}]}"))
                .hasMessageContaining("holds no RSA or elliptic curve key");
        assertThatThrownBy(() -> JwtKey.ofKeySet("[]")).hasMessageContaining("not a JSON Web Key Set");
    }

    @Test
    void anUnknownKeyIsFetchedAndAFailingUrlKeepsTheOldOnes() throws Exception {
        AtomicReference<JsonObject> served = new AtomicReference<>(Tokens.keySet("one", RSA.getPublic()));
        AtomicInteger fetches = new AtomicInteger();
        var server = VERTX.createHttpServer()
                .requestHandler(request -> {
                    fetches.incrementAndGet();
                    JsonObject keys = served.get();
                    request.response().setStatusCode(keys == null ? 500 : 200).end(keys == null ? "" : keys.encode());
                })
                .listen(0, "127.0.0.1")
                .await(30, TimeUnit.SECONDS);
        JwtAuthenticator authenticator = new JwtAuthenticator(
                VERTX, time, time, config("http://127.0.0.1:" + server.actualPort() + "/keys"), List.of());
        authenticator.start().await(30, TimeUnit.SECONDS);
        String one = Tokens.signed(RS.copy().put("kid", "one"), good(600), RSA.getPrivate());
        String two = Tokens.signed(RS.copy().put("kid", "two"), good(600), OTHER_RSA.getPrivate());
        assertThat(of(authenticator, one).sub()).isEqualTo("ann");
        served.set(Tokens.keySet("two", OTHER_RSA.getPublic()));
        assertThatThrownBy(() -> of(authenticator, two)).hasMessageContaining("wrong signature");
        assertThat(fetches).as("an unknown key right after a fetch asks nobody").hasValue(1);
        time.advance(Duration.ofSeconds(30));
        assertThat(of(authenticator, two).sub()).isEqualTo("ann");
        assertThatThrownBy(() -> of(authenticator, one)).hasMessageContaining("wrong signature");
        served.set(null);
        time.advance(Duration.ofSeconds(30));
        assertThatThrownBy(() -> of(authenticator, one)).hasMessageContaining("wrong signature");
        assertThat(of(authenticator, two).sub()).isEqualTo("ann");
        assertThat(fetches).hasValue(3);
        authenticator.close();
    }
}
