package dev.weir.config;

/**
 * A value whose grammar another package owns, kept as it was read.
 *
 * @param value a string, number, boolean, {@code List<RawValue>}, {@code Map<String, RawValue>} in file order, or {@link #NOTHING}
 * @param at where it was written
 */
public record RawValue(Object value, Location at) {
    /** What stands where nothing was written, or null; only where {@link Documents} were read, elsewhere it is left out. */
    public static final Object NOTHING = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    /** A value made in code. */
    public static RawValue of(Object value) {
        return new RawValue(value, Location.NONE);
    }

    /** Whether nothing was written, or null. */
    public boolean isNothing() {
        return value == NOTHING;
    }
}
