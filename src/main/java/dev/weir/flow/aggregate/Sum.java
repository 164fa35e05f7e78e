package dev.weir.flow.aggregate;

import io.vertx.core.json.JsonArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds numbers. Whole ones are added as such; when 64 bits no longer hold them, what there is moves to the decimals. Those are added with
 * a compensation for what rounding loses (Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", 1974), so
 * that the error does not grow with their number.
 */
final class Sum implements Aggregate {
    private final String function;
    private long whole;
    private double decimals;
    private double lost;
    private boolean decimal;

    Sum() {
        this("sum");
    }

    /** For other functions that need a sum. */
    Sum(String function) {
        this.function = function;
    }

    Sum(Object json) {
        this("sum", json);
    }

    Sum(String function, Object json) {
        this(function);
        if (json instanceof JsonArray parts) {
            decimal = true;
            whole = Numbers.whole(parts.getValue(0));
            decimals = Numbers.decimal(parts.getValue(1));
            lost = Numbers.decimal(parts.getValue(2));
        } else {
            whole = Numbers.whole(json);
        }
    }

    @Override
    public void check(@Nullable Object value) {
        if (value != null) {
            Numbers.of(function, value);
        }
    }

    @Override
    public void add(@Nullable Object value, long time) {
        if (value instanceof Long number) {
            addLong(number, time);
        } else if (value != null) {
            addNumber(Numbers.of(function, value), time);
        }
    }

    private void addNumber(Number number, long time) {
        if (number instanceof Long) {
            addLong(number.longValue(), time);
        } else {
            addDecimal(number.doubleValue());
        }
    }

    @Override
    public void addLong(long value, long time) {
        long sum = whole + value;
        if (((whole ^ sum) & (value ^ sum)) < 0) { // the sign of both was another: overflow
            addDecimal((double) whole);
            whole = value;
        } else {
            whole = sum;
        }
    }

    @Override
    public void addDouble(double value, long time) {
        if (!Double.isFinite(value)) {
            check(value);
        }
        addDecimal(value);
    }

    private void addDecimal(double value) {
        decimal = true;
        double sum = decimals + value;
        lost += Math.abs(decimals) >= Math.abs(value) ? (decimals - sum) + value : (value - sum) + decimals;
        decimals = sum;
    }

    @Override
    public void merge(Aggregate other) {
        Sum that = (Sum) other;
        addLong(that.whole, 0);
        if (that.decimal) {
            addDecimal(that.decimals);
            lost += that.lost;
        }
    }

    @Override
    public Object result(List<Object> constants) {
        return decimal ? (Object) asDouble() : (Object) whole;
    }

    double asDouble() {
        if (!decimal) {
            return whole;
        }
        double plain = whole + decimals;
        return Double.isFinite(plain) ? plain + wholeLost(plain) + lost : plain;
    }

    private double wholeLost(double plain) {
        return Math.abs(decimals) >= Math.abs((double) whole) ? (decimals - plain) + whole : (whole - plain) + decimals;
    }

    @Override
    public Object toJson() {
        return decimal
                ? new JsonArray().add(whole).add(Numbers.write(decimals)).add(Numbers.write(lost))
                : (Object) whole;
    }
}
