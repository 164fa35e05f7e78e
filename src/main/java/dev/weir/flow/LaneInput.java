package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.Position;
import io.vertx.core.Future;
import java.util.List;

/** One input of a running lane. On the lane's event loop. */
interface LaneInput {
    /**
     * Begins.
     *
     * @param cursors how far it was read for the lane's partitions; of other inputs' too
     */
    Future<Void> start(List<FlowCommit.Cursor> cursors);

    /** There is room again. */
    void proceed();

    /** How far it is read since this was asked last, for inputs that can be read again. */
    default List<FlowCommit.Cursor> progress() {
        return List.of();
    }

    /** Whether {@link #progress} would say anything. */
    default boolean hasProgress() {
        return false;
    }

    /** Whether an event was handled for a partition before this lane began. */
    default boolean isHandled(int partition, Position position) {
        return false;
    }

    /** Whether all of it was read and given to the flow. */
    default boolean isEnded() {
        return false;
    }

    /** How many events are known to wait before the flow. */
    default long lag() {
        return 0;
    }

    /** How many events were dropped because there was no room. */
    default long dropped() {
        return 0;
    }

    /** Ends. */
    void close();
}
