package dev.weir.edge.auth;

import dev.weir.bus.TokenBuckets;
import dev.weir.time.Clock;
import java.time.Duration;

/** How often somebody may try: some times at once, then once in a while. Thread-safe. */
final class Attempts {
    private final TokenBuckets<String> left;
    private final int burst;
    private final long intervalNanos;

    /**
     * @param burst how often at once
     * @param interval how long until there is another one
     */
    Attempts(Clock clock, int burst, Duration interval) {
        this.left = new TokenBuckets<>(clock, interval.multipliedBy(burst));
        this.burst = burst;
        this.intervalNanos = interval.toNanos();
    }

    /** Counts an attempt; zero when there was one left, else how long until there is, in milliseconds (at least 1). */
    long take(String who) {
        return left.take(who, intervalNanos, burst, 1);
    }

    /** It was none: one that succeeded does not count. */
    void giveBack(String who) {
        left.giveBack(who, intervalNanos);
    }
}
