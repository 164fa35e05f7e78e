package dev.weir.emitter;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.bus.Stamp;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import org.jspecify.annotations.Nullable;

/** How events leave: through the publisher of the node this runs in, or straight to the bus where this is no node. Thread-safe. */
final class Outlet {
    private static final Origin ORIGIN = Origin.node("verticles");

    private final Vertx vertx;
    private final Stamp stamp = new Stamp(Clock.system());

    Outlet(Vertx vertx) {
        this.vertx = vertx;
    }

    Future<Receipt> emit(String address, String type, MultiMap headers, @Nullable Object data) {
        Publisher node = Publisher.of(vertx);
        if (node != null) {
            return node.publish(ORIGIN, address, headers, data, boundOf(data));
        }
        if (Publisher.LOCAL_TYPES.contains(type)) {
            return Future.failedFuture(reserved(type));
        }
        String id = stamp.complete(ORIGIN, headers);
        vertx.eventBus().publish(address, data, new DeliveryOptions().setHeaders(headers));
        return Future.succeededFuture(new Receipt(id));
    }

    Future<Message<Object>> request(String address, MultiMap headers, @Nullable Object data, long timeoutMillis) {
        Publisher node = Publisher.of(vertx);
        if (node != null) {
            return node.request(ORIGIN, address, headers, data, boundOf(data), timeoutMillis);
        }
        stamp.complete(ORIGIN, headers);
        return vertx.eventBus()
                .request(
                        address, data, new DeliveryOptions().setHeaders(headers).setSendTimeout(timeoutMillis));
    }

    static Refusal reserved(String type) {
        return new Refusal(
                FailureCode.RESERVED_TYPE,
                "'" + type + "' is local to an emitter and never travels; choose another type");
    }

    /** Of what has no length of its own the publisher finds out the size. */
    private static int boundOf(@Nullable Object data) {
        return data instanceof Buffer bytes
                ? bytes.length()
                : data instanceof Boolean || data == null ? 5 : Integer.MAX_VALUE;
    }
}
