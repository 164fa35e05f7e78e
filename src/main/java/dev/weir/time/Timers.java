package dev.weir.time;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Runs something later, on the context of whoever asked. {@link #of(Vertx)} uses Vert.x timers; {@link VirtualTime} is for
 * tests and dry runs, {@link JumpingTime} for tests of whole programs.
 */
public interface Timers {
    /** A timer that has not fired yet, or a periodic one. */
    @FunctionalInterface
    interface Timer {
        /** Stops it; no effect when it has fired or was cancelled. */
        void cancel();
    }

    /** Timers of this Vert.x instance; callbacks run on the context that set them. */
    static Timers of(Vertx vertx) {
        JumpingTime jumping = JumpingTime.of(vertx);
        return jumping == null ? new VertxTimers(vertx) : jumping;
    }

    /** Runs {@code action} once, after {@code delay} (at least 1 ms). */
    Timer after(Duration delay, Runnable action);

    /** Runs {@code action} every {@code period} (at least 1 ms), the first time after one period. */
    Timer every(Duration period, Runnable action);
}
