package dev.weir.time;

import io.vertx.core.Vertx;
import java.time.Instant;

/** What time it is. The only way to ask in Weir, so that tests can say what time it is. Thread-safe. */
public interface Clock {
    /** The machine's clock. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }

    /** The clock of a Vert.x instance: the machine's, unless a test has {@link JumpingTime#install installed} one that jumps. */
    static Clock of(Vertx vertx) {
        JumpingTime jumping = JumpingTime.of(vertx);
        return jumping == null ? system() : jumping;
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
