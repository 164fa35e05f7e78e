package dev.weir.flow;

import dev.weir.bus.FailureCode;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import org.jspecify.annotations.Nullable;

/** Somebody who asked over the event bus. Owned by the lane's event loop. */
final class Requester implements Asker {
    private final Message<?> message;
    private boolean answered;

    Requester(Message<?> message) {
        this.message = message;
    }

    @Override
    public void reply(MultiMap headers, @Nullable Object data) {
        if (!answered) {
            answered = true;
            message.reply(data, new DeliveryOptions().setHeaders(headers));
        }
    }

    @Override
    public void fail(String why) {
        if (!answered) {
            answered = true;
            message.fail(FailureCode.UNAVAILABLE.number(), why);
        }
    }
}
