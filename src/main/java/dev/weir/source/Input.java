package dev.weir.source;

import dev.weir.bus.Position;
import org.jspecify.annotations.Nullable;

/**
 * A source that can be paused and be begun again where it was. All calls on one event loop.
 *
 * <p>After {@link #pause()} it emits nothing, not even when it is called from within {@link InputContext#emit}, until
 * {@link #resume()}. What it has read ahead by then is bounded and each kind says how: for a {@code file} two batches of 256 KiB or 1024 records (or
 * one record of up to 1 MiB each), for {@code http} one response.
 */
public interface Input extends Source {
    /**
     * Begins; called once, instead of {@link #start(SourceContext)}.
     *
     * @param from behind this position, null for the beginning. A position of what is no longer there (a file that was replaced) is
     *     said in the log and is as null
     */
    void start(InputContext context, @Nullable Position from);

    @Override
    default void start(SourceContext context) {
        if (!(context instanceof InputContext own)) {
            throw new IllegalArgumentException("an input needs an InputContext");
        }
        start(own, null);
    }

    /** Emits nothing until {@link #resume()}; no effect when it is paused already. */
    void pause();

    /** Goes on, soon: never from within this call. No effect when it is not paused. */
    void resume();
}
