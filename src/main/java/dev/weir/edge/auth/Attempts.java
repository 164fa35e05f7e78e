package dev.weir.edge.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How often somebody may try: some times at once, then once in a while, by the generic cell rate algorithm (ITU-T I.371). Who is
 * quiet long enough is forgotten, which changes nothing. Thread-safe.
 */
final class Attempts {
    private static final int KNOWN = 100_000;

    private final Clock clock;
    private final long intervalNanos;
    private final long burstNanos;
    private final Cache<String, AtomicLong> fullAt;

    /**
     * @param burst how often at once
     * @param interval how long until there is another one
     */
    Attempts(Clock clock, int burst, Duration interval) {
        this.clock = clock;
        this.intervalNanos = interval.toNanos();
        this.burstNanos = intervalNanos * burst;
        this.fullAt = Caffeine.newBuilder()
                .maximumSize(KNOWN)
                .ticker(clock::nanos)
                .expireAfterAccess(interval.multipliedBy(burst))
                .build();
    }

    /** Counts an attempt; zero when there was one left, else how long until there is, in milliseconds (at least 1). */
    long take(String who) {
        AtomicLong full = fullAt.get(who, key -> new AtomicLong(Long.MIN_VALUE));
        while (true) {
            long now = clock.nanos();
            long known = full.get();
            long next = (known == Long.MIN_VALUE ? now : Math.max(known, now)) + intervalNanos;
            if (next - now > burstNanos) {
                return Math.max(1, (next - now - burstNanos) / 1_000_000);
            }
            if (full.compareAndSet(known, next)) {
                return 0;
            }
        }
    }

    /** It was none: one that succeeded does not count. */
    void giveBack(String who) {
        AtomicLong full = fullAt.getIfPresent(who);
        if (full != null) {
            full.addAndGet(-intervalNanos);
        }
    }
}
