package dev.weir.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The newest spans, each written over the one that is the ring's size older. Thread-safe, never waits. */
final class Ring {
    private final AtomicReferenceArray<@Nullable Span> slots;
    private final AtomicLong next = new AtomicLong();

    Ring(int size) {
        this.slots = new AtomicReferenceArray<>(size);
    }

    int size() {
        return slots.length();
    }

    /** How many were ever added; the number of the next. */
    long next() {
        return next.get();
    }

    /**
     * Adds one.
     *
     * @param made makes it, with its number
     */
    void add(LongFunction<Span> made) {
        long number = next.getAndIncrement();
        slots.set((int) (number % slots.length()), made.apply(number));
    }

    /** The span with a number; null when it is written over, or not written yet. */
    @Nullable
    Span get(long number) {
        Span span = slots.get((int) (number % slots.length()));
        return span != null && span.number == number ? span : null;
    }

    /** Whether the span with a number is written over. */
    boolean isGone(long number) {
        return next.get() - number > slots.length();
    }

    /** Takes all there are, the newest first. */
    void newestFirst(Consumer<Span> taker) {
        long end = next.get();
        for (long number = end - 1; number >= Math.max(0, end - slots.length()); number--) {
            Span span = get(number);
            if (span != null) {
                taker.accept(span);
            }
        }
    }
}
