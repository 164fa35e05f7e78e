package dev.weir.flow.stage;

import dev.weir.expression.Expression;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Keys;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import org.jspecify.annotations.Nullable;

/**
 * What a stage groups by, and how many groups it remembers.
 *
 * @param by null for all events together
 * @param most groups
 */
record Grouping(@Nullable Expression by, long most) {
    static final StageOption BY = StageOption.optional(
            StageType.BY,
            Kind.EXPRESSION,
            "What events are grouped by, as in `event.key`; without it all are one group. A flow is spread over a cluster only when"
                    + " this is the flow's `key`.");
    static final StageOption MAX_KEYS = StageOption.count(
            "max-keys",
            1_000_000,
            1,
            100_000_000,
            "How many keys are remembered on a node; beyond that the one that was not used for longest is forgotten, and counted.");

    static Grouping read(StageOptions options) {
        return new Grouping(options.optionalExpression(StageType.BY), options.count(MAX_KEYS.name()));
    }

    /** The group of an event; empty without {@code by}. */
    String of(FlowEvent event) {
        return by == null ? "" : Keys.of(by.evaluate(event));
    }
}
