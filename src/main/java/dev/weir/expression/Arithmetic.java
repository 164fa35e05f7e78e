package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** One of {@code + - * / %}. */
final class Arithmetic extends Node {
    /** The operators and what they do with numbers. */
    enum Operator {
        ADD("+") {
            @Override
            long whole(long a, long b) {
                return Math.addExact(a, b);
            }

            @Override
            double decimal(double a, double b) {
                return a + b;
            }
        },
        SUBTRACT("-") {
            @Override
            long whole(long a, long b) {
                return Math.subtractExact(a, b);
            }

            @Override
            double decimal(double a, double b) {
                return a - b;
            }
        },
        MULTIPLY("*") {
            @Override
            long whole(long a, long b) {
                return Math.multiplyExact(a, b);
            }

            @Override
            double decimal(double a, double b) {
                return a * b;
            }
        },
        DIVIDE("/") {
            @Override
            long whole(long a, long b) {
                if (a == Long.MIN_VALUE && b == -1) {
                    throw new ArithmeticException("overflow");
                }
                return a / b;
            }

            @Override
            double decimal(double a, double b) {
                return a / b;
            }
        },
        MODULO("%") {
            @Override
            long whole(long a, long b) {
                return a % b;
            }

            @Override
            double decimal(double a, double b) {
                return a % b;
            }
        };

        final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        abstract long whole(long a, long b);

        abstract double decimal(double a, double b);
    }

    private final Operator operator;
    private final Node left;
    private final Node right;

    Arithmetic(Operator operator, Node left, Node right) {
        this.operator = operator;
        this.left = left;
        this.right = right;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        Object a = left.eval(scope);
        Object b = right.eval(scope);
        if (a instanceof Number x && b instanceof Number y) {
            return Numbers.whole(x) && Numbers.whole(y)
                    ? (Object) whole(x.longValue(), y.longValue())
                    : (Object) operator.decimal(x.doubleValue(), y.doubleValue());
        }
        Object other = Sums.of(operator, a, b);
        if (other == null) {
            throw mismatch(a, b);
        }
        return other;
    }

    @Override
    double number(Scope scope) {
        Object a = left.eval(scope);
        Object b = right.eval(scope);
        if (a instanceof Number x && b instanceof Number y) {
            return Numbers.whole(x) && Numbers.whole(y)
                    ? whole(x.longValue(), y.longValue())
                    : operator.decimal(x.doubleValue(), y.doubleValue());
        }
        Object other = Sums.of(operator, a, b);
        throw other == null ? mismatch(a, b) : Values.notANumber(name(), other);
    }

    private long whole(long a, long b) {
        try {
            return operator.whole(a, b);
        } catch (ArithmeticException e) {
            if (b == 0) {
                throw new Fault(right.name() + " is 0 in " + name() + ": guard it with " + right.name() + " != 0");
            }
            throw new Fault(name() + " does not fit 64 bits: calculate in decimals with double(" + left.name() + ")");
        }
    }

    private Fault mismatch(@Nullable Object a, @Nullable Object b) {
        boolean text = a instanceof String || b instanceof String;
        boolean joined = text && operator == Operator.ADD;
        Node wrong = joined == a instanceof String ? right : left;
        if (!joined && !(a instanceof Number)) {
            wrong = left;
        }
        Object value = wrong == left ? a : b;
        String convert = joined
                ? ": join texts with string(" + wrong.name() + ")"
                : value instanceof String ? ": write double(" + wrong.name() + ") or int(" + wrong.name() + ")" : "";
        return new Fault(wrong.name() + " is " + Values.kind(value) + ", which " + operator.symbol
                + " does not take with " + Values.kind(wrong == left ? b : a) + convert);
    }

    @Override
    String name() {
        return "(" + left.name() + " " + operator.symbol + " " + right.name() + ")";
    }
}
