package dev.weir.bus;

import dev.weir.config.AddressConfig.RateConfig;
import dev.weir.time.Clock;
import java.time.Duration;

/** How much clients publish, per client and policy. Thread-safe. */
final class RateLimiter {
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private record Key(String client, AddressPattern match) {}

    private final TokenBuckets<Key> buckets;

    RateLimiter(Clock clock) {
        this.buckets = new TokenBuckets<>(clock, FORGOTTEN);
    }

    /** Takes tokens; zero when there were as many, else how long until there are, in milliseconds (at least 1). */
    long take(String client, AddressPattern match, RateConfig rate, int tokens) {
        long intervalNanos = Math.max(1, (long) (1e9 / rate.client().perSecond()));
        return buckets.take(new Key(client, match), intervalNanos, rate.burst(), tokens);
    }
}
