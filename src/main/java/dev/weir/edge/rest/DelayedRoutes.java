package dev.weir.edge.rest;

import dev.weir.bus.Delay;
import dev.weir.bus.Delayed;
import dev.weir.bus.DelayedEvents;
import dev.weir.bus.KeptJson;
import dev.weir.bus.Origin;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.edge.LoopServices;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Events that wait for their time, for their producers and for operators. Owned by its event loop. */
final class DelayedRoutes {
    private static final int LIMIT = 100;
    private static final int MOST = 1_000;

    private final LoopServices loop;
    private final DelayedEvents delayed;

    DelayedRoutes(LoopServices loop) {
        this.loop = loop;
        this.delayed = loop.edge().publisher().delayed();
    }

    /** {@code GET /v1/addresses/{address}/delayed}: what waits, by its time. */
    void list(RoutingContext routing) {
        int limit = SubscriptionRoutes.number(routing.request().getParam("limit"), "limit", LIMIT, MOST);
        String after = routing.request().getParam("after");
        origin(routing)
                .compose(origin -> delayed.list(origin, routing.pathParam("address"), after, limit))
                .map(items -> describe(items, limit))
                .onSuccess(routing::json)
                .onFailure(failure -> refuse(routing, failure));
    }

    /** {@code DELETE /v1/addresses/{address}/delayed/{id}}: takes it back. */
    void cancel(RoutingContext routing) {
        String id = routing.pathParam("id");
        loop.gate()
                .principal(routing.request())
                .compose(who -> cancel(routing, who, id))
                .onSuccess(
                        cancelled -> routing.json(new JsonObject().put("id", id).put("cancelled", true)))
                .onFailure(failure -> refuse(routing, failure));
    }

    private Future<Void> cancel(RoutingContext routing, Principal who, String id) {
        String address = routing.pathParam("address");
        Origin origin = HttpOrigin.of(loop.gate(), routing.request(), who);
        JsonObject what = new JsonObject().put("address", address).put("id", id);
        return Operators.isOperator(loop, who)
                ? Operators.act(
                        loop,
                        routing.request(),
                        "delayed.cancelled",
                        what,
                        known -> delayed.cancel(origin, address, id))
                : delayed.cancel(origin, address, id);
    }

    private Future<Origin> origin(RoutingContext routing) {
        return loop.gate().principal(routing.request()).map(who -> HttpOrigin.of(loop.gate(), routing.request(), who));
    }

    private void refuse(RoutingContext routing, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            loop.edge().counters().refused(refusal.code()).increment();
        }
        routing.fail(500, failure);
    }

    private static JsonObject describe(List<Delayed.Item> items, int limit) {
        JsonArray events = new JsonArray();
        for (Delayed.Item item : items) {
            events.add(KeptJson.of(item.headers(), null)
                    .put(Delay.AT, EventHeaders.formatTime(item.due()))
                    .put("bytes", item.bytes()));
        }
        JsonObject page = new JsonObject().put("events", events);
        return items.size() < limit
                ? page
                : page.put("next", items.get(items.size() - 1).key());
    }
}
