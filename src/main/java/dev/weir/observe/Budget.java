package dev.weir.observe;

import java.util.concurrent.atomic.AtomicLong;

/** So many a second and no more. Thread-safe, never waits. */
final class Budget {
    private static final int BITS = 24;
    private static final long MASK = (1L << BITS) - 1;
    private static final long SECOND = 1_000_000_000L;

    /** The second above, how many of it were taken below. */
    private final AtomicLong taken = new AtomicLong();

    /**
     * Takes one.
     *
     * @param nanos what time it is
     * @param perSecond below 2^24
     */
    boolean take(long nanos, int perSecond) {
        long second = Math.floorDiv(nanos, SECOND);
        while (true) {
            long now = taken.get();
            long used = now >> BITS == second ? now & MASK : 0;
            if (used >= perSecond) {
                return false;
            }
            if (taken.compareAndSet(now, second << BITS | (used + 1))) {
                return true;
            }
        }
    }
}
