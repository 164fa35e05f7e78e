package dev.weir.script;

import dev.weir.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.graalvm.polyglot.Context;

/**
 * Interrupts calls that run longer than they may, from a thread of its own: an event loop that is in a script cannot. The thread lives
 * while there is something to watch. Thread-safe.
 */
final class Deadlines {
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
    private static final Clock CLOCK = Clock.system();
    private static final Set<Watched> WATCHED = ConcurrentHashMap.newKeySet();
    private static final Object STARTING = new Object();
    private static boolean running;

    private Deadlines() {}

    /** One context. {@link #begin} and {@link #end} by its thread. */
    static final class Watched implements AutoCloseable {
        private static final long NEVER = Long.MAX_VALUE;

        private final Context context;
        private volatile long deadline = NEVER;

        private Watched(Context context) {
            this.context = context;
        }

        void begin(Duration most) {
            deadline = CLOCK.nanos() + most.toNanos();
        }

        void end() {
            deadline = NEVER;
        }

        private void look(long now) throws TimeoutException {
            if (deadline != NEVER && now - deadline > 0) {
                deadline = NEVER;
                // Waits until the call has ended, and that is soon: no call leaves JavaScript for long.
                context.interrupt(Duration.ZERO);
            }
        }

        @Override
        public void close() {
            WATCHED.remove(this);
        }
    }

    static Watched watch(Context context) {
        Watched watched = new Watched(context);
        synchronized (STARTING) {
            WATCHED.add(watched);
            if (!running) {
                running = true;
                Thread thread = new Thread(Deadlines::watchAll, "weir-script-deadlines");
                thread.setDaemon(true);
                thread.start();
            }
        }
        return watched;
    }

    private static void watchAll() {
        while (isNeeded()) {
            LockSupport.parkNanos(LOOK_NANOS);
            long now = CLOCK.nanos();
            for (Watched each : WATCHED) {
                try {
                    each.look(now);
                } catch (TimeoutException | RuntimeException gone) {
                    each.close();
                }
            }
        }
    }

    private static boolean isNeeded() {
        synchronized (STARTING) {
            running = !WATCHED.isEmpty();
            return running;
        }
    }
}
