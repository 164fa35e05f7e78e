package dev.weir.edge.rest;

import dev.weir.bus.AuditTrail;
import dev.weir.bus.AuditTrail.Actor;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.edge.Cors;
import dev.weir.edge.EdgeRoutes;
import dev.weir.edge.LoopServices;
import dev.weir.edge.auth.ConsoleDoor;
import dev.weir.edge.auth.ConsoleDoor.Admitted;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * {@code /console/session}: signing in to the console, who one is, signing out. Where a request comes from never helps anybody in.
 * Shared by all event loops.
 */
public final class ConsoleRoutes implements EdgeRoutes {
    private static final String PATH = "/console/session";
    private static final String MEND = "send {\"name\": ..., \"password\": ...}, or {\"code\": ...}";
    private static final String VIA = "console";

    private final ConsoleDoor door;

    /** @param door who lets people in */
    public ConsoleRoutes(ConsoleDoor door) {
        this.door = door;
    }

    @Override
    public void mount(Router router, LoopServices loop) {
        router.route(PATH).handler(new Cors(loop)::handle).handler(RestRoutes::notCached);
        router.route(HttpMethod.POST, PATH).handler(routing -> signIn(routing, loop));
        router.route(HttpMethod.GET, PATH).handler(routing -> who(routing, loop));
        router.route(HttpMethod.DELETE, PATH).handler(routing -> signOut(routing, loop));
        router.route(PATH).handler(routing -> RestRoutes.other(routing, "DELETE, GET, POST, OPTIONS"));
    }

    private void signIn(RoutingContext routing, LoopServices loop) {
        String client = loop.gate().clientOf(routing.request());
        Bodies.read(routing.request(), loop)
                .map(ConsoleRoutes::parse)
                .compose(asked -> admitted(asked, client)
                        .onSuccess(in -> AuditTrail.done(
                                loop.edge().publisher(),
                                new Actor(in.who().sub(), client, VIA),
                                "console.signed-in",
                                way(asked)))
                        .onFailure(failure -> refused(loop, asked, client, failure)))
                .onSuccess(in -> routing.json(describe(in.who()).put("token", in.token())))
                .onFailure(failure -> routing.fail(500, failure));
    }

    private static JsonObject parse(Buffer body) {
        try {
            JsonObject asked = new JsonObject(body);
            boolean byCode = asked.getValue("code") instanceof String;
            boolean byName = asked.getValue("name") instanceof String && asked.getValue("password") instanceof String;
            if (byCode == byName) {
                throw new Refusal(FailureCode.INVALID_JSON, MEND);
            }
            return asked;
        } catch (DecodeException | ClassCastException notJson) {
            throw new Refusal(FailureCode.INVALID_JSON, MEND);
        }
    }

    private Future<Admitted> admitted(JsonObject asked, String client) {
        String code = asked.getString("code");
        return code == null
                ? door.signIn(asked.getString("name"), asked.getString("password"), client)
                : door.redeem(code, client);
    }

    private static JsonObject way(JsonObject asked) {
        return new JsonObject().put("way", asked.containsKey("code") ? "link" : "password");
    }

    /** A name that is no user's is not told: people type passwords where names belong. */
    private void refused(LoopServices loop, JsonObject asked, String client, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            loop.edge().counters().refused(refusal.code()).increment();
        }
        long untold = door.mayTell();
        if (untold < 0) {
            return;
        }
        String name = asked.getString("name");
        String by = name != null && door.knows(name) ? Principal.CONSOLE_PREFIX + name : null;
        JsonObject what = way(asked);
        if (untold > 0) {
            what.put("untold", untold);
        }
        AuditTrail.failed(loop.edge().publisher(), new Actor(by, client, VIA), "console.refused", what, failure);
    }

    private void who(RoutingContext routing, LoopServices loop) {
        loop.gate()
                .principal(routing.request())
                .map(who -> who.sub() == null ? new JsonObject().put("signedIn", false) : admit(loop, who))
                .onSuccess(answer -> routing.json(answer.put("ways", ways())))
                .onFailure(failure -> routing.fail(500, failure));
    }

    private static JsonObject admit(LoopServices loop, Principal who) {
        if (!Operators.isViewer(loop, who)) {
            throw new Refusal(
                    FailureCode.ACCESS_DENIED,
                    "the console is for tokens with the role " + Principal.VIEWER + " or " + Principal.OPERATOR);
        }
        return describe(who).put("signedIn", true);
    }

    private static JsonObject describe(Principal who) {
        boolean operator = who.roles().contains(Principal.OPERATOR);
        return new JsonObject()
                .put("name", nameOf(who))
                .put("role", operator ? Principal.OPERATOR : Principal.VIEWER)
                .put("expires", EventHeaders.formatTime(Instant.ofEpochMilli(who.expiresAtMillis())));
    }

    private static @Nullable String nameOf(Principal who) {
        String sub = who.sub();
        return sub != null && ConsoleDoor.isOfConsole(who) ? sub.substring(Principal.CONSOLE_PREFIX.length()) : sub;
    }

    private JsonArray ways() {
        JsonArray ways = new JsonArray();
        if (door.hasUsers()) {
            ways.add("password");
        }
        return door.takesCodes() ? ways.add("link") : ways.add("token");
    }

    private void signOut(RoutingContext routing, LoopServices loop) {
        String client = loop.gate().clientOf(routing.request());
        loop.gate()
                .principal(routing.request())
                .compose(who -> {
                    if (who.sub() == null) {
                        throw new Refusal(FailureCode.NOT_LOGGED_IN);
                    }
                    if (!ConsoleDoor.isOfConsole(who)) {
                        return Future.succeededFuture();
                    }
                    Actor actor = new Actor(who.sub(), client, VIA);
                    JsonObject what = door.signOut(who);
                    return AuditTrail.recorded(loop.edge().publisher(), actor, ConsoleDoor.SIGNED_OUT, what);
                })
                .onSuccess(out -> routing.response().setStatusCode(204).end())
                .onFailure(failure -> routing.fail(500, failure));
    }
}
