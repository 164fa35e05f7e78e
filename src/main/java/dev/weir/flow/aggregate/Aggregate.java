package dev.weir.flow.aggregate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One running aggregate of one key and window. Values that are null are skipped, as in SQL. Bounded in size whatever it is given, and
 * each kind says by what. Owned by one thread.
 *
 * <p>Numbers are finite; whole ones ({@code Long} and shorter) and decimals mix, and 1 equals 1.0.
 */
public interface Aggregate {
    /**
     * Whether a value can be added, so that an event is counted by all aggregates or by none.
     *
     * @throws IllegalArgumentException names the function, the value and what is needed
     */
    void check(@Nullable Object value);

    /**
     * Adds a value that {@link #check} lets pass.
     *
     * @param value of the first argument; anything, such as null, for {@code count()}
     * @param time of the event, milliseconds since 1970: what {@code first} and {@code last} go by
     * @throws IllegalArgumentException as {@link #check} does, and nothing was added
     */
    void add(@Nullable Object value, long time);

    /** The same without a box. */
    default void addLong(long value, long time) {
        add(value, time);
    }

    /** The same without a box. */
    default void addDouble(double value, long time) {
        add(value, time);
    }

    /** Adds all that another one of the same function and constants was given, which is not changed and shares nothing afterwards. */
    void merge(Aggregate other);

    /**
     * What it comes to now: a JSON value, a time or a duration; null when nothing was added, but 0 for counts and sums.
     *
     * @param constants of the call, as {@link AggregateFunction#constants} gave them
     */
    @Nullable
    Object result(List<Object> constants);

    /** All of it as a JSON value of Vert.x, which {@link AggregateFunction#read} takes. */
    Object toJson();
}
