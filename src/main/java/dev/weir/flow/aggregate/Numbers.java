package dev.weir.flow.aggregate;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Numbers as aggregates take them: every whole one is a {@code Long}, every other a finite {@code Double}. */
final class Numbers {
    private Numbers() {}

    /** The value as a number, null when it is none or not a finite one. */
    static @Nullable Number read(Object value) {
        if (value instanceof Long whole) {
            return whole;
        }
        if (value instanceof Double decimal) {
            return Double.isFinite(decimal) ? decimal : null;
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof BigInteger big && big.bitLength() < Long.SIZE) {
            return big.longValue();
        }
        return value instanceof Number other ? read((Object) other.doubleValue()) : null;
    }

    /** The same, throwing what says that it is none. */
    static Number of(String function, Object value) {
        Number number = read(value);
        if (number == null) {
            throw new IllegalArgumentException(function + " needs a number, found " + Values.show(value));
        }
        return number;
    }

    /** Order by value, exact between whole numbers and decimals also where a {@code double} cannot tell neighbours apart. */
    static int compare(Number one, Number other) {
        if (one instanceof Long a) {
            return other instanceof Long b ? Long.compare(a, b) : compareMixed(a, other.doubleValue());
        }
        return other instanceof Long b
                ? -compareMixed(b, one.doubleValue())
                : Double.compare(one.doubleValue() + 0.0, other.doubleValue() + 0.0); // -0.0 + 0.0 is 0.0
    }

    private static int compareMixed(long whole, double decimal) {
        double rounded = (double) whole;
        if (rounded != decimal) {
            return rounded < decimal ? -1 : 1;
        }
        return decimal >= 0x1p63 ? -1 : Long.compare(whole, (long) decimal);
    }

    /** A decimal that may have become infinite, as JSON that can be read again. */
    static Object write(double decimal) {
        return Double.isFinite(decimal) ? (Object) decimal : (Object) Double.toString(decimal);
    }

    static double decimal(Object json) {
        return json instanceof Number number ? number.doubleValue() : Double.parseDouble(json.toString());
    }

    static long whole(Object json) {
        return ((Number) json).longValue();
    }
}
