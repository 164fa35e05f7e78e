package dev.weir.emitter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Tells listeners something without being at their mercy: what one of them throws reaches neither the others nor the caller, who is
 * told of it instead. For lists of listeners inside a program; an {@link Emitter} does so by itself. Pure functions.
 *
 * <pre>{@code
 * SafeEmit.to(listeners, price).log(LOG, "a listener of prices");
 * }</pre>
 */
public final class SafeEmit {
    private SafeEmit() {}

    /**
     * What became of it.
     *
     * @param heard how many listeners were told, those that threw included
     * @param failures what they threw, in their order
     */
    public record Outcome(int heard, List<Throwable> failures) {
        /** Copies the failures. */
        public Outcome {
            failures = List.copyOf(failures);
        }

        /** Whether nobody threw. */
        public boolean isClean() {
            return failures.isEmpty();
        }

        /** Says each failure in a log, with its stack; {@code who} is the beginning of the sentence. */
        public Outcome log(Logger log, String who) {
            failures.forEach(failure -> log.error("{} failed", who, failure));
            return this;
        }
    }

    /** Tells those who are in the list now, in its order. */
    public static <T> Outcome to(Iterable<? extends Consumer<? super T>> listeners, T value) {
        List<Consumer<? super T>> told = new ArrayList<>();
        listeners.forEach(told::add);
        List<Throwable> failures = new ArrayList<>(0);
        for (Consumer<? super T> listener : told) {
            try {
                listener.accept(value);
            } catch (RuntimeException thrown) {
                failures.add(thrown);
            }
        }
        return new Outcome(told.size(), failures);
    }
}
