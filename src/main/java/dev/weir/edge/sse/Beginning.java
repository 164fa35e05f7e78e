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

    /** Where nobody is: to be told of what can not be resumed, a stream must want to resume. */
    private static final Position NOWHERE = new Position("-", 0);

    private final LastEventId last;
    private final Positions positions;
    private final SseOutlet outlet;

    Beginning(LastEventId last, Positions positions, SseOutlet outlet) {
        this.last = last;
        this.positions = positions;
        this.outlet = outlet;
        positions.beginAt(last);
    }

    Future<Start> of(String address, Policy policy, Principal who, Authorizer authorizer) {
        if (!positions.follows(address)) {
            return Future.succeededFuture(Start.NOW);
        }
        Position since = last.broken() ? NOWHERE : last.of(address);
        boolean values = policy.keepsValues();
        if (since == null && !values) {
            return Future.succeededFuture(start(address, null, false, null));
        }
        return authorizer
                .check(policy, who, Action.HISTORY, address, EventHeaders.DEFAULT_TYPE)
                .map(allowed -> start(address, since, values, null))
                .otherwise(refused -> start(address, since, values, FailureCode.ACCESS_DENIED));
    }

    private Start start(String address, @Nullable Position since, boolean values, @Nullable FailureCode refused) {
        return new Start(since, 0, values, refused, began -> tell(address, began));
    }

    private void tell(String address, Start.Began began) {
        positions.at(address, began.at());
        JsonObject data = new JsonObject()
                .put("address", address)
                .put("position", began.at().toString())
                .put("recovered", began.recovered());
        if (began.reason() != null) {
            boolean unreadable = last.broken() && began.reason() == FailureCode.EPOCH_CHANGED;
            data.put("reason", (unreadable ? FailureCode.INVALID_PARAMETER : began.reason()).word());
        }
        // With the id, a client that goes before the first event knows where to go on, too.
        String text = "id: " + positions.text() + "\nevent: " + EVENT + "\ndata: " + data.encode() + "\n\n";
        outlet.offer(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
    }
}
