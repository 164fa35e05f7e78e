package dev.weir.flow.aggregate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts events, or those for which a condition holds. A call without argument adds {@code true} for each. */
final class Count implements Aggregate {
    private long count;

    Count() {}

    Count(Object json) {
        count = Numbers.whole(json);
    }

    @Override
    public void check(@Nullable Object value) {
        if (value != null && !(value instanceof Boolean)) {
            throw new IllegalArgumentException("count needs a condition, found " + Values.show(value)
                    + "; values that are there are counted as in count(has(event.data.x))");
        }
    }

    @Override
    public void add(@Nullable Object value, long time) {
        if (value == Boolean.TRUE) {
            count++;
            return;
        }
        check(value);
        if (Boolean.TRUE.equals(value)) {
            count++;
        }
    }

    @Override
    public void merge(Aggregate other) {
        count += ((Count) other).count;
    }

    @Override
    public Object result(List<Object> constants) {
        return count;
    }

    @Override
    public Object toJson() {
        return count;
    }
}
