package dev.weir.edge.rest;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Ids;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.bus.SubscriptionPolicy;
import dev.weir.bus.SubscriptionWire;
import dev.weir.bus.Subscriptions;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Work queues over HTTP: consumers pull deliveries and settle them, operators look on. Owned by its event loop. */
final class SubscriptionRoutes {
    private static final Set<String> OUTCOMES = Set.of("ack", "nack", "reject", "extend");
    private static final int MOST_SETTLED = 1_000;
    private static final int PULLED = 10;
    private static final long LONGEST_DELAY_MILLIS = 7L * 24 * 3_600_000;

    private final LoopServices loop;
    private final SubscriptionWire wire;
    private final Ids pulls = new Ids();

    SubscriptionRoutes(LoopServices loop, SubscriptionWire wire) {
        this.loop = loop;
        this.wire = wire;
    }

    /** {@code GET /v1/subscriptions}: all that are declared, each with how it is doing; for operators. */
    void list(RoutingContext routing) {
        Operators.require(loop, routing.request())
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

    /** {@code GET /v1/subscriptions/{name}}: for operators and its consumers. */
    void one(RoutingContext routing) {
        permitted(routing)
                .compose(this::describe)
                .onSuccess(routing::json)
                .onFailure(failure -> routing.fail(500, failure));
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
        long wait = duration(request.getParam("wait"), "wait", 0, SubscriptionWire.LONGEST_WAIT_MILLIS);
        permitted(routing).onFailure(failure -> routing.fail(500, failure)).onSuccess(spec -> {
            String pull = pulls.next();
            // Whoever hangs up while waiting must not take a delivery along.
            routing.response().closeHandler(gone -> wire.cancel(spec.name(), pull));
            wire.pull(spec.name(), pull, max, wait)
                    .onFailure(failure -> routing.fail(500, failure))
                    .onSuccess(deliveries -> {
                        if (routing.response().closed()) {
                            giveBack(spec, deliveries);
                        } else {
                            routing.response().closeHandler(null);
                            routing.json(new JsonObject().put("deliveries", deliveries));
                        }
                    });
        });
    }

    private void giveBack(SubscriptionPolicy spec, JsonArray deliveries) {
        JsonArray items = new JsonArray();
        for (int i = 0; i < deliveries.size(); i++) {
            items.add(new JsonObject()
                    .put("id", deliveries.getJsonObject(i).getString("id"))
                    .put("outcome", "nack")
                    .put("delay", 0)
                    .put("error", "the consumer hung up"));
        }
        if (!items.isEmpty()) {
            wire.settle(spec.name(), items);
        }
    }

    /** {@code POST /v1/subscriptions/{name}/settle}. */
    void settle(RoutingContext routing) {
        Future<JsonArray> items = Bodies.read(routing.request(), loop).map(body -> {
            try {
                return items(new JsonObject(body));
            } catch (DecodeException | ClassCastException notJson) {
                throw new Refusal(FailureCode.INVALID_JSON, "send {\"items\": [{\"id\": ..., \"outcome\": \"ack\"}]}");
            }
        });
        permitted(routing)
                .compose(spec -> items.compose(all -> wire.settle(spec.name(), all)))
                .onSuccess(results -> routing.json(new JsonObject().put("results", results)))
                .onFailure(failure -> routing.fail(500, failure));
    }

    private static JsonArray items(JsonObject body) {
        JsonArray items = body.getJsonArray("items");
        if (items == null || items.isEmpty() || items.size() > MOST_SETTLED) {
            throw new Refusal(
                    FailureCode.INVALID_PARAMETER, "items has the deliveries to settle, from 1 to " + MOST_SETTLED);
        }
        JsonArray checked = new JsonArray();
        for (int i = 0; i < items.size(); i++) {
            checked.add(item(items.getJsonObject(i), i));
        }
        return checked;
    }

    private static JsonObject item(JsonObject item, int index) {
        String outcome = item.getString("outcome");
        if (item.getString("id") == null || outcome == null || !OUTCOMES.contains(outcome)) {
            throw new Refusal(
                            FailureCode.INVALID_PARAMETER,
                            "each item has the id of a delivery and an outcome: ack, nack, reject or extend")
                    .at("/items/" + index);
        }
        JsonObject checked = new JsonObject().put("id", item.getString("id")).put("outcome", outcome);
        if (item.containsKey("delay")) {
            checked.put("delay", duration(item.getString("delay"), "delay", 0, LONGEST_DELAY_MILLIS));
        }
        return item.containsKey("error") ? checked.put("error", item.getString("error")) : checked;
    }

    private Future<SubscriptionPolicy> permitted(RoutingContext routing) {
        String name = routing.pathParam("name");
        SubscriptionPolicy spec = loop.edge().authorizer().subscriptions().find(name);
        return loop.gate().principal(routing.request()).compose(who -> {
            if (spec == null) {
                boolean known = who.signedIn(loop.edge().clock().millis());
                return Future.failedFuture(
                        known
                                ? new Refusal(FailureCode.NOT_FOUND, "there is no subscription with this name")
                                : new Refusal(FailureCode.NOT_LOGGED_IN));
            }
            return permitted(spec, who).map(spec);
        });
    }

    private Future<Void> permitted(SubscriptionPolicy spec, Principal who) {
        return Operators.isOperator(loop, who)
                ? Future.succeededFuture()
                : loop.edge().authorizer().check(spec, who);
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

    static long duration(@Nullable String text, String name, long absent, long most) {
        if (text == null) {
            return absent;
        }
        try {
            long millis = Durations.parse(text).toMillis();
            if (millis <= most) {
                return millis;
            }
        } catch (IllegalArgumentException | ArithmeticException notOne) {
            // Answered below like one that is too long.
        }
        throw new Refusal(
                FailureCode.INVALID_PARAMETER,
                name + " is a duration such as 20s, at most " + Durations.format(java.time.Duration.ofMillis(most)));
    }
}
