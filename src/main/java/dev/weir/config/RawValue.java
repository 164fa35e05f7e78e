package dev.weir.config;

/**
 * A value whose grammar another package owns, kept as it was read.
 *
 * @param value a string, number, boolean, {@code List<RawValue>} or {@code Map<String, RawValue>} in file order
 * @param at where it was written
 */
public record RawValue(Object value, Location at) {
    /** A value made in code. */
    public static RawValue of(Object value) {
        return new RawValue(value, Location.NONE);
    }
}
