package dev.weir.expression;

import io.vertx.core.buffer.Buffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What + and - do with values that are no numbers. */
final class Sums {
    /** No value may grow beyond this. */
    static final int LARGEST = 1_000_000;

    private Sums() {}

    /** Null when there is no such operation. */
    static @Nullable Object of(Arithmetic.Operator operator, @Nullable Object a, @Nullable Object b) {
        try {
            return switch (operator) {
                case ADD -> add(a, b);
                case SUBTRACT -> subtract(a, b);
                default -> null;
            };
        } catch (ArithmeticException | DateTimeException e) {
            throw new Fault("a timestamp or duration gets out of range");
        }
    }

    private static @Nullable Object add(@Nullable Object a, @Nullable Object b) {
        if (a instanceof String x && b instanceof String y) {
            bounded((long) x.length() + y.length(), "a text");
            return x.concat(y);
        } else if (a instanceof Instant at && b instanceof Duration by) {
            return Times.valid(at.plus(by));
        } else if (a instanceof Duration by && b instanceof Instant at) {
            return Times.valid(at.plus(by));
        } else if (a instanceof Duration x && b instanceof Duration y) {
            return x.plus(y);
        } else if (a instanceof Buffer x && b instanceof Buffer y) {
            bounded((long) x.length() + y.length(), "a value of bytes");
            return Buffer.buffer(x.length() + y.length()).appendBuffer(x).appendBuffer(y);
        }
        List<?> x = Values.list(a);
        List<?> y = Values.list(b);
        return x == null || y == null ? null : joined(x, y);
    }

    private static List<?> joined(List<?> x, List<?> y) {
        bounded((long) x.size() + y.size(), "a list");
        List<@Nullable Object> both = new ArrayList<>(x.size() + y.size());
        both.addAll(x);
        both.addAll(y);
        return both;
    }

    private static @Nullable Object subtract(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Instant at && b instanceof Duration by) {
            return Times.valid(at.minus(by));
        } else if (a instanceof Instant from && b instanceof Instant to) {
            return Duration.between(to, from);
        }
        return a instanceof Duration x && b instanceof Duration y ? x.minus(y) : null;
    }

    /** Refuses what gets too large. */
    static void bounded(long size, String what) {
        if (size > LARGEST) {
            throw new Fault(what + " would be larger than " + LARGEST);
        }
    }
}
