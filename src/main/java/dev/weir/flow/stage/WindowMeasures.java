package dev.weir.flow.stage;

import dev.weir.config.RawValue;
import dev.weir.expression.AggregateCall;
import dev.weir.expression.Aggregation;
import dev.weir.expression.Environment;
import dev.weir.expression.Expression;
import dev.weir.expression.ExpressionException;
import dev.weir.expression.Expressions;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.StageException;
import dev.weir.flow.StageOptions;
import dev.weir.flow.aggregate.Aggregate;
import dev.weir.flow.aggregate.AggregateFunction;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a window computes: the aggregates that are kept for each pane, and the fields made of their results. The same aggregate of the
 * same argument is kept once, and one {@code quantile} serves all shares. Immutable; made when a flow is loaded.
 */
final class WindowMeasures {
    private static final List<String> NAMES =
            AggregateFunction.ALL.stream().map(AggregateFunction::name).toList();
    private static final Environment ENVIRONMENT = new Environment(List.of("event"), NAMES);

    private static final int NONE = -1;

    /**
     * One aggregate that is kept.
     *
     * @param like the one before that has the same argument, which is evaluated once; or {@link #NONE}
     */
    private record Measure(
            AggregateFunction function, @Nullable Expression argument, int like, List<Object> constants) {
        boolean isOf(@Nullable Expression other) {
            return argument == null
                    ? other == null
                    : other != null && argument.text().equals(other.text());
        }
    }

    /** Where the result of a call comes from. */
    private record Reading(int measure, List<Object> constants) {}

    /** A field of the result. */
    private record Field(String name, Expression value, List<Reading> readings) {}

    private final List<Measure> measures = new ArrayList<>();
    private final List<Field> fields = new ArrayList<>();

    /** Reads {@code compute}, noting what is wrong with it. */
    WindowMeasures(StageOptions options) {
        Map<String, RawValue> written = options.entries(WindowStage.COMPUTE);
        written.forEach((name, raw) -> {
            Aggregation aggregation = options.aggregation(raw, ENVIRONMENT);
            List<Reading> readings = aggregation.calls().stream()
                    .map(call -> reading(options, call))
                    .toList();
            fields.add(new Field(name, aggregation.result(), readings));
            check(options, name, aggregation);
        });
        if (written.isEmpty() && options.has(WindowStage.COMPUTE)) {
            options.wrong(WindowStage.COMPUTE, "nothing is computed", "write it as in compute: {n: count()}");
        }
    }

    private static void check(StageOptions options, String name, Aggregation aggregation) {
        String path = aggregation.result().paths().stream().findFirst().orElse(null);
        if (path != null) {
            options.wrong(
                    WindowStage.COMPUTE,
                    name + ": " + path + " is of one event, and a window has many",
                    "write last(" + path + "), or put it into by");
        }
        if (WindowStage.OWN_FIELDS.contains(name)) {
            options.wrong(WindowStage.COMPUTE, "the field " + name + " is the window's own", "choose another name");
        }
    }

    private Reading reading(StageOptions options, AggregateCall call) {
        AggregateFunction function = AggregateFunction.of(call.function()).orElseThrow();
        Expression argument =
                call.arguments().isEmpty() ? null : call.arguments().get(0);
        if (argument == null && !function.isArgumentOptional()) {
            options.wrong(
                    WindowStage.COMPUTE,
                    function.name() + " of what?",
                    "write it as in " + function.signature() + ", where x is an expression over event");
        }
        List<Object> constants = constants(options, function, call);
        List<Object> shaping = function.shaping(constants);
        int like = NONE;
        for (int i = measures.size() - 1; i >= 0; i--) {
            Measure measure = measures.get(i);
            if (measure.isOf(argument)) {
                like = i;
                if (measure.function == function && measure.constants.equals(shaping)) {
                    return new Reading(i, constants);
                }
            }
        }
        measures.add(new Measure(function, argument, like, shaping));
        return new Reading(measures.size() - 1, constants);
    }

    private static List<Object> constants(StageOptions options, AggregateFunction function, AggregateCall call) {
        List<Object> given = new ArrayList<>();
        try {
            for (Expression constant : call.arguments().stream().skip(1).toList()) {
                Object value = constant.paths().isEmpty() ? constant.evaluate(slot -> null) : constant.text();
                given.add(value == null ? "null" : value);
            }
            return function.constants(given);
        } catch (IllegalArgumentException | ExpressionException wrong) {
            options.wrong(WindowStage.COMPUTE, String.valueOf(wrong.getMessage()), "known: " + function.signature());
            return List.of();
        }
    }

    /** Aggregates to which nothing was added. */
    Aggregate[] none() {
        Aggregate[] none = new Aggregate[measures.size()];
        for (int i = 0; i < none.length; i++) {
            Measure measure = measures.get(i);
            none[i] = measure.function.create(measure.constants);
        }
        return none;
    }

    /** What the event has for each aggregate. */
    void evaluate(FlowEvent event, @Nullable Object[] values) {
        for (int i = 0; i < values.length; i++) {
            Measure measure = measures.get(i);
            if (measure.like != NONE) {
                values[i] = values[measure.like];
            } else {
                values[i] = measure.argument == null ? (Object) true : measure.argument.evaluate(event);
            }
        }
    }

    /** Throws when one of the aggregates cannot take its value. */
    void check(Aggregate[] aggregates, @Nullable Object[] values) {
        for (int i = 0; i < values.length; i++) {
            try {
                aggregates[i].check(values[i]);
            } catch (IllegalArgumentException wrong) {
                Expression argument = measures.get(i).argument;
                throw new StageException(
                        wrong.getMessage() + (argument == null ? "" : " in " + argument.text()), wrong);
            }
        }
    }

    /** How many aggregates there are. */
    int size() {
        return measures.size();
    }

    /** Adds the computed fields to the result; what cannot be computed is null. */
    int put(Aggregate[] aggregates, JsonObject result) {
        int failed = 0;
        for (Field field : fields) {
            @Nullable Object value = null;
            try {
                value = Expressions.toJson(field.value.evaluate(
                        slot -> slot == 0 ? null : result(aggregates, field.readings.get(slot - 1))));
            } catch (ExpressionException notComputed) {
                failed++;
            }
            result.put(field.name, value);
        }
        return failed;
    }

    private static @Nullable Object result(Aggregate[] aggregates, Reading reading) {
        return aggregates[reading.measure].result(reading.constants);
    }

    /** As JSON that {@link #read} takes. */
    JsonArray write(Aggregate[] aggregates) {
        JsonArray written = new JsonArray();
        for (Aggregate aggregate : aggregates) {
            written.add(aggregate.toJson());
        }
        return written;
    }

    /** What was written. */
    Aggregate[] read(JsonArray written) {
        Aggregate[] aggregates = new Aggregate[measures.size()];
        for (int i = 0; i < aggregates.length; i++) {
            Measure measure = measures.get(i);
            aggregates[i] =
                    measure.function.read(measure.constants, Objects.requireNonNull(written.getValue(i), "aggregate"));
        }
        return aggregates;
    }
}
