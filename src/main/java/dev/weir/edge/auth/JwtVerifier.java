package dev.weir.edge.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.config.AuthConfig.JwtConfig;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies tokens with one set of keys, each distinct token once. What was verified with a key is forgotten with the key,
 * because the memory belongs to the set. Thread-safe.
 */
final class JwtVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(JwtVerifier.class);
    private static final int TOKENS_KEPT = 10_000;

    private record Checker(JwtKey key, JWTAuth auth) {}

    private final JwtConfig config;
    private final Clock clock;
    private final List<JwtKey> keys;
    private final List<Checker> checkers;
    private final Cache<String, Principal> verified;

    JwtVerifier(Vertx vertx, Clock clock, JwtConfig config, List<JwtKey> keys) {
        this.config = config;
        this.clock = clock;
        this.keys = List.copyOf(keys);
        this.checkers = keys.stream()
                .map(key -> new Checker(key, JWTAuth.create(vertx, key.options())))
                .toList();
        this.verified = Caffeine.newBuilder()
                .maximumSize(TOKENS_KEPT)
                .ticker(clock::nanos)
                .expireAfter(Expiry.creating((String token, Principal who) ->
                        Duration.ofMillis(Math.max(1, who.expiresAtMillis() - clock.millis()))))
                .build();
    }

    List<JwtKey> keys() {
        return keys;
    }

    /** Whether one of the keys may have signed a token with this header. */
    boolean hasKeyFor(JwtHeader header) {
        return keys.stream().anyMatch(key -> key.fits(header));
    }

    /** Who the token says; fails with a {@link Refusal}. */
    Future<Principal> verify(String token, JwtHeader header) {
        Principal known = known(token);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        Future<User> user = Future.failedFuture(wrongSignature());
        for (Checker checker : checkers) {
            if (checker.key.fits(header)) {
                user = user.recover(before -> signedBy(checker, token));
            }
        }
        return user.map(signed -> remember(token, signed));
    }

    /** Who a token said that was verified before and has not expired. */
    @org.jspecify.annotations.Nullable
    Principal known(String token) {
        Principal known = verified.getIfPresent(token);
        return known != null && known.signedIn(clock.millis()) ? known : null;
    }

    private static Future<User> signedBy(Checker checker, String token) {
        try {
            return checker.auth.authenticate(new TokenCredentials(token)).recover(JwtVerifier::refused);
        } catch (RuntimeException malformedClaims) {
            LOG.debug("a token has malformed claims", malformedClaims);
            return Future.failedFuture(JwtHeader.notAToken());
        }
    }

    private static Future<User> refused(Throwable failure) {
        LOG.debug("a token was refused: {}", failure.toString());
        return Future.failedFuture(wrongSignature());
    }

    private Principal remember(String token, User signed) {
        JsonObject claims = signed.attributes().getJsonObject("accessToken");
        Principal who = JwtClaims.principal(claims, config, clock.millis());
        verified.put(token, who);
        return who;
    }

    private static Refusal wrongSignature() {
        return new Refusal(FailureCode.NOT_LOGGED_IN, "the token has the wrong signature");
    }
}
