package dev.weir.bus;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long something took, counted in buckets that grow by a quarter of an octave: a quantile is right to within 12 %. Adding is
 * one atomic addition without allocation. Thread-safe.
 */
public final class Latencies {
    private static final int SHIFT = 10;
    private static final int OCTAVES = 26;
    private static final int PARTS = 4;
    private static final double UNIT_MILLIS = (1L << SHIFT) / 1e6;

    private final AtomicLongArray counts = new AtomicLongArray(OCTAVES * PARTS);

    /**
     * Adds what took equally long.
     *
     * @param nanos how long, counted as at least a microsecond and at most a minute
     * @param events how many of them
     */
    public void add(long nanos, long events) {
        counts.addAndGet(bucket(nanos), events);
    }

    /** How many there were in each bucket since the start, for {@link #quantileMillis}. */
    public long[] counts() {
        long[] copy = new long[counts.length()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = counts.get(i);
        }
        return copy;
    }

    /**
     * What a share of those between two looks stayed below, in milliseconds; NaN when there were none.
     *
     * @param share above 0, at most 1
     */
    public static double quantileMillis(long[] before, long[] after, double share) {
        long all = 0;
        for (int i = 0; i < after.length; i++) {
            all += after[i] - before[i];
        }
        if (all <= 0) {
            return Double.NaN;
        }
        long wanted = Math.max(1, (long) Math.ceil(all * share));
        int bucket = 0;
        for (long seen = after[0] - before[0]; seen < wanted; seen += after[bucket] - before[bucket]) {
            bucket++;
        }
        return middle(bucket) * UNIT_MILLIS;
    }

    /** Four buckets for each power of two; the first four are a unit wide. */
    private static int bucket(long nanos) {
        long units = Math.max(0, nanos) >>> SHIFT;
        if (units < PARTS) {
            return (int) units;
        }
        int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(units);
        int part = (int) (units >>> (octave - 2)) & (PARTS - 1);
        return Math.min(OCTAVES * PARTS - 1, (octave - 1) * PARTS + part);
    }

    private static double middle(int bucket) {
        if (bucket < PARTS) {
            return bucket + 0.5;
        }
        int octave = bucket / PARTS + 1;
        double width = 1L << (octave - 2);
        return (PARTS + bucket % PARTS + 0.5) * width;
    }
}
