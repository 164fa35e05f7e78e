package dev.weir.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;

/**
 * Whichever node of the cluster answers, for a member that is none. Only for questions that change nothing: when one node does not
 * answer they are asked again, and the bus takes another one each time. Thread-safe.
 */
final class AnyNode {
    private static final int ATTEMPTS = 4;
    private static final long ANSWER_MILLIS = 4_000;

    private final Vertx vertx;

    AnyNode(Vertx vertx) {
        this.vertx = vertx;
    }

    static JsonObject question(String what, String address) {
        return new JsonObject().put("v", 1).put("ask", what).put("address", address);
    }

    /** The answer; fails with a {@link Refusal}, {@code unavailable} when there is no node. */
    Future<Object> ask(JsonObject question) {
        return ask(question, ATTEMPTS);
    }

    /** Asks one node only, for what is asked again soon anyway. */
    Future<Object> askOnce(JsonObject question) {
        return ask(question, 1);
    }

    private Future<Object> ask(JsonObject question, int attempts) {
        return ask(Addresses.DESK, question, ANSWER_MILLIS).recover(failure -> {
            boolean again = attempts > 1 && failure instanceof Refusal why && isOfOneNode(why.code());
            return again ? ask(question, attempts - 1) : Future.failedFuture(failure);
        });
    }

    /** Asks at an address of one node. */
    Future<Object> ask(String desk, JsonObject question, long answerMillis) {
        return vertx.eventBus()
                .request(desk, question, new DeliveryOptions().setSendTimeout(answerMillis))
                .map(Message::body)
                .recover(failure -> Future.failedFuture(refusal(failure)));
    }

    /** Whether another node may answer: this one is gone, stops, or is too old to know the question. */
    private static boolean isOfOneNode(FailureCode code) {
        return switch (code) {
            case TIMEOUT, UNAVAILABLE, BUSY, INVALID_TYPE -> true;
            default -> false;
        };
    }

    private static Throwable refusal(Throwable failure) {
        if (!(failure instanceof ReplyException reply)) {
            return failure;
        }
        return switch (reply.failureType()) {
            case NO_HANDLERS -> new Refusal(FailureCode.UNAVAILABLE, "no Weir node is in the cluster");
            case TIMEOUT -> new Refusal(FailureCode.TIMEOUT, "no Weir node has answered");
            case ERROR -> new Refusal(FailureCode.UNAVAILABLE, String.valueOf(reply.getMessage()));
            case RECIPIENT_FAILURE ->
                new Refusal(
                        FailureCode.ofNumber(reply.failureCode()).orElse(FailureCode.UNAVAILABLE),
                        String.valueOf(reply.getMessage()));
        };
    }
}
