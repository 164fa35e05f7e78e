package dev.weir.edge.rest;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Origin;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.edge.LoopServices;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/** Who may look after a node, and the record of what they did. */
final class Operators {
    private static final Origin ORIGIN = Origin.node("http");

    private Operators() {}

    static boolean isOperator(LoopServices loop, Principal who) {
        return who.signedIn(loop.edge().clock().millis()) && who.roles().contains(Principal.OPERATOR);
    }

    /** Whether somebody may see what operators see. */
    static boolean isViewer(LoopServices loop, Principal who) {
        return isOperator(loop, who)
                || (who.signedIn(loop.edge().clock().millis()) && who.roles().contains(Principal.VIEWER));
    }

    /** The operator who sent a request; fails with a {@link Refusal} when it was somebody else. */
    static Future<Principal> require(LoopServices loop, HttpServerRequest request) {
        return loop.gate().principal(request).map(who -> admit(loop, who, isOperator(loop, who), Principal.OPERATOR));
    }

    /** The operator or viewer who sent a request that only looks; fails with a {@link Refusal} when it was somebody else. */
    static Future<Principal> requireViewer(LoopServices loop, HttpServerRequest request) {
        return loop.gate().principal(request).map(who -> admit(loop, who, isViewer(loop, who), Principal.VIEWER));
    }

    private static Principal admit(LoopServices loop, Principal who, boolean allowed, String role) {
        if (allowed) {
            return who;
        }
        boolean signedIn = who.signedIn(loop.edge().clock().millis());
        throw new Refusal(
                signedIn ? FailureCode.ACCESS_DENIED : FailureCode.NOT_LOGGED_IN,
                "a token with the role " + role + " is needed");
    }

    /** Publishes what an operator did; whoever watches over the cluster subscribes to the audit address. */
    static void audit(LoopServices loop, Principal who, String action, JsonObject details) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(EventHeaders.TYPE, action);
        JsonObject data = details.copy().put("by", who.sub());
        loop.edge().publisher().publish(ORIGIN, Addresses.AUDIT, headers, data, 0);
    }
}
