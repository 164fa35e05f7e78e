package dev.weir.flow.aggregate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Quantiles of numbers: the first {@value #EXACT} are kept as they are, so that small windows are exact and take little; then a
 * {@link LogSketch} holds them. The quantile of a share q of n values is the one at place ceil(q n) in their order (at least the first),
 * a value that did occur rather than one between two. While all are whole, so are the results.
 */
final class Quantile implements Aggregate {
    /** How many values are kept as they are. */
    static final int EXACT = 64;

    private static final double[] NONE = {};
    private static final int FIRST_GROWTH = 4;

    private double[] values = NONE;
    private int size;
    private boolean whole = true;
    private @Nullable LogSketch sketch;

    Quantile() {}

    Quantile(Object json) {
        if (json instanceof JsonObject kept) {
            whole = kept.getBoolean("whole", false);
            sketch = new LogSketch(kept);
        } else {
            for (Object item : (JsonArray) json) {
                add(item, 0);
            }
        }
    }

    @Override
    public void check(@Nullable Object value) {
        if (value != null) {
            Numbers.of("quantile", value);
        }
    }

    @Override
    public void add(@Nullable Object value, long time) {
        if (value != null) {
            Number number = Numbers.of("quantile", value);
            whole &= number instanceof Long;
            keep(number.doubleValue());
        }
    }

    @Override
    public void addLong(long value, long time) {
        keep((double) value);
    }

    private void keep(double value) {
        if (sketch != null) {
            sketch.add(value);
        } else if (size < EXACT) {
            if (size == values.length) {
                values = Arrays.copyOf(values, Math.max(FIRST_GROWTH, size * 2));
            }
            values[size++] = value;
        } else {
            sketched().add(value);
        }
    }

    private LogSketch sketched() {
        if (sketch == null) {
            sketch = new LogSketch();
            for (int i = 0; i < size; i++) {
                sketch.add(values[i]);
            }
            values = NONE;
            size = 0;
        }
        return sketch;
    }

    @Override
    public void merge(Aggregate other) {
        Quantile that = (Quantile) other;
        whole &= that.whole;
        for (int i = 0; i < that.size; i++) {
            keep(that.values[i]);
        }
        if (that.sketch != null) {
            sketched().merge(that.sketch);
        }
    }

    @Override
    public @Nullable Object result(List<Object> constants) {
        double share = ((Number) constants.get(0)).doubleValue();
        if (sketch != null) {
            return shown(sketch.at(place(share, sketch.count())));
        }
        if (size == 0) {
            return null;
        }
        Arrays.sort(values, 0, size); // the order in which they came matters to nobody
        return shown(values[(int) place(share, size) - 1]);
    }

    /** The place from 1, where an error of rounding (0.07 * 100 is more than 7) makes no difference. */
    static long place(double share, long count) {
        double exact = share * count;
        return Math.max(1, Math.min(count, (long) Math.ceil(exact - exact * 1e-12)));
    }

    private Object shown(double value) {
        return whole && Math.abs(value) < 0x1p63 ? (Object) Math.round(value) : (Object) value;
    }

    @Override
    public Object toJson() {
        if (sketch != null) {
            return sketch.toJson().put("whole", whole);
        }
        JsonArray written = new JsonArray();
        for (int i = 0; i < size; i++) {
            written.add(whole && Math.abs(values[i]) < 0x1p53 ? (Object) (long) values[i] : (Object) values[i]);
        }
        return written;
    }
}
