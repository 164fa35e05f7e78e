package dev.weir.script;

import org.jspecify.annotations.Nullable;

/** Signals of the operating system, for a script that is a program and so has a process of its own. Thread-safe. */
public interface ScriptSignals {
    /**
     * Takes a signal: the process does not end by it meanwhile.
     *
     * @param name without {@code SIG}
     * @param action on any thread, each time it comes
     * @return gives it back; null when nobody can take it
     */
    @Nullable
    Runnable take(String name, Runnable action);

    /** Sends a signal to this process. */
    void raise(String name);
}
