package dev.weir.emitter;

import dev.weir.bus.Addresses;
import dev.weir.bus.Delay;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Position;
import dev.weir.bus.Publisher;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that an emitter can reach: the one it lives in, else any of its cluster. Outside of both there is none. Owned by the
 * emitter's context.
 */
final class Nodes {
    private static final long TIMEOUT_MILLIS = 10_000;

    private final Vertx vertx;
    private @Nullable Future<String> chosen;

    Nodes(Vertx vertx) {
        this.vertx = vertx;
    }

    /** The node's own way in when this is a node, else null. */
    @Nullable
    Publisher here() {
        return Publisher.of(vertx);
    }

    /** Whether no node can be reached, now or later. */
    boolean areNone() {
        return here() == null && !vertx.isClustered();
    }

    /**
     * Asks for a refusal: succeeds when a node declares the address or pattern, and where there is no node to ask.
     *
     * @return whether a node keeps its events
     */
    Future<Boolean> declared(String address) {
        if (areNone()) {
            return Future.succeededFuture(false);
        }
        return ask("declared", address)
                .map(answer -> answer.getBoolean("keeps", false))
                .recover(failure -> isOfTheBus(failure) ? Future.succeededFuture(false) : Future.failedFuture(failure));
    }

    /** How many listen to the address in the whole system. */
    Future<Integer> listeners(String address) {
        if (areNone()) {
            return Future.failedFuture(
                    new Refusal(FailureCode.UNAVAILABLE, "no Weir node is in reach of this Vert.x instance to count"));
        }
        return askOne(question("listeners", address)).map(answer -> answer.getInteger("listeners", 0));
    }

    /** Takes an event back that was for later; any node can. */
    Future<Void> cancel(String address, String id) {
        if (areNone()) {
            return Future.failedFuture(
                    new Refusal(FailureCode.UNAVAILABLE, "no Weir node is in reach of this Vert.x instance"));
        }
        return askOne(question("cancel", address).put("id", id)).mapEmpty();
    }

    /**
     * Hands an event to a node of the cluster: always the same one, so that they stay in order.
     *
     * @return what the node says; fails with {@code no_handlers} when there is no node
     */
    Future<Receipt> publish(String address, MultiMap headers, @Nullable Object data) {
        Future<String> node = chosen;
        if (node == null || node.failed()) {
            node = ask("node", address).map(answer -> answer.getString("node"));
            chosen = node;
        }
        DeliveryOptions options = options(false).setHeaders(headers.set(Wire.ADDRESS, address));
        return node.compose(id -> vertx.eventBus()
                .<JsonObject>request(Addresses.ENTRY_PREFIX + id, data, options)
                .map(answer -> receipt(answer.body()))
                .recover(failure -> lost(id, failure)));
    }

    private <T> Future<T> lost(String node, Throwable failure) {
        return Failures.<T>typed(failure).recover(typed -> {
            if (!isOfTheBus(typed)) {
                return Future.failedFuture(typed);
            }
            chosen = null;
            return Future.failedFuture(new Refusal(
                    FailureCode.UNAVAILABLE, "node " + node + " did not answer: the event may or may not be accepted"));
        });
    }

    private static Receipt receipt(JsonObject answer) {
        String epoch = answer.getString("epoch");
        Position kept = epoch == null ? null : new Position(epoch, answer.getLong("offset"));
        String later = answer.getString(Delay.AT);
        return new Receipt(
                answer.getString("id"),
                kept,
                answer.getBoolean("repeated", false),
                later == null ? null : EventHeaders.parseTime(later));
    }

    private Future<JsonObject> ask(String question, String address) {
        return ask(question(question, address));
    }

    private static JsonObject question(String question, String address) {
        return new JsonObject().put("v", 1).put("ask", question).put("address", address);
    }

    /** What only a node can answer. */
    private Future<JsonObject> askOne(JsonObject asked) {
        return ask(asked)
                .recover(failure -> Future.failedFuture(
                        failure instanceof Refusal refusal && refusal.code() == FailureCode.NO_HANDLERS
                                ? new Refusal(FailureCode.UNAVAILABLE, "no Weir node is in the cluster")
                                : failure));
    }

    private Future<JsonObject> ask(JsonObject asked) {
        return vertx.eventBus()
                .<JsonObject>request(Addresses.DESK, asked, options(here() != null))
                .map(Message::body)
                .recover(Failures::typed);
    }

    private static DeliveryOptions options(boolean local) {
        return new DeliveryOptions().setLocalOnly(local).setSendTimeout(TIMEOUT_MILLIS);
    }

    /** Whether no node has answered, rather than refused. */
    static boolean isOfTheBus(Throwable failure) {
        return failure instanceof Refusal refusal
                && switch (refusal.code()) {
                    case NO_HANDLERS, TIMEOUT, UNAVAILABLE -> true;
                    default -> false;
                };
    }
}
