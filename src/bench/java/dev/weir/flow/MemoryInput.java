package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.QuickJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Gives a lane events that are bytes in memory, again and again, as fast as it takes them; other work of the loop has its turns. */
final class MemoryInput implements LaneInput {
    private static final int TURN = 256;

    private final List<byte[]> events;
    private final RunningLane lane;
    private final Context context;
    private int next;
    private long given;
    private boolean closed;

    MemoryInput(List<byte[]> events, RunningLane lane, Context context) {
        this.events = events;
        this.lane = lane;
        this.context = context;
    }

    /** How many it gave. */
    long given() {
        return given;
    }

    @Override
    public Future<Void> start(List<FlowCommit.Cursor> cursors) {
        context.runOnContext(now -> turn());
        return Future.succeededFuture();
    }

    private void turn() {
        for (int i = 0; i < TURN && lane.hasRoom(); i++) {
            byte[] bytes = events.get(next);
            next = next + 1 == events.size() ? 0 : next + 1;
            given++;
            lane.take(
                    this,
                    Arrival.bare("memory", null, null, null),
                    QuickJson.decode(new String(bytes, StandardCharsets.UTF_8)));
        }
        if (!closed) {
            context.runOnContext(soon -> turn());
        }
    }

    @Override
    public void proceed() {
        // It looks by itself.
    }

    @Override
    public void close() {
        closed = true;
    }
}
