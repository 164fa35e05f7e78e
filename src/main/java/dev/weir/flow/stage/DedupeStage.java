package dev.weir.flow.stage;

import dev.weir.expression.Expression;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Keeps;
import dev.weir.flow.KeyedState;
import dev.weir.flow.Keys;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import dev.weir.flow.StateCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets pass only the first of what is the same. */
final class DedupeStage implements Stage, KeyedState.Due<Long> {
    static final StageType TYPE = new StageType(
            "dedupe",
            "Lets pass only the first of several events that are the same, within a time.",
            "Exact within `within`, counted from the event that passed: none of the same passes again, and the first one always does."
                    + " Only when more keys than `max-keys` are remembered may one pass again; that is counted as evicted.",
            StageType.BY,
            List.of(
                    StageOption.optional(
                            StageType.BY,
                            Kind.EXPRESSION,
                            "What makes events the same; without it `event.id`. An event for which this is nothing always passes."),
                    StageOption.duration("within", "10m", "For how long they are the same."),
                    StageOption.optional(
                            "repeated",
                            Kind.BRANCH,
                            "What becomes of the others: `{stages: [...], to: ...}`; without it they are dropped and counted."),
                    Grouping.MAX_KEYS),
            new StageType.Traits(true, List.of("repeated"), false),
            "dedupe: {by: event.data.order, within: 1h}",
            DedupeStage::make);

    private final StageContext context;
    private final @Nullable Expression by;
    private final long withinMillis;
    private final KeyedState<Long> seen;

    private DedupeStage(StageContext context, @Nullable Expression by, long withinMillis, long most) {
        this.context = context;
        this.by = by;
        this.withinMillis = withinMillis;
        this.seen = context.state(StateCodec.WHOLE, this, most);
    }

    private static StageType.Factory make(StageOptions options) {
        options.keeps(Keeps.EVENT);
        Expression by = options.optionalExpression(StageType.BY);
        long within = options.time("within").toMillis();
        long most = options.count(Grouping.MAX_KEYS.name());
        options.branch("repeated");
        return context -> new DedupeStage(context, by, within, most);
    }

    @Override
    public void accept(FlowEvent event) {
        Object same = by == null ? event.id() : by.evaluate(event);
        if (same == null) {
            context.emit(event);
            return;
        }
        String key = Keys.of(same);
        long now = context.clock().millis();
        Long before = seen.get(key);
        // Timers may come late, so the time is compared too.
        if (before != null && now - before < withinMillis) {
            context.emit("repeated", event);
            return;
        }
        seen.put(key, now, now + withinMillis);
        context.emit(event);
    }

    @Override
    public void due(String key, Long since) {
        seen.remove(key);
    }
}
