package dev.weir.emitter;

import dev.weir.bus.Addresses;
import dev.weir.bus.Delay;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.bus.Stamp;
import dev.weir.bus.Wire;
import dev.weir.event.Event;
import dev.weir.event.EventBuilder;
import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How events leave: through the publisher of the node this runs in, else through a node of the cluster, and straight to the bus
 * where there is none. Owned by the emitter's context but for {@link #event}.
 */
final class Outlet {
    private static final Origin ORIGIN = Origin.node("verticles");

    /** An event that is ready to go; its id is left to the node unless it was chosen. */
    record Ready(MultiMap headers, @Nullable Object data) {}

    private final Vertx vertx;
    private final String address;
    private final Nodes nodes;
    private final Clock clock;
    private final Stamp stamp;

    Outlet(Vertx vertx, String address, Nodes nodes) {
        this.vertx = vertx;
        this.address = address;
        this.nodes = nodes;
        this.clock = Clock.of(vertx);
        this.stamp = new Stamp(clock);
    }

    /**
     * Makes the event, with a copy of the data: the caller may go on changing its own. From any thread.
     *
     * @throws Refusal when it is no valid event or may not travel
     */
    Ready event(String type, @Nullable Object data, EmitOptions options) {
        if (Publisher.LOCAL_TYPES.contains(type) || type.equals(Emitter.ALL)) {
            throw new Refusal(
                    FailureCode.RESERVED_TYPE,
                    "'" + type + "' is local to an emitter and never travels; choose another type");
        }
        if (Addresses.isPattern(address)) {
            throw new Refusal(
                    FailureCode.UNKNOWN_ADDRESS,
                    "'" + address + "' is a pattern, a way to listen: emit on an emitter of one of its addresses");
        }
        try {
            MultiMap headers = EventHeaders.toHeaders(build(type, data, options));
            if (options.extensions().containsKey(EmitOptions.TRACED)) {
                headers.remove(EventHeaders.headerOf(EmitOptions.TRACED)).set(Wire.TRACE, "1");
            }
            // Only an id that somebody chose can be given twice.
            return new Ready(options.id() == null ? headers.remove(EventHeaders.ID) : headers, copy(data));
        } catch (InvalidEventException invalid) {
            throw new Refusal(FailureCode.INVALID_EVENT, String.valueOf(invalid.getMessage()));
        }
    }

    private Event build(String type, @Nullable Object data, EmitOptions options) {
        String id = options.id();
        Instant time = options.time();
        EventBuilder event = Event.builder()
                .id(id == null ? "none" : id)
                .source(ORIGIN.source())
                .type(type)
                .subject(options.subject())
                .time(time == null ? clock.now() : time)
                .data(data);
        options.extensions().forEach(event::extension);
        return event.build();
    }

    /** A copy of data that somebody may change. */
    static @Nullable Object copy(@Nullable Object data) {
        return data instanceof io.vertx.core.shareddata.Shareable shareable
                ? shareable.copy()
                : data instanceof Buffer bytes ? bytes.copy() : data;
    }

    Future<Receipt> send(Ready event) {
        Publisher node = nodes.here();
        if (node != null) {
            return node.publish(ORIGIN, address, event.headers(), event.data(), boundOf(event.data()));
        }
        if (Delay.isAsked(event.headers()) && nodes.areNone()) {
            return Future.failedFuture(new Refusal(
                    FailureCode.UNAVAILABLE, "no Weir node is in reach that would keep an event for later"));
        }
        if (nodes.areNone()) {
            return Future.succeededFuture(put(event));
        }
        return nodes.publish(address, event.headers(), event.data())
                .recover(failure -> isNone(failure) && !Delay.isAsked(event.headers())
                        ? Future.succeededFuture(put(event))
                        : Future.failedFuture(failure));
    }

    private static boolean isNone(Throwable failure) {
        return failure instanceof Refusal refusal && refusal.code() == FailureCode.NO_HANDLERS;
    }

    private Receipt put(Ready event) {
        String id = stamp.complete(ORIGIN, event.headers());
        vertx.eventBus().publish(address, event.data(), new DeliveryOptions().setHeaders(event.headers()));
        return new Receipt(id);
    }

    Future<Message<Object>> request(Ready event, long timeoutMillis) {
        Publisher node = nodes.here();
        Future<Message<Object>> answer;
        if (node != null) {
            answer = node.request(ORIGIN, address, event.headers(), event.data(), boundOf(event.data()), timeoutMillis);
        } else {
            stamp.complete(ORIGIN, event.headers());
            DeliveryOptions options =
                    new DeliveryOptions().setHeaders(event.headers()).setSendTimeout(timeoutMillis);
            answer = vertx.eventBus().request(address, event.data(), options);
        }
        return answer.recover(Failures::typed);
    }

    /** Of what has no length of its own the publisher finds out the size. */
    private static int boundOf(@Nullable Object data) {
        return data instanceof Buffer bytes
                ? bytes.length()
                : data instanceof Boolean || data == null ? 5 : Integer.MAX_VALUE;
    }
}
