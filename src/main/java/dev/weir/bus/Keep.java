package dev.weir.bus;

/**
 * How much of a journaled address is kept; what is older than either bound goes.
 *
 * @param events the newest events, {@link Long#MAX_VALUE} when not bounded by number
 * @param ageMillis since they were appended, {@link Long#MAX_VALUE} when not bounded by age
 * @param holdMillis how long events that a subscription has not settled are kept beyond that
 * @param latest whether only the newest event of each key is kept; one without data deletes its key
 */
public record Keep(long events, long ageMillis, long holdMillis, boolean latest) {
    private static final long HOLD_MILLIS = 7L * 86_400_000;

    /** The newest event of each key. */
    public static final Keep LATEST = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, HOLD_MILLIS, true);

    /** All events up to a number and an age. */
    public Keep(long events, long ageMillis, long holdMillis) {
        this(events, ageMillis, holdMillis, false);
    }
}
