package dev.weir.source.file;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads numbers in the grammar of JSON from bytes. Decimals of up to 15 digits with an exponent within 22 are exact after one
 * division or multiplication (W. Clinger, How to read floating point numbers accurately, 1990); others take the long way.
 */
final class Numbers {
    private static final int MOST_WHOLE_DIGITS = 18;
    private static final int EXACT_DIGITS = 15;
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private Numbers() {}

    /** An Integer, Long or finite Double; null when it is no number, has leading zeros, or is whole and longer than 18 digits. */
    static @Nullable Number parse(byte[] bytes, int from, int to) {
        int i = from < to && bytes[from] == '-' ? from + 1 : from;
        int digits = digits(bytes, i, to);
        if (digits == 0 || (digits > 1 && bytes[i] == '0')) {
            return null;
        }
        if (i + digits == to) {
            return digits > MOST_WHOLE_DIGITS ? null : whole(bytes, i, to, i > from);
        }
        i += digits;
        int fraction = 0;
        if (bytes[i] == '.') {
            fraction = digits(bytes, i + 1, to);
            if (fraction == 0) {
                return null;
            }
            i += fraction + 1;
        }
        if (i == to) {
            return digits + fraction <= EXACT_DIGITS ? exact(bytes, from, to, fraction) : slow(bytes, from, to);
        }
        return isExponent(bytes, i, to) ? slow(bytes, from, to) : null;
    }

    private static int digits(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i - from;
    }

    private static boolean isExponent(byte[] bytes, int from, int to) {
        if (bytes[from] != 'e' && bytes[from] != 'E') {
            return false;
        }
        int i = from + 1;
        if (i < to && (bytes[i] == '+' || bytes[i] == '-')) {
            i++;
        }
        int digits = digits(bytes, i, to);
        return digits > 0 && i + digits == to;
    }

    private static Number whole(byte[] bytes, int from, int to, boolean negative) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + (bytes[i] - '0');
        }
        long signed = negative ? -value : value;
        return (int) signed == signed ? (Number) (int) signed : (Number) signed;
    }

    private static Double exact(byte[] bytes, int from, int to, int fraction) {
        long mantissa = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b >= '0' && b <= '9') {
                mantissa = mantissa * 10 + (b - '0');
            }
        }
        double value = mantissa / POWERS[fraction];
        return bytes[from] == '-' ? -value : value;
    }

    private static @Nullable Double slow(byte[] bytes, int from, int to) {
        double value = Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
        return Double.isFinite(value) ? value : null;
    }
}
