package dev.weir.edge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import io.vertx.core.Future;

/** Finds out who shows a token. */
@FunctionalInterface
public interface Authenticator {
    /** For nodes without a key: every token is refused. */
    Authenticator NO_KEY = token -> Future.failedFuture(
            new Refusal(FailureCode.NOT_LOGGED_IN, "this node has no key to verify tokens with; configure auth.jwt"));

    /** Who the token says, after its signature and times were verified; fails with a {@link Refusal}. */
    Future<Principal> authenticate(String token);

    /** Whether somebody who was found out before is still the same and may the same, now that another configuration is in force. */
    default boolean stands(Principal who) {
        return true;
    }
}
