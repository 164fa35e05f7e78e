package dev.weir.flow.aggregate;

import io.vertx.core.json.JsonArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sample standard deviation in one pass and without cancellation (Welford, "Note on a method for calculating corrected sums of
 * squares and products", 1962), merged as Chan, Golub and LeVeque do ("Updating formulae and a pairwise algorithm for computing
 * sample variances", 1979).
 */
final class Deviation implements Aggregate {
    private long count;
    private double mean;
    private double squares;

    Deviation() {}

    Deviation(Object json) {
        JsonArray parts = (JsonArray) json;
        count = Numbers.whole(parts.getValue(0));
        mean = Numbers.decimal(parts.getValue(1));
        squares = Numbers.decimal(parts.getValue(2));
    }

    @Override
    public void check(@Nullable Object value) {
        if (value != null) {
            Numbers.of("stddev", value);
        }
    }

    @Override
    public void add(@Nullable Object value, long time) {
        if (value != null) {
            addChecked(Numbers.of("stddev", value).doubleValue());
        }
    }

    @Override
    public void addLong(long value, long time) {
        addChecked((double) value);
    }

    private void addChecked(double value) {
        count++;
        double before = value - mean;
        mean += before / count;
        squares += before * (value - mean);
    }

    @Override
    public void merge(Aggregate other) {
        Deviation that = (Deviation) other;
        if (that.count == 0) {
            return;
        }
        double both = (double) count + that.count;
        double apart = that.mean - mean;
        squares += that.squares + apart * apart * (count / both) * that.count;
        mean += apart * (that.count / both);
        count += that.count;
    }

    @Override
    public @Nullable Object result(List<Object> constants) {
        return count < 2 ? null : Math.sqrt(squares / (count - 1));
    }

    @Override
    public Object toJson() {
        return new JsonArray().add(count).add(Numbers.write(mean)).add(Numbers.write(squares));
    }
}
