package dev.weir.edge.auth;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.config.AuthConfig.ConsoleConfig;
import dev.weir.config.AuthConfig.JwtConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the claims of a token whose signature was verified. Stateless. */
final class JwtClaims {
    private static final double MILLIS = 1_000;

    private JwtClaims() {}

    /**
     * Who the token says, when it is valid now.
     *
     * @throws Refusal that says which claim is wrong, and no more
     */
    static Principal principal(JsonObject claims, JwtConfig config, long nowMillis) {
        long leeway = config.leeway().toMillis();
        if (!(claims.getValue("exp") instanceof Number expires)) {
            throw refused("the token has no exp");
        }
        long end = (long) (expires.doubleValue() * MILLIS + leeway);
        if (nowMillis >= end) {
            throw refused("the token has expired");
        }
        if (claims.getValue("nbf") instanceof Number begins && begins.doubleValue() * MILLIS - leeway > nowMillis) {
            throw refused("the token is not valid yet");
        }
        if (ConsoleConfig.ISSUER.equals(claims.getValue("iss"))) {
            throw refused("the token has the wrong issuer"); // The console signs with keys of its own.
        }
        if (config.issuer() != null && !config.issuer().equals(claims.getValue("iss"))) {
            throw refused("the token has the wrong issuer");
        }
        if (config.audience() != null && !names(claims.getValue("aud"), config.audience())) {
            throw refused("the token has the wrong audience");
        }
        if (!(claims.getValue("sub") instanceof String sub) || sub.isEmpty()) {
            throw refused("the token has no sub");
        }
        if (sub.startsWith(Principal.CONSOLE_PREFIX)) {
            throw refused("the token's sub is one of the console's own");
        }
        return new Principal(sub, roles(claims, config.roles()), claims, end);
    }

    private static boolean names(@Nullable Object audience, String wanted) {
        return audience instanceof JsonArray several ? several.contains(wanted) : wanted.equals(audience);
    }

    /** The roles at a path: a list of texts, or one text with spaces between them. */
    static Set<String> roles(JsonObject claims, String path) {
        Object at = claims.containsKey(path) ? claims.getValue(path) : descend(claims, path);
        Set<String> roles = new LinkedHashSet<>();
        if (at instanceof JsonArray list) {
            list.stream().filter(String.class::isInstance).forEach(role -> roles.add((String) role));
        } else if (at instanceof String text) {
            Arrays.stream(text.trim().split("\\s+", -1))
                    .filter(role -> !role.isEmpty())
                    .forEach(roles::add);
        }
        return roles;
    }

    private static @Nullable Object descend(JsonObject claims, String path) {
        Object at = claims;
        for (String name : path.split("\\.", -1)) {
            at = at instanceof JsonObject object ? object.getValue(name) : null;
        }
        return at;
    }

    private static Refusal refused(String message) {
        return new Refusal(FailureCode.NOT_LOGGED_IN, message);
    }
}
