package dev.weir.bus;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.config.AddressConfig.RateConfig;
import dev.weir.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Token buckets per client and policy, by the generic cell rate algorithm (ITU-T I.371): a bucket is one number, the time at
 * which it will be full again, so taking a token is one compare-and-set. Thread-safe. Buckets of clients that are quiet are
 * forgotten, which changes nothing: a forgotten bucket was full.
 */
final class RateLimiter {
    private static final int CLIENTS_KEPT = 100_000;

    private record Key(String client, AddressPattern match) {}

    private final Clock clock;
    private final Cache<Key, AtomicLong> buckets = Caffeine.newBuilder()
            .maximumSize(CLIENTS_KEPT)
            .expireAfterAccess(Duration.ofMinutes(10))
            .build();

    RateLimiter(Clock clock) {
        this.clock = clock;
    }

    /** Takes tokens; zero when there were as many, else how long until there are, in milliseconds (at least 1). */
    long take(String client, AddressPattern match, RateConfig rate, int tokens) {
        AtomicLong fullAt = buckets.get(new Key(client, match), key -> new AtomicLong(Long.MIN_VALUE));
        long intervalNanos = Math.max(1, (long) (1e9 / rate.client().perSecond()));
        long burstNanos = intervalNanos * rate.burst();
        while (true) {
            long now = clock.nanos();
            long known = fullAt.get();
            long next = Math.max(known, now) + intervalNanos * tokens;
            if (next - now > burstNanos) {
                return Math.max(1, (next - now - burstNanos) / 1_000_000);
            }
            if (fullAt.compareAndSet(known, next)) {
                return 0;
            }
        }
    }
}
