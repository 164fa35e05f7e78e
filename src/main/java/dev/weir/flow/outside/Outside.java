package dev.weir.flow.outside;

import dev.weir.flow.FlowEvent;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Something that can be asked about an event. Owned by the lane's event loop, where its answers come. */
public interface Outside {
    /**
     * A question on its way.
     *
     * @param answer fails with a {@link dev.weir.flow.StageException} when asking again is of no use, else with anything
     * @param cancel nobody waits for the answer any more
     */
    record Call(Future<@Nullable Object> answer, Runnable cancel) {}

    /**
     * Asks.
     *
     * @throws RuntimeException when the event cannot be asked about, which says nothing of who would be asked
     */
    Call ask(FlowEvent event);

    /** Ends, with all that is on its way. */
    default void close() {}
}
