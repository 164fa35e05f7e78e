package dev.weir.edge.rest;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.bus.StartAt;
import dev.weir.config.Rate;
import dev.weir.edge.LoopServices;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Events that could not be processed: looked at by viewers, given back and thrown away by operators. Owned by its event loop. */
final class DeadLetterRoutes {
    private static final int MOST = 1_000;
    private static final int MOST_A_SECOND = 1_000;
    private static final List<String> FILTERS = List.of("subscription", "address", "type", "reason", "text", "error");
    private static final List<String> TIMES = List.of("since", "until");

    /** What of an answer is told in the record: of which events, so that who follows one of them finds it. */
    private static final List<String> TOLD = List.of("replayed", "discarded", "events");

    private final LoopServices loop;
    private final Vertx vertx;

    DeadLetterRoutes(LoopServices loop, Vertx vertx) {
        this.loop = loop;
        this.vertx = vertx;
    }

    /** {@code GET /v1/dead-letters}; with {@code group=reason} how many there are of which kind. */
    void list(RoutingContext routing) {
        JsonObject asked = filter(routing);
        String group = routing.request().getParam("group");
        if (group != null && !group.equals("reason")) {
            throw new Refusal(
                    FailureCode.INVALID_PARAMETER, "group is reason, or left out for the dead letters themselves");
        }
        answer(routing, group == null ? "list" : "groups", asked);
    }

    /** {@code GET /v1/dead-letters/{id}}. */
    void one(RoutingContext routing) {
        answer(routing, "get", named(routing));
    }

    /** {@code PATCH /v1/dead-letters/{id}}: it has other data from now on. */
    void edit(RoutingContext routing) {
        withData(routing, "edit", "send {\"data\": ...}");
    }

    /** {@code POST /v1/dead-letters/{id}/replay}, with other data if the body has some. */
    void replayOne(RoutingContext routing) {
        withData(routing, "replay", "send {\"data\": ...}, or no body at all");
    }

    private void withData(RoutingContext routing, String operation, String mend) {
        Future<Buffer> body = Bodies.read(routing.request(), loop);
        change(
                routing,
                operation,
                () -> body.map(sent -> {
                    JsonObject asked = named(routing);
                    JsonObject given = parse(sent, mend);
                    if (given.containsKey("data")) {
                        return asked.put("data", given.getValue("data"));
                    }
                    if (operation.equals("edit")) {
                        throw new Refusal(FailureCode.INVALID_PARAMETER, mend);
                    }
                    return asked;
                }));
    }

    private static JsonObject parse(Buffer body, String mend) {
        try {
            return body.length() == 0 ? new JsonObject() : new JsonObject(body);
        } catch (DecodeException | ClassCastException notJson) {
            throw new Refusal(FailureCode.INVALID_JSON, mend);
        }
    }

    /** {@code POST /v1/dead-letters/replay?rate=}: those that the filter finds, so many a second. */
    void replayAll(RoutingContext routing) {
        change(
                routing,
                "replay",
                () -> Future.succeededFuture(
                        filter(routing).put("rate", rate(routing.request().getParam("rate")))));
    }

    private static double rate(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            double rate = Rate.parse(text.contains("/") ? text : text + "/s").perSecond();
            if (rate <= MOST_A_SECOND) {
                return rate;
            }
        } catch (IllegalArgumentException notOne) {
            // Answered below like one that is too fast.
        }
        throw new Refusal(FailureCode.INVALID_PARAMETER, "rate is as in 10/s or 30/m, at most " + MOST_A_SECOND + "/s");
    }

    /** {@code DELETE /v1/dead-letters/{id}}. */
    void discardOne(RoutingContext routing) {
        change(routing, "discard", () -> Future.succeededFuture(named(routing)));
    }

    /** {@code DELETE /v1/dead-letters}: those that the filter finds; it must say something. */
    void discardAll(RoutingContext routing) {
        change(routing, "discard", () -> {
            JsonObject asked = filter(routing);
            if (FILTERS.stream().noneMatch(asked::containsKey) && TIMES.stream().noneMatch(asked::containsKey)) {
                throw new Refusal(
                        FailureCode.INVALID_PARAMETER,
                        "say which: ?subscription=, address=, type=, reason=, error=, text=, since= or until=, or name one in"
                                + " the path");
            }
            return Future.succeededFuture(asked);
        });
    }

    private static JsonObject named(RoutingContext routing) {
        return new JsonObject().put("id", routing.pathParam("id"));
    }

    private static JsonObject filter(RoutingContext routing) {
        routing.queryParams().forEach(DeadLetterRoutes::check);
        HttpServerRequest request = routing.request();
        JsonObject filter =
                new JsonObject().put("limit", SubscriptionRoutes.number(request.getParam("limit"), "limit", 100, MOST));
        for (String name : FILTERS) {
            put(filter, name, request.getParam(name));
        }
        for (String name : TIMES) {
            String text = request.getParam(name);
            if (text != null) {
                filter.put(name, time(name, text));
            }
        }
        put(filter, "cursor", request.getParam("cursor"));
        return filter;
    }

    private static long time(String name, String text) {
        // A plus sign that was not escaped has become a space on its way.
        StartAt at = StartAt.parse(text.replace(' ', '+'));
        if (at == null || at.millis() == null) {
            throw new Refusal(FailureCode.INVALID_PARAMETER, name + " is a time as in 2026-02-28T23:59:59Z");
        }
        return at.millis();
    }

    /** What says nothing would not narrow down what is replayed or thrown away. */
    private static void check(String name, String value) {
        if (value.isEmpty()) {
            throw new Refusal(FailureCode.INVALID_PARAMETER, name + " is empty; leave it out or say what it is");
        }
    }

    private static void put(JsonObject filter, String name, @Nullable String value) {
        if (value != null) {
            filter.put(name, value);
        }
    }

    private void answer(RoutingContext routing, String operation, JsonObject asked) {
        Operators.requireViewer(loop, routing.request())
                .compose(who -> ask(asked.put("op", operation)))
                .onSuccess(routing::json)
                .onFailure(failure -> routing.fail(500, failure));
    }

    private void change(RoutingContext routing, String operation, Supplier<Future<JsonObject>> asked) {
        JsonObject what = new JsonObject();
        String action = "dead-letters." + operation;
        Operators.act(loop, routing.request(), action, what, who -> asked.get().compose(order -> {
                    what.mergeIn(order);
                    if (what.containsKey("data")) {
                        what.put("data", "other"); // What it is may be seen by fewer than see who did what.
                    }
                    return ask(order.put("op", operation)).onSuccess(done -> TOLD.stream()
                            .filter(done::containsKey)
                            .forEach(count -> what.put(count, done.getValue(count))));
                }))
                .onSuccess(routing::json)
                .onFailure(failure -> routing.fail(500, failure));
    }

    private Future<JsonObject> ask(JsonObject asked) {
        Refusal none = new Refusal(FailureCode.UNAVAILABLE, "this node has no subscriptions");
        return Desks.ask(vertx.eventBus(), Addresses.DEAD_LETTER_DESK, asked, new DeliveryOptions(), none);
    }
}
