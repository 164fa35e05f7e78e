package dev.weir.journal;

import dev.weir.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What time it is for ages and for repeats. It goes with the machine's clock as long as that goes evenly; when the clock is set, in
 * either direction, this goes on as if it had not been, and believes the clock once it has been elsewhere for ten minutes. So a clock
 * that is wrong for a moment neither deletes what is young nor forgets which events were kept. Thread-safe; its lock is
 * held for moments only.
 */
final class SteadyTime {
    private static final Logger LOG = LoggerFactory.getLogger(SteadyTime.class);

    /** Clocks that are kept right differ by less between two calls, which are half a second apart. */
    private static final long DRIFT_MILLIS = 2_000;

    private static final Duration BELIEVED_AFTER = Duration.ofMinutes(10);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Clock clock;
    private long baseMillis;
    private long baseNanos;
    private boolean doubtful;
    private long doubtedNanos;

    SteadyTime(Clock clock) {
        this.clock = clock;
        this.baseMillis = clock.millis();
        this.baseNanos = clock.nanos();
    }

    /** Milliseconds since 1970. */
    synchronized long millis() {
        long nanos = clock.nanos();
        long told = clock.millis();
        long steady = baseMillis + (nanos - baseNanos) / NANOS_PER_MILLI;
        if (Math.abs(told - steady) <= DRIFT_MILLIS) {
            return follow(told, nanos);
        }
        if (!doubtful) {
            doubtful = true;
            doubtedNanos = nanos;
            LOG.warn(
                    "the clock was set by about {} s: the ages of kept events are reckoned as if it had not been, for {} minutes",
                    (told - steady) / 1_000,
                    BELIEVED_AFTER.toMinutes());
        }
        return nanos - doubtedNanos < BELIEVED_AFTER.toNanos() ? steady : follow(told, nanos);
    }

    private long follow(long told, long nanos) {
        baseMillis = told;
        baseNanos = nanos;
        doubtful = false;
        return told;
    }
}
