package dev.weir.edge.rest;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;

/** Asks the parts of the node that look after subscriptions what operators want of them. Stateless. */
final class Desks {
    private Desks() {}

    /**
     * Asks.
     *
     * @param none what it means that nobody is there to answer
     * @return the answer; fails with a {@link Refusal}
     */
    static Future<JsonObject> ask(
            EventBus bus, String address, JsonObject asked, DeliveryOptions options, Refusal none) {
        return bus.<JsonObject>request(address, asked, options)
                .map(Message::body)
                .recover(failure ->
                        Future.failedFuture(failure instanceof ReplyException reply ? explain(reply, none) : failure));
    }

    private static Refusal explain(ReplyException reply, Refusal none) {
        return switch (reply.failureType()) {
            case TIMEOUT -> new Refusal(FailureCode.TIMEOUT);
            case RECIPIENT_FAILURE ->
                new Refusal(
                        FailureCode.ofNumber(reply.failureCode()).orElse(FailureCode.UNAVAILABLE),
                        String.valueOf(reply.getMessage()));
            default -> none;
        };
    }
}
