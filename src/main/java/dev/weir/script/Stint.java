package dev.weir.script;

import dev.weir.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * How long a script has been keeping its event loop: said after {@code warn}, interrupted after {@code max}. Begun and ended by
 * the loop, looked at by the {@link Watchdog}.
 */
final class Stint {
    private static final long NONE = Long.MIN_VALUE;
    /** The first stint loads all modules and code of the engine; what it takes is no habit. */
    private static final int FIRST = 4;

    /** How long an answer is waited for, and how long before it interrupts it asks again. */
    private static final long PATIENCE = Duration.ofMillis(300).toNanos();

    private final Clock clock;
    private final Context js;
    private final Logger log;
    private final String name;
    private final long warn;
    private final long max;
    private final Runnable look = this::look;
    private volatile long began = NONE;
    private volatile boolean first = true;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;
    private volatile String where = "";
    // By the watchdog only.
    private long asked = NONE;
    private long warned = NONE;
    private long interrupted = NONE;
    private @Nullable StackQuestion question;

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
        if (thread == null) {
            thread = Thread.currentThread();
        }
        began = now;
        return now;
    }

    /** The loop is back; what it took, in nanoseconds. */
    long end(long since) {
        began = NONE;
        if (first) {
            first = false;
        }
        return clock.nanos() - since;
    }

    /** Where it was in the script when it was interrupted, as lines of a stack; empty when that is not known. */
    String where() {
        return where;
    }

    void close() {
        closed = true;
    }

    private void look() {
        if (closed) {
            closeQuestion();
            Watchdog.forget(look);
            return;
        }
        long since = began;
        long kept = since == NONE ? 0 : clock.nanos() - since;
        long factor = first ? FIRST : 1;
        if (kept <= factor * warn) {
            closeQuestion();
            return;
        }
        if (kept > factor * max) {
            interrupt();
        } else if (warned != since) {
            warn(since, kept, factor * max);
        }
        // So that an interruption says where it was then.
        if (question == null && interrupted != since && kept > factor * max - PATIENCE) {
            question = ask();
        }
    }

    /** Said with the stack, or without it when there is none for a while. */
    private void warn(long since, long kept, long most) {
        if (asked != since) {
            asked = since;
            closeQuestion();
            question = ask();
        }
        String stack = question == null ? null : question.stack();
        if (stack != null || question == null || kept > warn + PATIENCE) {
            warned = since;
            log.warn(
                    "{} has kept its event loop for {} ms; it is interrupted after {} ms{}",
                    name,
                    kept / 1_000_000,
                    most / 1_000_000,
                    stack == null ? ", and is in a call that does not come back" : stack);
            closeQuestion();
        }
    }

    private @Nullable StackQuestion ask() {
        Thread busy = thread;
        return busy == null ? null : new StackQuestion(js.getEngine(), busy);
    }

    private void closeQuestion() {
        if (question != null) {
            question.close();
            question = null;
        }
    }

    private void interrupt() {
        String stack = question == null ? null : question.stack();
        if (stack != null) {
            where = stack;
        }
        closeQuestion();
        interrupted = began;
        try {
            js.interrupt(Duration.ofMillis(100));
        } catch (TimeoutException notYet) {
            log.debug("{} is not interrupted yet", name);
        }
    }
}
