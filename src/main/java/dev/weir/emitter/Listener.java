package dev.weir.emitter;

import dev.weir.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * Hears events: the data first, then the event around it.
 *
 * @param <T> what the data is: {@code JsonObject}, {@code JsonArray}, {@code String}, {@code Number}, {@code Boolean} or {@code
 *     Buffer}; of {@code "error"} a {@code Throwable}. Other data than that is an error of this listener alone
 */
@FunctionalInterface
public interface Listener<T> {
    /** Hears one event, on the emitter's context. What it throws goes to the emitter's {@code "error"} listeners. */
    void heard(@Nullable T data, Event event);
}
