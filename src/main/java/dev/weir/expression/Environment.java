package dev.weir.expression;

import java.util.List;

/**
 * Which names expressions may use.
 *
 * @param variables such as {@code event}; their order gives their slots in a {@link Scope}
 * @param aggregates names of aggregate functions (count, sum, ...), empty outside windows
 */
public record Environment(List<String> variables, List<String> aggregates) {
    /** The variable {@code event} and no aggregates. */
    public static final Environment EVENT = new Environment(List.of("event"), List.of());

    public Environment {
        variables = List.copyOf(variables);
        aggregates = List.copyOf(aggregates);
    }
}
