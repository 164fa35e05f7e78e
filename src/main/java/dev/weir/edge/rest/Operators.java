package dev.weir.edge.rest;

import dev.weir.bus.AuditTrail;
import dev.weir.bus.AuditTrail.Actor;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.edge.LoopServices;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/** Who may look after a node, and the record of what they did. */
final class Operators {
    private static final String VIA = "http";
    private static final String EMITTED = "event.emitted";
    private static final CharSequence BY_HAND = HttpHeaders.createOptimized("weir-console");

    private Operators() {}

    static boolean isOperator(LoopServices loop, Principal who) {
        return who.signedIn(loop.edge().clock().millis()) && who.roles().contains(Principal.OPERATOR);
    }

    /** Whether somebody may see what operators see. */
    static boolean isViewer(LoopServices loop, Principal who) {
        return isOperator(loop, who)
                || (who.signedIn(loop.edge().clock().millis()) && who.roles().contains(Principal.VIEWER));
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

    /** Records what somebody did to look on, which changes nothing. */
    static void audit(LoopServices loop, HttpServerRequest request, Principal who, String action, JsonObject what) {
        AuditTrail.done(loop.edge().publisher(), actor(loop, request, who), action, what);
    }

    /**
     * Records an event that somebody emits by hand: who signed in to the console by name, and an operator whose request says that it
     * comes from its pages. What programs publish is no deed.
     *
     * @param ids names what was emitted
     */
    static <T> Future<T> traced(
            LoopServices loop,
            HttpServerRequest request,
            Principal who,
            String address,
            Future<T> emitted,
            Function<T, String> ids) {
        String sub = who.sub();
        if (sub == null
                || !(sub.startsWith(Principal.CONSOLE_PREFIX)
                        || (isOperator(loop, who) && request.headers().contains(BY_HAND)))) {
            return emitted;
        }
        Actor actor = actor(loop, request, who);
        JsonObject what = new JsonObject().put("address", address);
        return emitted.onSuccess(done ->
                        AuditTrail.done(loop.edge().publisher(), actor, EMITTED, what.put("id", ids.apply(done))))
                .onFailure(failure -> failed(loop, who, actor, EMITTED, what, failure));
    }

    private static Actor actor(LoopServices loop, HttpServerRequest request, Principal who) {
        return new Actor(who.sub(), loop.gate().clientOf(request), VIA);
    }

    /** What operators do is told each time; what others are refused is counted, since they may try all day. */
    private static void failed(
            LoopServices loop, Principal who, Actor actor, String action, JsonObject what, Throwable failure) {
        if (isOperator(loop, who)) {
            AuditTrail.failed(loop.edge().publisher(), actor, action, what, failure);
        } else {
            loop.edge().refusals().record(actor, action, what, failure);
        }
    }

    /**
     * Lets an operator act and records it, whatever becomes of it; what a viewer tries is recorded too, so that it is seen who
     * reaches for more. Whoever else tries is refused and leaves no trace, so that nobody fills the record.
     *
     * @param action the type of the event, such as {@code flow.paused}
     * @param what the details, to which the deed may add
     * @param deed done for operators only
     * @return as the deed ends; fails with a {@link Refusal} when it was somebody else
     */
    static <T> Future<T> act(
            LoopServices loop,
            HttpServerRequest request,
            String action,
            JsonObject what,
            Function<Principal, Future<T>> deed) {
        return loop.gate().principal(request).compose(who -> {
            Actor actor = actor(loop, request, who);
            boolean traced = isViewer(loop, who);
            return Future.succeededFuture(who)
                    .map(known -> admit(loop, known, isOperator(loop, known), Principal.OPERATOR))
                    .compose(deed)
                    .onSuccess(done -> AuditTrail.done(loop.edge().publisher(), actor, action, what))
                    .onFailure(failure -> {
                        if (traced) {
                            failed(loop, who, actor, action, what, failure);
                        }
                    });
        });
    }
}
