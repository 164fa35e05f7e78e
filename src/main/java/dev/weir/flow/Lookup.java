package dev.weir.flow;

import org.jspecify.annotations.Nullable;

/**
 * The newest event of each key of an address with {@code keep: latest}, as a table. It is read from the beginning and kept up after
 * that, so what it says is what was the newest when it is asked. On the lane's event loop.
 */
public interface Lookup {
    /** Whether all that was kept when the lane began is here. */
    boolean isReady();

    /** The data of the newest event of a key; null when there is none. Not to be changed. */
    @Nullable
    Object get(String key);

    /**
     * Calls back when something more is known: once, when the key has a value, or all that was kept is here for the first time. What
     * is waited for when the lane ends is never called.
     *
     * @param then runs on the lane's event loop
     * @return stops waiting
     */
    Runnable whenKnown(String key, Runnable then);
}
