package dev.weir.bus;

/**
 * How much of a journaled address is kept; what is older than either bound goes.
 *
 * @param events the newest events, {@link Long#MAX_VALUE} when not bounded by number
 * @param ageMillis since they were appended, {@link Long#MAX_VALUE} when not bounded by age
 * @param holdMillis how long after their append events that a subscription has not settled are kept beyond that
 * @param holdBytes how much is kept beyond that for subscriptions
 * @param latest whether only the newest event of each key is kept; one without data deletes its key
 */
public record Keep(long events, long ageMillis, long holdMillis, long holdBytes, boolean latest) {
    /** Unless the policy says otherwise. */
    static final long HOLD_MILLIS = 7L * 86_400_000;

    /** Unless the policy says otherwise. */
    static final long HOLD_BYTES = 1L << 30;

    /** The newest event of each key. */
    public static final Keep LATEST = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, HOLD_MILLIS, HOLD_BYTES, true);

    /** All events up to a number and an age. */
    public Keep(long events, long ageMillis, long holdMillis) {
        this(events, ageMillis, holdMillis, HOLD_BYTES, false);
    }
}
