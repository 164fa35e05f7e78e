package dev.weir.flow.stage;

import dev.weir.config.RawValue;
import dev.weir.expression.Expression;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Keeps;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Sends events on different ways. */
final class RouteStage implements Stage {
    static final StageType TYPE = new StageType(
            "route",
            "Sends events on different ways: the first whose condition holds, or all.",
            "Nothing is remembered. An event that no case takes goes the way of `else`, or on behind this stage without one.",
            "cases",
            List.of(
                    StageOption.required(
                            "cases",
                            Kind.BRANCHES,
                            "A list of ways: each has a condition `when`, and `stages`, `to` or both. One without `to` goes on"
                                    + " behind this stage."),
                    StageOption.branch(
                            "else",
                            null,
                            List.of("drop"),
                            "The way of events that no case takes: `{stages: [...], to: ...}`, or `drop`; without it they go on"
                                    + " behind this stage."),
                    StageOption.choice(
                            "match", List.of("first", "all"), "Whether the first case takes an event, or every one.")),
            StageType.Traits.PLAIN,
            "route: {cases: [{when: event.data.level == 'error', to: {address: alerts}}], else: drop}",
            RouteStage::make);

    private static final String ELSE = "else";
    private static final String DROP = "drop";

    private enum Other {
        BRANCH,
        DROP,
        BEHIND
    }

    private final StageContext context;
    private final Expression[] conditions;
    private final String[] names;
    private final boolean all;
    private final Other other;

    private RouteStage(StageContext context, List<Expression> conditions, boolean all, Other other) {
        this.context = context;
        this.conditions = conditions.toArray(Expression[]::new);
        this.names =
                IntStream.range(0, conditions.size()).mapToObj(RouteStage::name).toArray(String[]::new);
        this.all = all;
        this.other = other;
    }

    private static StageType.Factory make(StageOptions options) {
        options.keeps(Keeps.EVENT);
        boolean all = options.choice("match").equals("all");
        List<Expression> conditions = new ArrayList<>();
        RawValue always = null;
        for (RawValue raw : cases(options)) {
            if (!all && always != null) {
                options.wrong(
                        "cases",
                        raw,
                        "this case is never reached, since one before it takes every event",
                        "put the case that takes every event last, or make it else:");
            }
            Expression when = when(options, raw, conditions);
            conditions.add(when);
            options.branch(name(conditions.size() - 1), raw, List.of("when"));
            always = Boolean.TRUE.equals(when.constant()) ? raw : always;
        }
        Other other = other(options, always != null);
        if (other != Other.BEHIND || always != null) {
            options.passesNothing();
        }
        return context -> new RouteStage(context, conditions, all, other);
    }

    private static List<RawValue> cases(StageOptions options) {
        RawValue raw = options.raw("cases");
        if (raw != null && raw.value() instanceof List<?> list && !list.isEmpty()) {
            return list.stream().map(RawValue.class::cast).toList();
        }
        if (raw != null) {
            options.wrong("cases", "expected a list of cases", "write it as in " + TYPE.example());
        }
        return List.of();
    }

    private static Expression when(StageOptions options, RawValue raw, List<Expression> before) {
        Object written = raw.value() instanceof Map<?, ?> map ? map.get("when") : null;
        if (!(written instanceof RawValue condition)) {
            options.wrong(
                    "cases",
                    raw,
                    "when is missing",
                    "write each case as in {when: event.data.ok, to: {address: good}}");
            return options.expression("cases", RawValue.of(true));
        }
        Expression when = options.expression("cases.when", condition);
        if (Boolean.FALSE.equals(when.constant())) {
            options.wrong("cases", raw, when.text() + " holds for no event", "mend the condition, or remove the case");
        }
        if (before.stream().anyMatch(one -> same(one, when))) {
            options.wrong("cases", raw, "the condition " + when.text() + " is there twice", "remove one of the cases");
        }
        return when;
    }

    private static boolean same(Expression one, Expression other) {
        return !one.text().isEmpty() && one.text().strip().equals(other.text().strip());
    }

    private static Other other(StageOptions options, boolean unreachable) {
        RawValue raw = options.raw(ELSE);
        if (raw == null) {
            return Other.BEHIND;
        }
        String way = options.branchOrWord(ELSE);
        if (unreachable) {
            options.wrong(ELSE, "it is never reached, since a case takes every event", "remove it");
        }
        return way.equals(DROP) ? Other.DROP : Other.BRANCH;
    }

    private static String name(int index) {
        return "case-" + (index + 1);
    }

    @Override
    public void accept(FlowEvent event) {
        if (all) {
            acceptAll(event);
            return;
        }
        for (int i = 0; i < conditions.length; i++) {
            if (conditions[i].test(event)) {
                context.emit(names[i], event);
                return;
            }
        }
        otherwise(event);
    }

    /** All conditions are computed before the first way is taken, so that an error in one leaves nothing behind. */
    private void acceptAll(FlowEvent event) {
        boolean[] taken = new boolean[conditions.length];
        boolean any = false;
        for (int i = 0; i < conditions.length; i++) {
            taken[i] = conditions[i].test(event);
            any |= taken[i];
        }
        for (int i = 0; i < conditions.length; i++) {
            if (taken[i]) {
                context.emit(names[i], event);
            }
        }
        if (!any) {
            otherwise(event);
        }
    }

    private void otherwise(FlowEvent event) {
        switch (other) {
            case BRANCH -> context.emit(ELSE, event);
            case DROP -> context.drop(event);
            case BEHIND -> context.emit(event);
        }
    }
}
