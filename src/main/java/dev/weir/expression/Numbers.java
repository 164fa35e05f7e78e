package dev.weir.expression;

import java.math.BigDecimal;

/**
 * Numbers as JSON has them, whole and decimal in any mix: two whole numbers are calculated exactly in 64 bits, in every other mix
 * both are decimals (IEEE 754, 64 bits). Comparisons are exact.
 */
final class Numbers {
    /** Up to here every whole number is a decimal too, and its neighbours are others. */
    private static final long EXACT = 1L << 53;

    private Numbers() {}

    static boolean whole(Number number) {
        return number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte;
    }

    static boolean same(Number a, Number b) {
        if (whole(a) && whole(b)) {
            return a.longValue() == b.longValue();
        } else if (whole(a)) {
            return same(a.longValue(), b.doubleValue());
        } else if (whole(b)) {
            return same(b.longValue(), a.doubleValue());
        }
        return a.doubleValue() == b.doubleValue();
    }

    private static boolean same(long whole, double decimal) {
        return (double) whole == decimal && (exact(whole) || compare(whole, decimal) == 0);
    }

    /** Whether comparing with this number may be done in decimals. */
    static boolean exact(Number number) {
        return whole(number)
                ? exact(number.longValue())
                : Math.abs(number.doubleValue()) < EXACT || Double.isInfinite(number.doubleValue());
    }

    private static boolean exact(long whole) {
        return whole > -EXACT && whole < EXACT;
    }

    /** Less than 0, 0, or more than 0. NaN must have been treated before. */
    static int compare(long whole, double decimal) {
        if (exact(whole) || Double.isInfinite(decimal)) {
            return Double.compare((double) whole, decimal + 0.0);
        }
        return BigDecimal.valueOf(whole).compareTo(new BigDecimal(decimal));
    }
}
