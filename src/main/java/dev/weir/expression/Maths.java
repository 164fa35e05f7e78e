package dev.weir.expression;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The functions of {@code math.}. Whole numbers stay whole where the result is. */
final class Maths {
    /** What takes any number of arguments. */
    static final List<String> VARIADIC = List.of("greatest", "least");

    private Maths() {}

    static void into(Map<String, Call.Function> all) {
        all.put("math.greatest", (call, a) -> extreme(call, a, 1));
        all.put("math.least", (call, a) -> extreme(call, a, -1));
        all.put("math.abs/1", Maths::abs);
        all.put("math.sign/1", Maths::sign);
        all.put("math.ceil/1", decimal(Math::ceil));
        all.put("math.floor/1", decimal(Math::floor));
        all.put("math.round/1", decimal(Maths::round));
        all.put("math.trunc/1", decimal(value -> value < 0 ? Math.ceil(value) : Math.floor(value)));
        all.put("math.sqrt/1", decimal(Math::sqrt));
        all.put("math.isNaN/1", (call, a) -> Double.isNaN(call.number(a, 0).doubleValue()));
        all.put("math.isInf/1", (call, a) -> Double.isInfinite(call.number(a, 0).doubleValue()));
        all.put(
                "math.isFinite/1",
                (call, a) -> Double.isFinite(call.number(a, 0).doubleValue()));
    }

    static Object negate(Call call, @Nullable Object[] a) {
        Number number = call.number(a, 0);
        if (!Numbers.whole(number)) {
            return -number.doubleValue();
        } else if (number.longValue() == Long.MIN_VALUE) {
            throw call.unfit("the result does not fit 64 bits");
        }
        return -number.longValue();
    }

    private static Object abs(Call call, @Nullable Object[] a) {
        Number number = call.number(a, 0);
        if (!Numbers.whole(number)) {
            return Math.abs(number.doubleValue());
        }
        return number.longValue() < 0 ? negate(call, a) : (Object) number.longValue();
    }

    private static Object sign(Call call, @Nullable Object[] a) {
        Number number = call.number(a, 0);
        return Numbers.whole(number)
                ? (Object) (long) Long.signum(number.longValue())
                : (Object) Math.signum(number.doubleValue());
    }

    /** Halves away from zero, as CEL has it; Java's own rounding goes up. */
    private static double round(double value) {
        double down = Math.floor(Math.abs(value));
        return Math.copySign(Math.abs(value) - down >= 0.5 ? down + 1 : down, value);
    }

    private static Call.Function decimal(DoubleUnaryOperator operator) {
        return (call, a) -> operator.applyAsDouble(call.number(a, 0).doubleValue());
    }

    /** Of the arguments, or of the one list. */
    private static Object extreme(Call call, @Nullable Object[] a, int sign) {
        boolean one = a.length == 1 && Values.list(a[0]) != null;
        @Nullable Object[] values = one ? call.list(a, 0).toArray() : a;
        if (values.length == 0) {
            throw call.unfit("the list is empty");
        }
        Number best = of(call, values, 0, one);
        for (int i = 1; i < values.length; i++) {
            Number next = of(call, values, i, one);
            best = order(next, best) * sign > 0 ? next : best;
        }
        return Numbers.whole(best) ? (Object) best.longValue() : (Object) best.doubleValue();
    }

    private static Number of(Call call, @Nullable Object[] values, int i, boolean inList) {
        if (!inList) {
            return call.number(values, i);
        } else if (values[i] instanceof Number number) {
            return number;
        }
        throw call.unfit("element " + i + " of the list is " + Values.kind(values[i]) + " and no number");
    }

    private static int order(Number a, Number b) {
        if (Numbers.whole(a) && Numbers.whole(b)) {
            return Long.compare(a.longValue(), b.longValue());
        }
        return Double.compare(a.doubleValue(), b.doubleValue());
    }
}
