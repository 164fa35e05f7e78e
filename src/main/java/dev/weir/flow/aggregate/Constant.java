package dev.weir.flow.aggregate;

import org.jspecify.annotations.Nullable;

/**
 * A number that is part of a call, the same for all events, such as the share of a quantile.
 *
 * @param name in the reference
 * @param whole whether it is a whole number
 * @param least the smallest it may be
 * @param most the greatest it may be
 * @param absent what holds when it is not written; null when it must be
 */
public record Constant(
        String name,
        boolean whole,
        double least,
        double most,
        @Nullable Long absent) {
    static Constant whole(String name, long least, long most) {
        return new Constant(name, true, least, most, null);
    }

    static Constant decimal(String name, double least, double most) {
        return new Constant(name, false, least, most, null);
    }

    Constant or(long ifAbsent) {
        return new Constant(name, whole, least, most, ifAbsent);
    }

    /** What it is given as: a {@code Long} when it is whole, else a {@code Double}. */
    Object check(AggregateFunction function, @Nullable Object given) {
        if (given == null && absent != null) {
            return absent;
        }
        Number number = given == null ? null : Numbers.read(given);
        boolean fits = number != null
                && number.doubleValue() >= least
                && number.doubleValue() <= most
                && (!whole || number instanceof Long);
        if (number == null || !fits) {
            throw new IllegalArgumentException("%s: %s must be %s from %s to %s%s, written as a constant in %s"
                    .formatted(
                            function.name(),
                            name,
                            whole ? "a whole number" : "a number",
                            Values.show(least),
                            Values.show(most),
                            given == null ? "" : ", not " + Values.show(given),
                            function.signature()));
        }
        return whole ? (Object) number.longValue() : (Object) number.doubleValue();
    }
}
