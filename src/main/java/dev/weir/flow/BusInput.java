package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears a plain address or pattern. What comes while the flow has no room waits, up to a bound; beyond it what comes is dropped, which
 * is counted and said. Owned by the lane's event loop.
 */
final class BusInput implements LaneInput {
    private record Waiting(Arrival arrival, @Nullable Object data) {}

    private final InputSpec spec;
    private final EventBus bus;
    private final Intake intake;
    private final int bound;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private @Nullable MessageConsumer<Object> consumer;
    private long dropped;
    private boolean closed;

    BusInput(InputSpec spec, EventBus bus, Intake intake, int bound) {
        this.spec = spec;
        this.bus = bus;
        this.intake = intake;
        this.bound = bound;
    }

    @Override
    public Future<Void> start(List<FlowCommit.Cursor> cursors) {
        String name = spec.name();
        String listened = Addresses.isPattern(name) ? Addresses.ofPattern(name) : name;
        MessageConsumer<Object> own = bus.consumer(listened, this::hear);
        consumer = own;
        return own.completion();
    }

    private void hear(Message<Object> message) {
        MultiMap headers = message.headers();
        if (!spec.types().isEmpty()) {
            String type = headers.get(EventHeaders.TYPE);
            if (!spec.types().contains(type == null ? EventHeaders.DEFAULT_TYPE : type)) {
                return;
            }
        }
        String real = headers.get(Wire.ADDRESS);
        // What is sent, not published, comes to one node alone, so that is the one to handle it.
        Asker asker = message.isSend() ? new Requester(message) : null;
        if (closed) {
            refuse(asker);
            return;
        }
        Arrival arrival = new Arrival(real == null ? spec.name() : real, headers, null, 0, asker);
        if (queue.isEmpty() && intake.hasRoom()) {
            intake.take(this, arrival, message.body());
        } else if (queue.size() < bound) {
            queue.add(new Waiting(arrival, message.body()));
        } else if (asker != null && message.replyAddress() != null) {
            asker.fail("too many requests wait");
        } else {
            dropped++;
            intake.warn(
                    this,
                    "events of " + spec.name() + " are dropped, since " + bound
                            + " wait already; make the flow faster, give it a larger queue, or keep the address");
        }
    }

    @Override
    public void proceed() {
        while (!queue.isEmpty() && intake.hasRoom()) {
            Waiting next = queue.remove();
            intake.take(this, next.arrival(), next.data());
        }
    }

    private static void refuse(@Nullable Asker asker) {
        if (asker != null) {
            asker.fail("the flow ends here; ask again");
        }
    }

    @Override
    public long lag() {
        return queue.size();
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public void close() {
        closed = true;
        queue.forEach(waiting -> refuse(waiting.arrival().asker()));
        queue.clear();
        if (consumer != null) {
            consumer.unregister().onFailure(failure -> intake.warn(this, "still registered for " + spec.name()));
        }
    }
}
