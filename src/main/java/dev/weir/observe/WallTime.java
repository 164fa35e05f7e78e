package dev.weir.observe;

import dev.weir.time.Clock;

/**
 * Nanoseconds since 1970 that only go forward as long as the machine's clock is not set: the wall clock alone knows milliseconds, too
 * few to order the steps of an event. Thread-safe.
 */
final class WallTime {
    private static final long MILLI = 1_000_000L;
    private static final long APART = 20 * MILLI;

    private final Clock clock;

    /** What is to be added to the clock's nanoseconds. Written by any thread that finds it wrong. */
    private volatile long offset;

    WallTime(Clock clock) {
        this.clock = clock;
        this.offset = clock.millis() * MILLI - clock.nanos();
    }

    /** Now. */
    long now() {
        return at(clock.nanos());
    }

    /** A moment of {@link Clock#nanos}. */
    long at(long nanos) {
        long current = clock.millis() * MILLI - clock.nanos();
        if (Math.abs(current - offset) > APART) {
            offset = current;
        }
        return nanos + offset;
    }
}
