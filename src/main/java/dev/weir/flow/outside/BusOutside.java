package dev.weir.flow.outside;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.bus.Refusal;
import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks whoever answers on an address for requests. Owned by the lane's event loop. */
public final class BusOutside implements Outside {
    private final Vertx vertx;
    private final Origin origin;
    private final String address;
    private final @Nullable Expression body;
    private final Duration timeout;

    /** @param body what is asked; null for the event's data */
    public BusOutside(Vertx vertx, StageContext context, String address, @Nullable Expression body, Duration timeout) {
        this.vertx = vertx;
        this.origin = Origin.node("flows/" + context.flow());
        this.address = address;
        this.body = body;
        this.timeout = timeout;
    }

    @Override
    public Call ask(FlowEvent event) {
        Publisher publisher = Publisher.of(vertx);
        if (publisher == null) {
            throw new StageException("this process is no node, so nobody can be asked on " + address);
        }
        Object question = body == null ? event.data() : Expressions.toJson(body.evaluate(event));
        Future<@Nullable Object> answer = publisher
                .request(origin, address, event.emission(), question, 0, timeout.toMillis())
                .map(this::read)
                .recover(failure -> Future.failedFuture(explained(failure)));
        return new Call(answer, () -> {});
    }

    private @Nullable Object read(Message<Object> reply) {
        Object body = reply.body();
        boolean isValue = body == null
                || body instanceof JsonObject
                || body instanceof JsonArray
                || body instanceof String
                || body instanceof Number
                || body instanceof Boolean
                || body instanceof Buffer;
        if (!isValue) {
            throw new StageException(address + " answered with a "
                    + body.getClass().getName() + ", which is no JSON value and no bytes");
        }
        return body;
    }

    private Throwable explained(Throwable failure) {
        if (failure instanceof Refusal refusal && !refusal.code().retryable()) {
            return new StageException(address + " is not asked: " + refusal.getMessage(), refusal);
        }
        if (!(failure instanceof ReplyException reply)) {
            return failure;
        }
        String what = address + " "
                + switch (reply.failureType()) {
                    case TIMEOUT -> "did not answer within " + timeout.toMillis() + " ms";
                    case NO_HANDLERS -> "has nobody who answers";
                    default -> "answered with failure " + reply.failureCode() + ": " + reply.getMessage();
                };
        return reply.failureType() == ReplyFailure.RECIPIENT_FAILURE && isForGood(reply.failureCode())
                ? new StageException(what)
                : new FailedException(what);
    }

    /** Codes of our own say it; others are read as HTTP statuses, as many authors mean them. */
    private static boolean isForGood(int code) {
        return FailureCode.ofNumber(code)
                .map(own -> !own.retryable() && own != FailureCode.RECIPIENT_FAILURE)
                .orElse(code >= 400 && code < 500 && code != 408 && code != 425 && code != 429);
    }
}
