package dev.weir.flow;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a stage remembers by key. Bounded: beyond the bound the entry that was not used for longest is forgotten, told to the stage and
 * counted. A value that is changed in place must be put again. Owned by the lane's event loop.
 */
public interface KeyedState<V> {
    /** Hears of time and bounds. */
    interface Due<V> {
        /** The entry's time has come; it stays until it is removed or put again, without a time from now on. */
        void due(String key, V value);

        /** The entry is forgotten because there are too many. */
        default void evicted(String key, V value) {}
    }

    /** The value of a key, null when there is none. */
    @Nullable
    V get(String key);

    /** Remembers a value, for ever. */
    void put(String key, V value);

    /**
     * Remembers a value and calls back.
     *
     * @param dueMillis when, milliseconds since 1970
     */
    void put(String key, V value, long dueMillis);

    /** Forgets a key. */
    void remove(String key);

    /** How many keys there are. */
    int size();

    /** Goes through all of them; not to be changed meanwhile. */
    void forEach(BiConsumer<String, V> action);
}
