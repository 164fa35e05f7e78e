package dev.weir.flow.stage;

import dev.weir.config.RawValue;
import dev.weir.expression.Environment;
import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Keeps;
import dev.weir.flow.NotCalledException;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageException;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import dev.weir.flow.outside.BreakerOption;
import dev.weir.flow.outside.Calls;
import dev.weir.flow.outside.Outside;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks somebody about each event: over the bus or over HTTP. */
final class CallStage implements Stage, Calls.Outcome {
    private static final String FALLBACK = "fallback";
    private static final Environment ANSWERED = new Environment(List.of("event", "answer"), List.of());
    private static final Environment FAILED = new Environment(List.of("event", "error"), List.of());

    static final StageType TYPE = new StageType(
            "call",
            "Asks somebody about each event, on an address for requests or over HTTP, and goes on with the answer.",
            "Asks at least once: an event that was being asked about when its node stopped is asked about again. What cannot"
                    + " be answered goes to the fallback, or is an error. Order by key holds unless `order: free`.",
            CallQuestion.ADDRESS,
            options(),
            StageType.Traits.OUTSIDE,
            "call: {address: pricing, as: price, timeout: 1s}",
            CallStage::make);

    private final StageContext context;
    private final Made made;
    private final Calls calls;

    /** What is done with answers. */
    private record Made(
            Calls.Settings settings,
            boolean inOrder,
            @Nullable String as,
            @Nullable Expression data,
            @Nullable Expression fallback,
            boolean branches) {}

    private CallStage(StageContext context, Made made, Outside outside) {
        this.context = context;
        this.made = made;
        this.calls = new Calls(context, made.settings, false, outside, this);
    }

    private static List<StageOption> options() {
        List<StageOption> all = new java.util.ArrayList<>(CallQuestion.OPTIONS);
        all.addAll(List.of(
                StageOption.optional(
                        "as",
                        Kind.TEXT,
                        "Adds the answer to the event's data, under this name; else it replaces them."),
                StageOption.optional("data", Kind.EXPRESSION, "The new data instead, over `event` and `answer`."),
                StageOption.duration("timeout", "3s", "How long an attempt may take."),
                StageOption.optional(
                        "retry",
                        Kind.RETRY,
                        "How the call is tried again before it counts as failed; what `on-error` says holds afterwards. Not"
                                + " for what would be refused again, such as a status of 4xx."),
                BreakerOption.option("while open, calls fail at once"),
                StageOption.count(
                        "in-flight", 64, 1, 1000, "How many calls may be under way; further events wait in order."),
                StageOption.optional(
                        FALLBACK,
                        Kind.RAW,
                        "What takes the place of an answer that does not come: an expression over `event` and `error`, or a"
                                + " branch `{stages: [...], to: ...}` for the event as it is."),
                StageOption.choice(
                        "order",
                        List.of("key", "free"),
                        "Whether events of one key wait for each other, or all go on as their answers come.")));
        return List.copyOf(all);
    }

    private static StageType.Factory make(StageOptions options) {
        options.keeps(Keeps.KEY);
        CallQuestion question = CallQuestion.of(options);
        if (options.has("as") && options.has("data")) {
            options.wrong("as", "the answer cannot go both ways", "write as: NAME or data: EXPRESSION");
        }
        RawValue data = options.raw("data");
        RawValue fallback = options.raw(FALLBACK);
        boolean branches = fallback != null && fallback.value() instanceof Map;
        if (branches) {
            options.branch(FALLBACK);
        }
        Made made = new Made(
                new Calls.Settings(options.time("timeout"), options.retry("retry"), BreakerOption.read(options), (int)
                        options.count("in-flight")),
                options.choice("order").equals("key"),
                options.optionalText("as"),
                data == null ? null : options.compile("data", data, ANSWERED),
                fallback == null || branches ? null : options.compile(FALLBACK, fallback, FAILED),
                branches);
        return context -> new CallStage(context, made, question.outside(context, made.settings));
    }

    @Override
    public void accept(FlowEvent event) {
        calls.ask(event, context.hold(event, made.inOrder));
    }

    @Override
    public void answered(FlowEvent event, @Nullable Object answer) {
        if (made.data != null) {
            Expression data = made.data;
            context.emit(event.withData(Expressions.toJson(data.evaluate(slot -> slot == 0 ? event : answer))));
        } else {
            context.emit(event.withData(made.as == null ? answer : with(event, made.as, answer)));
        }
    }

    private static JsonObject with(FlowEvent event, String name, @Nullable Object answer) {
        Object data = event.data();
        if (data != null && !(data instanceof JsonObject)) {
            throw new StageException("the answer cannot be added as '" + name
                    + "', since event.data is no object; leave `as` away or write data: EXPRESSION");
        }
        JsonObject all =
                data == null ? new JsonObject() : new JsonObject(new LinkedHashMap<>(((JsonObject) data).getMap()));
        return all.put(name, answer);
    }

    @Override
    public boolean settles(FlowEvent event, Throwable failure) {
        if (failure instanceof NotCalledException) {
            context.count("notCalled", 1);
            if (!made.branches && made.fallback == null) {
                context.drop(event);
                return true;
            }
        }
        if (!made.branches && made.fallback == null) {
            return false;
        }
        context.count("fallbacks", 1);
        if (made.fallback == null) {
            context.emit(FALLBACK, event);
        } else {
            String error = String.valueOf(failure.getMessage());
            answered(event, Expressions.toJson(made.fallback.evaluate(slot -> slot == 0 ? event : error)));
        }
        return true;
    }

    @Override
    public void close() {
        calls.close();
    }
}
