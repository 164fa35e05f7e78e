package dev.weir.bus;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Token buckets by the generic cell rate algorithm (ITU-T I.371): a bucket is one number, the time at which it will be full again, so
 * taking a token is one compare-and-set. Thread-safe. Buckets of who is quiet are forgotten, which changes nothing when it takes no
 * longer to fill one: a forgotten bucket was full.
 *
 * @param <K> whose a bucket is
 */
public final class TokenBuckets<K> {
    private static final int KNOWN = 100_000;

    private final Clock clock;
    private final Cache<K, AtomicLong> fullAt;

    /** @param forgotten after how long without a look */
    public TokenBuckets(Clock clock, Duration forgotten) {
        this.clock = clock;
        this.fullAt = Caffeine.newBuilder()
                .maximumSize(KNOWN)
                .ticker(clock::nanos)
                .expireAfterAccess(forgotten)
                .build();
    }

    /**
     * Takes tokens.
     *
     * @param intervalNanos in which there is one more, at least 1
     * @param burst how many a full bucket has
     * @return zero when there were as many, else how long until there are, in milliseconds (at least 1)
     */
    public long take(K who, long intervalNanos, int burst, int tokens) {
        AtomicLong full = fullAt.get(who, unseen -> new AtomicLong(Long.MIN_VALUE));
        long burstNanos = intervalNanos * burst;
        while (true) {
            long now = clock.nanos();
            long known = full.get();
            long next = Math.max(known, now) + intervalNanos * tokens;
            if (next - now > burstNanos) {
                return Math.max(1, (next - now - burstNanos) / 1_000_000);
            }
            if (full.compareAndSet(known, next)) {
                return 0;
            }
        }
    }

    /** Puts one token back. */
    public void giveBack(K who, long intervalNanos) {
        AtomicLong full = fullAt.getIfPresent(who);
        if (full != null) {
            full.addAndGet(-intervalNanos);
        }
    }
}
