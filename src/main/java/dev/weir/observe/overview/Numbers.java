package dev.weir.observe.overview;

import org.jspecify.annotations.Nullable;

/** Numbers as they are told: no longer than anybody reads them. Stateless. */
final class Numbers {
    private static final double WHOLE_FROM = 100;
    private static final double THOUSANDTHS = 1_000;

    private Numbers() {}

    /** Null for what is not known; whole numbers from 100, three digits after the point below. */
    static @Nullable Number json(double value) {
        if (Double.isNaN(value)) {
            return null;
        }
        double rounded = Math.rint(value);
        if (Math.abs(value) >= WHOLE_FROM || Math.abs(value - rounded) < 0.5 / THOUSANDTHS) {
            return (long) rounded;
        }
        return Math.rint(value * THOUSANDTHS) / THOUSANDTHS;
    }
}
