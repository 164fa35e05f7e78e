package dev.weir.bus;

import java.time.Duration;
import java.util.List;

/**
 * How often something that failed is tried again, and after how long.
 *
 * @param backoff the pause after the first failure, the second and so on; the last one is used for all further ones; not empty
 * @param attempts how often it is tried in all, 1 or more
 */
public record RetryPolicy(List<Duration> backoff, int attempts) {
    /** Copies what it is given. */
    public RetryPolicy {
        backoff = List.copyOf(backoff);
    }

    /** Whether nothing is left to try. */
    public boolean isExhausted(int failedAttempts) {
        return failedAttempts >= attempts;
    }

    /** The pause after so many failed attempts, 1 or more. */
    public Duration pauseAfter(int failedAttempts) {
        return backoff.get(Math.min(failedAttempts, backoff.size()) - 1);
    }
}
