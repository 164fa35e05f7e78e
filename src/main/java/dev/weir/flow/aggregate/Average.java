package dev.weir.flow.aggregate;

import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The arithmetic mean: a {@link Sum} and how many. */
final class Average implements Aggregate {
    private final Sum sum;
    private long count;

    Average() {
        sum = new Sum("avg");
    }

    Average(Object json) {
        JsonArray parts = (JsonArray) json;
        count = Numbers.whole(parts.getValue(0));
        sum = new Sum("avg", Objects.requireNonNull(parts.getValue(1)));
    }

    @Override
    public void check(@Nullable Object value) {
        sum.check(value);
    }

    @Override
    public void add(@Nullable Object value, long time) {
        sum.add(value, time);
        count += value == null ? 0 : 1;
    }

    @Override
    public void addLong(long value, long time) {
        sum.addLong(value, time);
        count++;
    }

    @Override
    public void addDouble(double value, long time) {
        sum.addDouble(value, time);
        count++;
    }

    @Override
    public void merge(Aggregate other) {
        Average that = (Average) other;
        sum.merge(that.sum);
        count += that.count;
    }

    @Override
    public @Nullable Object result(List<Object> constants) {
        return count == 0 ? null : sum.asDouble() / count;
    }

    @Override
    public Object toJson() {
        return new JsonArray().add(count).add(sum.toJson());
    }
}
