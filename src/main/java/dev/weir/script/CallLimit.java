package dev.weir.script;

import dev.weir.time.Clock;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;

/**
 * Interrupts calls into a context that run longer than they may. What counts is the thread's own time on a processor, so that a machine
 * that does something else, or collects garbage, is not taken for a call that does not end; where the JVM does not tell that, all time
 * counts. Measured by the watchdog alone, a call pays for two writes. {@link #begin} and {@link #end} by the thread that calls.
 */
final class CallLimit implements AutoCloseable {
    private static final Clock CLOCK = Clock.system();
    private static final long NONE = Long.MIN_VALUE;

    /** What the watchdog waits for a call to end that it has interrupted; no call leaves JavaScript for long. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Context context;
    private final long most;
    private final Runnable look = this::look;
    private volatile long thread;
    private volatile long began = NONE;
    // By the watchdog only: the call it has looked at, and what the thread had used by then.
    private long seen = NONE;
    private long usedBefore;

    private CallLimit(Context context, Duration most) {
        this.context = context;
        this.most = most.toNanos();
    }

    /** @param most how long a call may run */
    static CallLimit of(Context context, Duration most) {
        CallLimit limit = new CallLimit(context, most);
        Watchdog.watch(limit.look);
        return limit;
    }

    void begin() {
        long current = Thread.currentThread().getId();
        if (thread != current) {
            thread = current;
        }
        began = CLOCK.nanos();
    }

    void end() {
        began = NONE;
    }

    private void look() {
        long since = began;
        if (since == NONE || since != seen) {
            seen = since;
            usedBefore = since == NONE ? 0 : used();
        } else if (used() - usedBefore >= most && began == since) {
            interrupt();
        }
    }

    /** What the thread has used so far, in nanoseconds. */
    private long used() {
        long processor = Processors.TIMES.isThreadCpuTimeSupported() ? Processors.TIMES.getThreadCpuTime(thread) : -1;
        return processor < 0 ? CLOCK.nanos() : processor;
    }

    private void interrupt() {
        try {
            context.interrupt(PATIENCE);
        } catch (TimeoutException | IllegalStateException over) {
            // It has ended meanwhile, or will at its next statement.
        }
    }

    @Override
    public void close() {
        Watchdog.forget(look);
    }

    /** Loaded by the first call that is looked at. */
    private static final class Processors {
        static final ThreadMXBean TIMES = ManagementFactory.getThreadMXBean();
    }
}
