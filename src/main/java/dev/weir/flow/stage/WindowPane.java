package dev.weir.flow.stage;

import dev.weir.flow.aggregate.Aggregate;

/** What came of one key within a stretch of time: from the start, which belongs to it, to the end, which does not. */
final class WindowPane {
    final Aggregate[] aggregates;
    long start;
    long end;

    WindowPane(long start, long end, Aggregate[] aggregates) {
        this.start = start;
        this.end = end;
        this.aggregates = aggregates;
    }

    void merge(WindowPane other) {
        for (int i = 0; i < aggregates.length; i++) {
            aggregates[i].merge(other.aggregates[i]);
        }
    }
}
