package dev.weir.junit;

import dev.weir.time.Clock;
import dev.weir.time.Durations;
import dev.weir.time.JumpingTime;
import java.time.Duration;

/**
 * The time of a node under test. It goes on as ever, so that nothing waits for the test, and jumps ahead when told to. Everything
 * of the node goes by it: retention, delays, back-offs, windows of flows, sources, tokens, timers and dates of JavaScript verticles and timers
 * of {@link dev.weir.time.Timers#of}. Not so {@code vertx.setTimer} of one's own Java, and PostgreSQL, which has a clock of its own.
 * Thread-safe; not for event loops, which must not wait.
 */
public final class WeirTime implements Clock {
    private final JumpingTime time;

    WeirTime(JumpingTime time) {
        this.time = time;
    }

    @Override
    public long millis() {
        return time.millis();
    }

    @Override
    public long nanos() {
        return time.nanos();
    }

    /**
     * Jumps ahead and returns when everything that fell due has run, in the order of its time. What that started may still be under
     * way: a test waits for what it expects. An hour takes about a second, since nothing is left out.
     */
    public void advance(Duration by) {
        time.advance(by).await();
    }

    /** As {@link #advance(Duration)}, written as in a configuration: {@code 30s}, {@code 5m}, {@code 2h}. */
    public void advance(String by) {
        advance(Durations.parse(by));
    }
}
