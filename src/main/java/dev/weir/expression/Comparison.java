package dev.weir.expression;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One of {@code < <= > >=}. */
final class Comparison extends Node {
    /** The operators and what they say of decimals, where NaN is neither less nor more. */
    enum Operator {
        LESS("<"),
        AT_MOST("<="),
        MORE(">"),
        AT_LEAST(">=");

        final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        boolean decimals(double a, double b) {
            return switch (this) {
                case LESS -> a < b;
                case AT_MOST -> a <= b;
                case MORE -> a > b;
                case AT_LEAST -> a >= b;
            };
        }

        Operator turned() {
            return switch (this) {
                case LESS -> MORE;
                case AT_MOST -> AT_LEAST;
                case MORE -> LESS;
                case AT_LEAST -> AT_MOST;
            };
        }
    }

    private final Operator operator;
    private final Node left;
    private final Node right;

    private Comparison(Operator operator, Node left, Node right) {
        this.operator = operator;
        this.left = left;
        this.right = right;
    }

    static Node of(Operator operator, Node left, Node right) {
        if (right instanceof Constant constant && constant.value instanceof Number bound && Numbers.exact(bound)) {
            return new Threshold(operator, left, bound);
        } else if (left instanceof Constant constant
                && constant.value instanceof Number bound
                && Numbers.exact(bound)) {
            return new Threshold(operator.turned(), right, bound);
        }
        return new Comparison(operator, left, right);
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        return test(scope);
    }

    @Override
    boolean test(Scope scope) {
        Object a = left.eval(scope);
        Object b = right.eval(scope);
        if (a instanceof Number x && b instanceof Number y) {
            return numbers(x, y);
        }
        return operator.decimals(order(a, b), 0);
    }

    private boolean numbers(Number a, Number b) {
        boolean wholeA = Numbers.whole(a);
        boolean wholeB = Numbers.whole(b);
        if (wholeA == wholeB) {
            return wholeA
                    ? operator.decimals(Long.compare(a.longValue(), b.longValue()), 0)
                    : operator.decimals(a.doubleValue(), b.doubleValue());
        } else if (Double.isNaN(a.doubleValue()) || Double.isNaN(b.doubleValue())) {
            return false;
        }
        int order = wholeA
                ? Numbers.compare(a.longValue(), b.doubleValue())
                : -Numbers.compare(b.longValue(), a.doubleValue());
        return operator.decimals(order, 0);
    }

    private int order(@Nullable Object a, @Nullable Object b) {
        if (a instanceof String x && b instanceof String y) {
            return Texts.compare(x, y);
        } else if (a instanceof Instant x && b instanceof Instant y) {
            return x.compareTo(y);
        } else if (a instanceof Duration x && b instanceof Duration y) {
            return x.compareTo(y);
        } else if (a instanceof Boolean x && b instanceof Boolean y) {
            return x.compareTo(y);
        } else if (a instanceof Buffer x && b instanceof Buffer y) {
            return Arrays.compareUnsigned(x.getBytes(), y.getBytes());
        }
        throw new Fault(left.name() + " is " + Values.kind(a) + " and " + right.name() + " is " + Values.kind(b) + ": "
                + operator.symbol
                + " compares two of the same kind, convert one with double(), string() or timestamp()");
    }

    @Override
    String name() {
        return "(" + left.name() + " " + operator.symbol + " " + right.name() + ")";
    }

    /**
     * A number beside a constant. As the constant is below 2^53, the comparison in decimals is exact: what is not exact as a
     * decimal lies beyond, and stays there.
     */
    private static final class Threshold extends Node {
        private final Operator operator;
        private final Node left;
        private final Number bound;
        private final double limit;

        Threshold(Operator operator, Node left, Number bound) {
            this.operator = operator;
            this.left = left;
            this.bound = bound;
            this.limit = bound.doubleValue();
        }

        @Override
        @Nullable
        Object eval(Scope scope) {
            return test(scope);
        }

        @Override
        boolean test(Scope scope) {
            return operator.decimals(left.number(scope), limit);
        }

        @Override
        String name() {
            return "(" + left.name() + " " + operator.symbol + " " + bound + ")";
        }
    }
}
