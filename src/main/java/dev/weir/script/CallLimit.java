package dev.weir.script;

import dev.weir.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;

/** Interrupts calls into a context that run longer than they may. {@link #begin} and {@link #end} by the thread that calls. */
final class CallLimit implements AutoCloseable {
    private static final Clock CLOCK = Clock.system();
    private static final long NEVER = Long.MAX_VALUE;

    /** What the watchdog waits for a call to end that it has interrupted; no call leaves JavaScript for long. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Context context;
    private final Runnable look = this::look;
    private volatile long deadline = NEVER;

    private CallLimit(Context context) {
        this.context = context;
    }

    static CallLimit of(Context context) {
        CallLimit limit = new CallLimit(context);
        Watchdog.watch(limit.look);
        return limit;
    }

    void begin(Duration most) {
        deadline = CLOCK.nanos() + most.toNanos();
    }

    void end() {
        deadline = NEVER;
    }

    private void look() {
        long until = deadline;
        if (until != NEVER && CLOCK.nanos() - until > 0) {
            deadline = NEVER;
            try {
                context.interrupt(PATIENCE);
            } catch (TimeoutException | IllegalStateException over) {
                // It has ended meanwhile, or will at its next statement.
            }
        }
    }

    @Override
    public void close() {
        Watchdog.forget(look);
    }
}
