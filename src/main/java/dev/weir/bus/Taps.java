package dev.weir.bus;

import io.vertx.core.eventbus.Message;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the events that a node accepts, each once in the cluster, while somebody wants to see them. Called on the threads that
 * publish, so it neither blocks nor fails, and what takes long is done elsewhere.
 */
public interface Taps {
    /**
     * Something goes onto the bus: an event of an address that keeps nothing, or a request.
     *
     * @param message whose address and headers are looked at; what is kept of them is copied
     * @param body as whoever sent it has it, and may change it afterwards
     */
    void passing(Message<?> message, @Nullable Object body);

    /** Events are kept now. They never change. */
    void kept(Kept kept);
}
