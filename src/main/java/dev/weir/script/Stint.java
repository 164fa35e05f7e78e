package dev.weir.script;

import dev.weir.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;
import org.slf4j.Logger;

/**
 * How long a script has been keeping its event loop: said after {@code warn}, interrupted after {@code max}. Begun and ended by
 * the loop, looked at by the {@link Watchdog}.
 */
final class Stint {
    private static final long NONE = Long.MIN_VALUE;
    /** The first stint loads all modules and code of the engine; what it takes is no habit. */
    private static final int FIRST = 4;

    private final Clock clock;
    private final Context js;
    private final Logger log;
    private final String name;
    private final long warn;
    private final long max;
    private final Runnable look = this::look;
    private volatile long began = NONE;
    private volatile boolean first = true;
    private long warned = NONE;

    Stint(Clock clock, Context js, Logger log, String name, Duration warn, Duration max) {
        this.clock = clock;
        this.js = js;
        this.log = log;
        this.name = name;
        this.warn = warn.toNanos();
        this.max = max.toNanos();
        Watchdog.watch(look);
    }

    /** The loop enters the script. */
    long begin() {
        long now = clock.nanos();
        began = now;
        return now;
    }

    /** The loop is back; what it took, in nanoseconds. */
    long end(long since) {
        began = NONE;
        first = false;
        return clock.nanos() - since;
    }

    void close() {
        Watchdog.forget(look);
    }

    private void look() {
        long since = began;
        if (since == NONE) {
            return;
        }
        long kept = clock.nanos() - since;
        long factor = first ? FIRST : 1;
        if (kept > factor * warn && warned != since) {
            warned = since;
            log.warn(
                    "{} has kept its event loop for {} ms; it is interrupted after {} ms",
                    name,
                    kept / 1_000_000,
                    factor * max / 1_000_000);
        }
        if (kept > factor * max) {
            interrupt();
        }
    }

    private void interrupt() {
        try {
            js.interrupt(Duration.ofMillis(100));
        } catch (TimeoutException notYet) {
            log.debug("{} is not interrupted yet", name);
        }
    }
}
