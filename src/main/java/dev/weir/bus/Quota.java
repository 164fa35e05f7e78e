package dev.weir.bus;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Counts what a node has open by key, up to a limit, whichever event loop opened it. Exact: of many that ask at once, no more than
 * the limit allows are let in. Keys with nothing open cost nothing. Thread-safe, never waits.
 */
public final class Quota<K> {
    private final ConcurrentMap<K, Integer> open = new ConcurrentHashMap<>();

    /**
     * Counts one in.
     *
     * @param most how many the key may have open, 1 or more
     * @return false when that many are open, and then nothing changed; true is to be balanced by {@link #release}
     */
    public boolean take(K key, int most) {
        while (true) {
            Integer now = open.get(key);
            if (now == null) {
                if (open.putIfAbsent(key, 1) == null) {
                    return true;
                }
            } else if (now >= most) {
                return false;
            } else if (open.replace(key, now, now + 1)) {
                return true;
            }
        }
    }

    /** Counts one out. */
    public void release(K key) {
        open.computeIfPresent(key, (same, now) -> now > 1 ? now - 1 : null);
    }

    /** How many the key has open. */
    public int of(K key) {
        return open.getOrDefault(key, 0);
    }
}
