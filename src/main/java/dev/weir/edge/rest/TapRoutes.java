package dev.weir.edge.rest;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.edge.LoopServices;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Opens, changes and closes taps, for viewers; what they see comes on an address of their own. Owned by its event loop. */
final class TapRoutes {
    private static final String SHAPE =
            "send {\"pattern\": ADDRESS, \"filter\": CEL, \"rate\": N, \"fields\": [PATH]}; only pattern is needed";
    private static final DeliveryOptions HERE =
            new DeliveryOptions().setLocalOnly(true).setSendTimeout(10_000);

    private final LoopServices loop;

    TapRoutes(LoopServices loop) {
        this.loop = loop;
    }

    /** {@code POST /v1/taps}. */
    void open(RoutingContext routing) {
        change(routing, new JsonObject().put("op", "open"), "tap.opened").onSuccess(tap -> routing.response()
                .setStatusCode(201)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(tap.toBuffer()));
    }

    /** {@code PATCH /v1/taps/{id}}: what is not named stays. */
    void edit(RoutingContext routing) {
        change(routing, named(routing, "change"), "tap.changed").onSuccess(routing::json);
    }

    /** {@code DELETE /v1/taps/{id}}. */
    void close(RoutingContext routing) {
        Operators.requireViewer(loop, routing.request())
                .compose(who -> ask(routing, who, named(routing, "close"), "tap.closed"))
                .onSuccess(closed -> routing.response().setStatusCode(204).end())
                .onFailure(failure -> routing.fail(500, failure));
    }

    private static JsonObject named(RoutingContext routing, String op) {
        return new JsonObject().put("op", op).put("id", routing.pathParam("id"));
    }

    private Future<JsonObject> change(RoutingContext routing, JsonObject asked, String action) {
        Future<Buffer> body = Bodies.read(routing.request(), loop);
        Future<Principal> known = Operators.requireViewer(loop, routing.request());
        return body.compose(text -> known.compose(who -> ask(routing, who, asked.put("tap", parse(text)), action)))
                .onFailure(failure -> routing.fail(500, failure));
    }

    private static JsonObject parse(Buffer body) {
        try {
            return new JsonObject(body);
        } catch (DecodeException | ClassCastException notJson) {
            throw new Refusal(FailureCode.INVALID_JSON, SHAPE);
        }
    }

    private Future<JsonObject> ask(RoutingContext routing, Principal who, JsonObject asked, String action) {
        Refusal none = new Refusal(FailureCode.UNAVAILABLE, "the node is still starting");
        return Desks.ask(loop.vertx().eventBus(), Addresses.TAP_DESK, asked, HERE, none)
                .map(TapRoutes::granted)
                .onSuccess(tap -> {
                    // Whoever knows the id may listen, so nobody else learns it.
                    JsonObject what = tap.copy();
                    what.remove("id");
                    what.remove("address");
                    what.remove("revision");
                    Operators.audit(loop, routing.request(), who, action, what);
                });
    }

    private static JsonObject granted(JsonObject answer) {
        Integer refused = answer.getInteger("refused");
        if (refused == null) {
            return answer;
        }
        FailureCode code = FailureCode.ofNumber(refused).orElse(FailureCode.UNAVAILABLE);
        Refusal refusal = new Refusal(code, answer.getString("message"));
        throw answer.getString("pointer") == null ? refusal : refusal.at(answer.getString("pointer"));
    }
}
