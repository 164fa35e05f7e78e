package dev.weir.edge.rest;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Ids;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.bus.SubscriptionPolicy;
import dev.weir.bus.SubscriptionWire;
import dev.weir.bus.Subscriptions;
import dev.weir.edge.Consumers;
import dev.weir.edge.LoopServices;
import dev.weir.time.Durations;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Work queues over HTTP: consumers pull deliveries and settle them, operators look on. Owned by its event loop. */
final class SubscriptionRoutes {
    private static final int PULLED = 10;

    private final LoopServices loop;
    private final Consumers consumers;
    private final SubscriptionWire wire;
    private final Ids pulls = new Ids();

    SubscriptionRoutes(LoopServices loop) {
        this.loop = loop;
        this.consumers = new Consumers(loop);
        this.wire = consumers.wire();
    }

    /** {@code GET /v1/subscriptions}: all that are declared, each with how it is doing; for viewers. */
    void list(RoutingContext routing) {
        Operators.requireViewer(loop, routing.request())
                .compose(who -> {
                    List<Future<JsonObject>> all = new ArrayList<>();
                    loop.edge().authorizer().subscriptions().all().values().stream()
                            .sorted(java.util.Comparator.comparing(SubscriptionPolicy::name))
                            .forEach(each -> all.add(describe(each)));
                    return Future.all(all)
                            .map(done -> new JsonArray(
                                    all.stream().map(Future::result).toList()));
                })
                .onSuccess(all -> routing.json(new JsonObject().put("subscriptions", all)))
                .onFailure(failure -> routing.fail(500, failure));
    }

    /** {@code GET /v1/subscriptions/{name}}: for viewers and its consumers. */
    void one(RoutingContext routing) {
        String name = routing.pathParam("name");
        loop.gate()
                .principal(routing.request())
                .compose(who -> seen(who, name))
                .compose(this::describe)
                .onSuccess(routing::json)
                .onFailure(failure -> routing.fail(500, failure));
    }

    private Future<SubscriptionPolicy> seen(Principal who, String name) {
        SubscriptionPolicy spec = loop.edge().authorizer().subscriptions().find(name);
        return spec != null && Operators.isViewer(loop, who)
                ? Future.succeededFuture(spec)
                : consumers.permitted(who, name);
    }

    Future<JsonObject> describe(SubscriptionPolicy spec) {
        JsonObject described = new JsonObject()
                .put("name", spec.name())
                .put("from", new JsonArray(spec.from()))
                .put("ackWait", Durations.format(spec.ackWait()))
                .put("maxInFlight", spec.inFlight())
                .put("attempts", spec.retry().attempts());
        declared(spec, described);
        return wire.status(spec.name()).map(described::mergeIn).otherwise(failure -> described
                .put("running", false)
                .put("problem", described.getString("problem", failure.getMessage())));
    }

    private void declared(SubscriptionPolicy spec, JsonObject described) {
        Subscriptions.Made made =
                loop.edge().authorizer().subscriptions().made().get(spec.name());
        if (made == null || !spec.equals(made.policy())) {
            described.put("declared", "configuration");
            return;
        }
        described.put("declared", "http").put("spec", new JsonObject(made.spec()));
        if (!made.problems().isEmpty()) {
            described.put("problem", made.problems().toString());
        }
    }

    /** {@code POST /v1/subscriptions/{name}/pull?max=&wait=}. */
    void pull(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        int max = number(request.getParam("max"), "max", PULLED, SubscriptionWire.MOST_PULLED);
        long wait = Consumers.duration(request.getParam("wait"), "wait", 0, SubscriptionWire.LONGEST_WAIT_MILLIS);
        String name = routing.pathParam("name");
        loop.gate()
                .principal(request)
                .compose(who -> consumers.permitted(who, name).compose(spec -> {
                    String pull = pulls.next();
                    // Whoever hangs up while waiting must not take a delivery along.
                    routing.response().closeHandler(gone -> wire.cancel(name, pull));
                    return consumers.pull(() -> who, name, pull, max, wait);
                }))
                .onFailure(failure -> routing.fail(500, failure))
                .onSuccess(deliveries -> pulled(routing, name, deliveries));
    }

    private void pulled(RoutingContext routing, String name, JsonArray deliveries) {
        if (routing.response().closed()) {
            consumers.giveBack(name, Consumers.ids(deliveries));
        } else {
            routing.response().closeHandler(null);
            routing.json(new JsonObject().put("deliveries", deliveries));
        }
    }

    /** {@code POST /v1/subscriptions/{name}/settle}. */
    void settle(RoutingContext routing) {
        Future<JsonArray> items = Bodies.read(routing.request(), loop).map(body -> {
            try {
                return Consumers.items(new JsonObject(body).getJsonArray("items"));
            } catch (DecodeException | ClassCastException notJson) {
                throw new Refusal(FailureCode.INVALID_JSON, "send {\"items\": [{\"id\": ..., \"outcome\": \"ack\"}]}");
            }
        });
        permitted(routing)
                .compose(spec -> items.compose(all -> wire.settle(spec.name(), all)))
                .onSuccess(results -> routing.json(new JsonObject().put("results", results)))
                .onFailure(failure -> routing.fail(500, failure));
    }

    private Future<SubscriptionPolicy> permitted(RoutingContext routing) {
        String name = routing.pathParam("name");
        return loop.gate().principal(routing.request()).compose(who -> consumers.permitted(who, name));
    }

    static int number(@Nullable String text, String name, int absent, int most) {
        if (text == null) {
            return absent;
        }
        if (!text.matches("[1-9][0-9]{0,8}") || Integer.parseInt(text) > most) {
            throw new Refusal(FailureCode.INVALID_PARAMETER, name + " is a whole number from 1 to " + most);
        }
        return Integer.parseInt(text);
    }
}
