package dev.weir.time;

import java.time.Instant;

/** What time it is. The only way to ask in Weir, so that tests can say what time it is. Thread-safe. */
public interface Clock {
    /** The machine's clock. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }

    /** Milliseconds since 1970, may jump when the machine's clock is set. */
    long millis();

    /** Nanoseconds on a clock that only goes forward; only differences mean something. */
    long nanos();

    /** Wall-clock time. */
    default Instant now() {
        return Instant.ofEpochMilli(millis());
    }
}
