package dev.weir.expression;

import java.util.List;

/**
 * An expression over aggregates, as in {@code sum(event.data.x) / count()}.
 *
 * @param result evaluated with the results of the calls in the slots after the environment's variables. Its paths are what it
 *     reads outside of the calls.
 * @param calls the aggregates in the order of their slots; the same call written twice is here once
 */
public record Aggregation(Expression result, List<AggregateCall> calls) {
    public Aggregation {
        calls = List.copyOf(calls);
    }
}
