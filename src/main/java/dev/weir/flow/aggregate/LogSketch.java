package dev.weir.flow.aggregate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Where numbers lie, in buckets whose bounds grow by a constant factor, so that a bucket's middle is within {@value #ERROR} of all in it:
 * DDSketch (Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", 2019). When
 * the greatest and the smallest lie more than {@value #MOST_BUCKETS} buckets apart (a factor of 6 * 10^17), each two neighbours become
 * one, which about doubles the error, as in UDDSketch (Epicoco and others, "UDDSketch: accurate tracking of quantiles in data streams",
 * 2020). Deterministic, and the same in whatever order and parts values are added.
 *
 * <p>Bucket i holds the values in (g^(i-1), g^i], where g = (1 + error) / (1 - error), and stands for 2 g^i / (g + 1). With an error of
 * 0.01, g is 1.0202: 100 falls into bucket 231, which is (98.9, 100.9] and stands for 99.9.
 *
 * <p>At most {@value #MOST_BUCKETS} counters for values above zero and as many below, of one byte each while no count is above 255.
 */
final class LogSketch {
    /** The relative error. */
    static final double ERROR = 0.01;

    /** How many buckets there may be on each side of zero. */
    static final int MOST_BUCKETS = 2048;

    private final Counters above;
    private final Counters below;
    private int folds;
    private double logBase;
    private long zeros;
    private long count;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;

    LogSketch() {
        above = new Counters();
        below = new Counters();
        logBase = logBase(0);
    }

    LogSketch(JsonObject json) {
        above = new Counters(json.getJsonArray("above", new JsonArray()));
        below = new Counters(json.getJsonArray("below", new JsonArray()));
        folds = json.getInteger("folds", 0);
        logBase = logBase(folds);
        zeros = json.getLong("zeros", 0L);
        count = zeros + above.total() + below.total();
        least = json.getDouble("least");
        most = json.getDouble("most");
    }

    private static double logBase(int folds) {
        return Math.log((1 + ERROR) / (1 - ERROR)) * (1 << folds);
    }

    /** How many values there are. */
    long count() {
        return count;
    }

    void add(double value) {
        count++;
        least = Math.min(least, value);
        most = Math.max(most, value);
        if (value == 0) {
            zeros++;
        } else {
            add(value > 0 ? above : below, Math.abs(value));
        }
    }

    private void add(Counters side, double size) {
        int bucket = bucket(size);
        while (!side.holds(bucket, MOST_BUCKETS)) {
            fold();
            bucket = bucket(size);
        }
        side.add(bucket, 1);
    }

    private int bucket(double size) {
        return (int) Math.ceil(Math.log(size) / logBase);
    }

    private void fold() {
        folds++;
        logBase = logBase(folds);
        above.fold();
        below.fold();
    }

    void merge(LogSketch other) {
        while (folds < other.folds) {
            fold();
        }
        count += other.count;
        zeros += other.zeros;
        least = Math.min(least, other.least);
        most = Math.max(most, other.most);
        merge(above, other, other.above);
        merge(below, other, other.below);
    }

    private void merge(Counters side, LogSketch other, Counters more) {
        if (more.isEmpty()) {
            return;
        }
        while (!side.holds(folded(more.lowest(), other.folds), MOST_BUCKETS)
                || !side.holds(folded(more.highest(), other.folds), MOST_BUCKETS)
                || folded(more.highest(), other.folds) - folded(more.lowest(), other.folds) >= MOST_BUCKETS) {
            fold();
        }
        for (int bucket = more.lowest(); bucket <= more.highest(); bucket++) {
            long there = more.at(bucket);
            if (there > 0) {
                side.add(folded(bucket, other.folds), there);
            }
        }
    }

    private int folded(int bucket, int from) {
        int folded = bucket;
        for (int i = from; i < folds; i++) {
            folded = Counters.folded(folded);
        }
        return folded;
    }

    /** The value at a place in their order, counted from 1; the first and the last are exact. */
    double at(long place) {
        if (place <= 1) {
            return least;
        }
        if (place >= count) {
            return most;
        }
        return Math.max(least, Math.min(most, middle(place)));
    }

    private double middle(long place) {
        long before = below.total();
        if (place <= before) {
            return -middleOf(below.bucketAt(before - place + 1));
        }
        return place <= before + zeros ? 0 : middleOf(above.bucketAt(place - before - zeros));
    }

    private double middleOf(int bucket) {
        double base = Math.exp(logBase);
        return 2 * Math.exp((bucket - 1) * logBase) / (1 + 1 / base);
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("above", above.toJson())
                .put("below", below.toJson())
                .put("folds", folds)
                .put("zeros", zeros)
                .put("least", least)
                .put("most", most);
    }
}
