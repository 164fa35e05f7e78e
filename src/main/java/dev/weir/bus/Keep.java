package dev.weir.bus;

/**
 * How much of a journaled address is kept; what is older than either bound goes.
 *
 * @param events the newest events, {@link Long#MAX_VALUE} when not bounded by number
 * @param ageMillis since they were appended, {@link Long#MAX_VALUE} when not bounded by age
 * @param holdMillis how long events that a subscription has not settled are kept beyond that
 */
public record Keep(long events, long ageMillis, long holdMillis) {}
