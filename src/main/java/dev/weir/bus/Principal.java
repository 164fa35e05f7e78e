package dev.weir.bus;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is, as far as its token says. Immutable: the claims are never handed out for writing.
 *
 * @param sub the subject, null for a client without a token
 * @param roles what {@code role:} permissions look at
 * @param claims all claims of the token
 * @param expiresAtMillis wall-clock time at which every right ends, {@link Long#MAX_VALUE} when it never does
 */
public record Principal(@Nullable String sub, Set<String> roles, JsonObject claims, long expiresAtMillis) {
    /** The role whose holders look after nodes: they see everything and act. */
    public static final String OPERATOR = "operator";

    /** The role whose holders see what operators see and change nothing. */
    public static final String VIEWER = "viewer";

    /** What the subjects of those begin with who signed in to the console by name and password; nobody else's does. */
    public static final String CONSOLE_PREFIX = "console:";

    /** A client that showed no token. */
    public static final Principal ANONYMOUS = new Principal(null, Set.of(), new JsonObject(), Long.MAX_VALUE);

    /** The node itself and code deployed in it. */
    public static final Principal NODE = new Principal("node", Set.of(OPERATOR), new JsonObject(), Long.MAX_VALUE);

    /** Copies what it is given. */
    public Principal {
        roles = Set.copyOf(roles);
        claims = claims.copy();
    }

    /** A principal with roles only, as tests and the command line need it. */
    public static Principal of(String sub, List<String> roles) {
        return new Principal(sub, Set.copyOf(roles), new JsonObject().put("sub", sub), Long.MAX_VALUE);
    }

    /** Whether a token was shown that is valid at this time. */
    public boolean signedIn(long nowMillis) {
        return sub != null && nowMillis < expiresAtMillis;
    }
}
