package dev.weir.edge.rest;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Policy;
import dev.weir.bus.Position;
import dev.weir.bus.Refusal;
import dev.weir.bus.SubscriptionPolicy;
import dev.weir.bus.Subscriptions;
import dev.weir.config.ConfigException;
import dev.weir.edge.LoopServices;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.function.Function;

/** Subscriptions made, changed and deleted by operators, kept in the journal. Owned by its event loop. */
final class SubscriptionEdits {
    private static final int MOST = 1_000;
    private static final long ANSWER_MILLIS = 15_000;

    private final LoopServices loop;
    private final Subscriptions subscriptions;
    private final Function<SubscriptionPolicy, Future<JsonObject>> describe;

    /** @param describe says how a subscription is doing */
    SubscriptionEdits(LoopServices loop, Function<SubscriptionPolicy, Future<JsonObject>> describe) {
        this.describe = describe;
        this.loop = loop;
        this.subscriptions = loop.edge().authorizer().subscriptions();
    }

    /** {@code PUT /v1/subscriptions/{name}}: the body has the keys of the configuration. */
    void put(RoutingContext routing) {
        String name = routing.pathParam("name");
        Future<Buffer> body = Bodies.read(routing.request(), loop);
        boolean known = subscriptions.made().containsKey(name);
        JsonObject what = new JsonObject().put("name", name);
        Operators.act(
                        loop,
                        routing.request(),
                        known ? "subscription.changed" : "subscription.made",
                        what,
                        who -> body.compose(sent -> put(name, spec(name, sent), what)))
                .compose(created -> {
                    routing.response().setStatusCode(created ? 201 : 200);
                    return describe.apply(Objects.requireNonNull(subscriptions.find(name), "just made"));
                })
                .onSuccess(routing::json)
                .onFailure(failure -> ConfigProblems.answer(routing, "the subscription", failure));
    }

    private static JsonObject spec(String name, Buffer body) {
        JsonObject sent;
        try {
            sent = new JsonObject(body);
        } catch (DecodeException | ClassCastException notJson) {
            throw new Refusal(FailureCode.INVALID_JSON, "send {\"from\": [\"orders\"], \"consume\": \"role:billing\"}");
        }
        if (sent.containsKey("name") && !name.equals(sent.getValue("name"))) {
            throw new Refusal(FailureCode.INVALID_PARAMETER, "name is another one than in the path; leave it out");
        }
        return sent.put("name", name);
    }

    private Future<Boolean> put(String name, JsonObject spec, JsonObject what) {
        notConfigured(name);
        what.mergeIn(spec);
        boolean known = subscriptions.made().containsKey(name);
        if (!known && subscriptions.made().size() >= MOST) {
            throw new Refusal(FailureCode.REJECTED, MOST + " subscriptions were made over HTTP; delete some first");
        }
        Subscriptions.Made made = subscriptions.read(name, spec.encode());
        SubscriptionPolicy policy = made.policy();
        if (policy == null || !made.problems().isEmpty()) {
            throw new ConfigException(made.problems());
        }
        JsonObject asked = new JsonObject().put("op", "put").put("name", name).put("spec", made.spec());
        return (known ? Future.<Void>succeededFuture() : checkStart(policy))
                .compose(checked -> ask(asked))
                .map(answer -> answer.getBoolean("created"));
    }

    private void notConfigured(String name) {
        SubscriptionPolicy configured =
                loop.edge().authorizer().policies().subscriptions().get(name);
        if (configured != null) {
            throw new Refusal(
                    FailureCode.REJECTED,
                    "'" + name + "' is declared in the configuration (" + configured.at()
                            + "), which is its only truth; change it there and reload");
        }
    }

    /** A position to start at must be one of the log. */
    private Future<Void> checkStart(SubscriptionPolicy policy) {
        Position start = policy.start().position();
        Journal journal = loop.edge().publisher().journal();
        String address = policy.from().get(0);
        Keep keep = loop.edge()
                .authorizer()
                .policies()
                .of(address)
                .map(Policy::keep)
                .orElse(null);
        return start == null || journal == null || keep == null
                ? Future.succeededFuture()
                : journal.head(address, keep).map(head -> checkStart(start, head));
    }

    private static Void checkStart(Position start, Head head) {
        if (!start.epoch().equals(head.epoch()) || start.offset() > head.head()) {
            throw new Refusal(
                    FailureCode.EPOCH_CHANGED, "start: the log is at " + head.position() + " and never had " + start);
        }
        if (start.offset() < head.floor()) {
            throw new Refusal(
                    FailureCode.TRIMMED,
                    "start: events up to " + new Position(head.epoch(), head.floor())
                            + " were deleted; start at the beginning");
        }
        return null;
    }

    /** {@code DELETE /v1/subscriptions/{name}}. */
    void delete(RoutingContext routing) {
        String name = routing.pathParam("name");
        JsonObject what = new JsonObject().put("name", name);
        Operators.act(loop, routing.request(), "subscription.deleted", what, who -> {
                    notConfigured(name);
                    return ask(new JsonObject().put("op", "delete").put("name", name));
                })
                .onSuccess(done -> routing.response().setStatusCode(204).end())
                .onFailure(failure -> routing.fail(500, failure));
    }

    private Future<JsonObject> ask(JsonObject asked) {
        DeliveryOptions options = new DeliveryOptions().setLocalOnly(true).setSendTimeout(ANSWER_MILLIS);
        Refusal none = new Refusal(FailureCode.NOT_FOUND, "no policy keeps anything, so there are no subscriptions");
        return Desks.ask(loop.vertx().eventBus(), Addresses.SUBSCRIPTION_DESK, asked, options, none);
    }
}
