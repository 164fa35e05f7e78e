package dev.weir.script;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every script's loop twenty times a second, from a thread of its own, since a loop that is kept busy cannot look
 * at itself. The thread lives while there are scripts. Thread-safe.
 */
final class Watchdog {
    private static final Watchdog SHARED = new Watchdog();
    private static final long EVERY_MILLIS = 50;

    private final Set<Runnable> looks = ConcurrentHashMap.newKeySet();
    private @Nullable Thread thread;

    private Watchdog() {}

    /** Runs {@code look} regularly until {@link #forget}; it must be quick. */
    static void watch(Runnable look) {
        SHARED.add(look);
    }

    static void forget(Runnable look) {
        SHARED.looks.remove(look);
    }

    private synchronized void add(Runnable look) {
        looks.add(look);
        if (thread == null) {
            Thread made = new Thread(this::run, "weir-script-watchdog");
            made.setDaemon(true);
            thread = made;
            made.start();
        }
    }

    private void run() {
        try {
            while (!ended()) {
                // This thread is there to look now and then; a loop that is kept busy cannot wake it.
                Thread.sleep(EVERY_MILLIS);
                looks.forEach(Runnable::run);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean ended() {
        if (looks.isEmpty()) {
            thread = null;
            return true;
        }
        return false;
    }
}
