package dev.weir.observe.overview;

import dev.weir.bus.Latencies;

/** All gauges read at one moment. What only grows becomes a figure beside an earlier reading. Immutable. */
final class Reading {
    /** What only grows since the node started. */
    record Totals(
            double in,
            double out,
            double refused,
            double kept,
            double commits,
            double commitMillis,
            double gcSeconds,
            double cpuSeconds) {}

    /**
     * What comes and goes; NaN for what the node does not have.
     *
     * @param loop the worst lag since the reading before
     */
    record Levels(double sessions, double waiting, double lag, double letters, double loop, double heap) {}

    private final long nanos;
    private final Totals totals;
    private final Levels levels;
    private final long[] latencies;

    /**
     * @param nanos when, on a clock that only goes forward
     * @param latencies of deliveries, as {@link Latencies#counts()}
     */
    Reading(long nanos, Totals totals, Levels levels, long[] latencies) {
        this.nanos = nanos;
        this.totals = totals;
        this.levels = levels;
        this.latencies = latencies.clone();
    }

    long nanos() {
        return nanos;
    }

    /** The worst lag since the reading before. */
    double loop() {
        return levels.loop();
    }

    /** The figures of the time since an earlier reading. */
    Figures since(Reading before) {
        Totals were = before.totals;
        double seconds = (nanos - before.nanos) / 1e9;
        return new Figures()
                .put(Figure.IN, (totals.in - were.in) / seconds)
                .put(Figure.OUT, (totals.out - were.out) / seconds)
                .put(Figure.REFUSED, (totals.refused - were.refused) / seconds)
                .put(Figure.P50, Latencies.quantileMillis(before.latencies, latencies, 0.5))
                .put(Figure.P99, Latencies.quantileMillis(before.latencies, latencies, 0.99))
                .put(Figure.SESSIONS, levels.sessions())
                .put(Figure.KEPT, (totals.kept - were.kept) / seconds)
                .put(Figure.COMMIT, (totals.commitMillis - were.commitMillis) / (totals.commits - were.commits))
                .put(Figure.WAITING, levels.waiting())
                .put(Figure.LAG, levels.lag())
                .put(Figure.LETTERS, levels.letters())
                .put(Figure.LOOP, levels.loop())
                .put(Figure.HEAP, levels.heap())
                .put(Figure.GC, (totals.gcSeconds - were.gcSeconds) / seconds)
                .put(Figure.CPU, (totals.cpuSeconds - were.cpuSeconds) / seconds);
    }
}
