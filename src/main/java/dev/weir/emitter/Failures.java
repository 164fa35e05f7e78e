package dev.weir.emitter;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;

/** Failures on their way over the bus and back. Pure functions. */
final class Failures {
    private Failures() {}

    /** What a failure of the bus means: a {@link Refusal}, unless the recipient failed with a number of its own. */
    static <T> Future<T> typed(Throwable failure) {
        return Future.failedFuture(failure instanceof ReplyException reply ? typed(reply) : failure);
    }

    private static Throwable typed(ReplyException reply) {
        return switch (reply.failureType()) {
            case NO_HANDLERS -> new Refusal(FailureCode.NO_HANDLERS);
            case TIMEOUT -> new Refusal(FailureCode.TIMEOUT);
            case ERROR -> new Refusal(FailureCode.UNAVAILABLE, String.valueOf(reply.getMessage()));
            case RECIPIENT_FAILURE ->
                FailureCode.ofNumber(reply.failureCode())
                        .<Throwable>map(code -> new Refusal(code, String.valueOf(reply.getMessage())))
                        .orElse(reply);
        };
    }

    /**
     * Tells the asker. What was meant as an answer travels: a refusal, a failure with a number, what has no
     * stack trace, such as {@code Future.failedFuture("text")}.
     * Of anything else the asker learns nothing but that it failed: it may hold what is not for the asker.
     *
     * @return whether it was meant as an answer
     */
    static boolean tell(Message<?> request, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            request.fail(refusal.code().number(), refusal.getMessage());
            return true;
        }
        if (failure instanceof ReplyException own) {
            request.fail(own.failureCode(), own.getMessage());
            return true;
        }
        FailureCode code = FailureCode.RECIPIENT_FAILURE;
        boolean meant = failure.getStackTrace().length == 0 && failure.getMessage() != null;
        request.fail(code.number(), meant ? failure.getMessage() : code.meaning());
        return meant;
    }
}
