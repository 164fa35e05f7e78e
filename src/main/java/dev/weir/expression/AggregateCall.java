package dev.weir.expression;

import java.util.List;

/**
 * One use of an aggregate function, as in {@code quantile(event.data.millis, 0.99)}.
 *
 * @param arguments expressions over the environment's variables; what is constant has no {@link Expression#paths()}
 */
public record AggregateCall(String function, List<Expression> arguments) {
    public AggregateCall {
        arguments = List.copyOf(arguments);
    }
}
