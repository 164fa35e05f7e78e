package dev.weir.edge.rest;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.edge.LoopServices;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/trace/{id}}: what is known of an event, of what belongs together, or of a trace. Owned by its event loop. */
final class TraceRoute {
    /** A search takes two seconds at most, and others may be before it. */
    private static final long PATIENCE_MILLIS = 25_000;

    private static final int LONGEST_ID = 2_000;

    private final LoopServices loop;

    TraceRoute(LoopServices loop) {
        this.loop = loop;
    }

    void handle(RoutingContext routing) {
        Operators.requireViewer(loop, routing.request())
                .compose(who -> follow(routing))
                .onSuccess(routing::json)
                .onFailure(failure -> routing.fail(500, failure));
    }

    private Future<JsonObject> follow(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        String id = routing.pathParam("id");
        if (id == null || id.length() > LONGEST_ID) {
            throw new Refusal(FailureCode.INVALID_PARAMETER, "an id has at most " + LONGEST_ID + " characters");
        }
        Span span = Span.of(request);
        JsonObject asked = new JsonObject().put("id", id);
        put(asked, "by", request.getParam("by"));
        put(asked, "address", request.getParam("address"));
        put(asked, "after", span.afterMillis());
        put(asked, "before", span.beforeMillis());
        Refusal none = new Refusal(FailureCode.UNAVAILABLE, "the node is starting or stopping");
        return Desks.ask(
                loop.vertx().eventBus(),
                Addresses.TRACE_DESK,
                asked,
                new DeliveryOptions().setLocalOnly(true).setSendTimeout(PATIENCE_MILLIS),
                none);
    }

    private static void put(JsonObject json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
