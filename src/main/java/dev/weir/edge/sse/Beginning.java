package dev.weir.edge.sse;

import dev.weir.bus.Authorizer;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Permission.Action;
import dev.weir.bus.Policy;
import dev.weir.bus.Position;
import dev.weir.bus.Principal;
import dev.weir.edge.fanout.Start;
import dev.weir.event.EventHeaders;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream begins on a journaled address: after the position its {@code Last-Event-ID} has. What cannot be resumed is said by
 * an event of its own, never left out silently. Owned by the stream's event loop.
 */
final class Beginning {
    /** The name of the event that says where the stream begins on an address. */
    static final String EVENT = "weir-registered";

    private final @Nullable Position last;
    private final SseOutlet outlet;

    Beginning(HttpServerRequest request, SseOutlet outlet) {
        this.last = Position.parse(request.getHeader("Last-Event-ID"));
        this.outlet = outlet;
    }

    Future<Start> of(String address, Policy policy, Principal who, Authorizer authorizer) {
        if (last == null || !policy.isJournaled()) {
            return Future.succeededFuture(start(address, null));
        }
        return authorizer
                .check(policy, who, Action.HISTORY, address, EventHeaders.DEFAULT_TYPE)
                .map(allowed -> start(address, null))
                .otherwise(refused -> start(address, FailureCode.ACCESS_DENIED));
    }

    private Start start(String address, @Nullable FailureCode refused) {
        return new Start(last, 0, refused, began -> tell(address, began));
    }

    private void tell(String address, Start.Began began) {
        JsonObject data = new JsonObject()
                .put("address", address)
                .put("position", began.at().toString())
                .put("recovered", began.recovered());
        if (began.reason() != null) {
            data.put("reason", began.reason().word());
        }
        String text = "event: " + EVENT + "\ndata: " + data.encode() + "\n\n";
        outlet.offer(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
    }
}
