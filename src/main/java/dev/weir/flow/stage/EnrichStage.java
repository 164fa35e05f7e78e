package dev.weir.flow.stage;

import dev.weir.bus.Addresses;
import dev.weir.config.RawValue;
import dev.weir.expression.Environment;
import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Hold;
import dev.weir.flow.Keeps;
import dev.weir.flow.Keys;
import dev.weir.flow.Lookup;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageException;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import dev.weir.time.Timers;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds to an event what another address says last of its key. */
final class EnrichStage implements Stage {
    private static final List<String> MISSING = List.of("pass", "drop", "error", "wait");

    static final StageType TYPE = new StageType(
            "enrich",
            "Adds to events what an address with `keep: latest` says last of a key.",
            "One event out for each event in. What is found is what is the newest when the event is processed, so a flow that"
                    + " processes an event again may find something newer. Nothing is processed before the table is complete. In"
                    + " tests, given events on the address fill the table.",
            null,
            List.of(
                    StageOption.required("from", Kind.TEXT, "An address with `keep: latest`."),
                    StageOption.required("key", Kind.EXPRESSION, "The key to look up, over `event`."),
                    StageOption.optional(
                            "as", Kind.TEXT, "The field that gets what is found; for events whose data is an object."),
                    StageOption.optional(
                            "data",
                            Kind.EXPRESSION,
                            "Instead of `as`: the new data, over `event` and `found`, which is null when nothing is."),
                    StageOption.choice(
                            "on-missing",
                            MISSING,
                            "What becomes of an event for which nothing is found: passed on (with `as`: as it is), dropped and"
                                    + " counted, an error, or held until there is something."),
                    StageOption.duration(
                            "wait",
                            "30s",
                            "With `on-missing: wait`, how long until it is an error, which is tried again as `on-error` says;"
                                    + " after a restart it is waited for as long again.")),
            StageType.Traits.PLAIN,
            "enrich: {from: customers, key: event.data.customer, as: customer}",
            EnrichStage::make);

    private static final Environment FOUND = new Environment(List.of("event", "found"), List.of());

    private record Made(
            String from,
            Expression key,
            @Nullable String as,
            @Nullable Expression data,
            String onMissing,
            Duration patience) {}

    private final StageContext context;
    private final Made made;
    private final Lookup table;
    private final Set<Waiting> waiting = new HashSet<>();

    private EnrichStage(StageContext context, Made made) {
        this.context = context;
        this.made = made;
        this.table = context.lookup(made.from);
    }

    private static StageType.Factory make(StageOptions options) {
        options.keeps(Keeps.KEY);
        String from = options.text("from");
        if (options.has("from") && !Addresses.isValid(from)) {
            options.wrong("from", "'" + from + "' is no address", "write one, as in customers; no pattern");
        } else {
            options.looksUp(from);
        }
        if (options.has("as") == options.has("data")) {
            options.wrong(
                    options.has("as") ? "data" : "as",
                    "either as or data says what becomes of what is found",
                    "write as: FIELD or data: EXPRESSION");
        }
        RawValue data = options.raw("data");
        Made made = new Made(
                from,
                options.expression("key"),
                options.optionalText("as"),
                data == null ? null : options.compile("data", data, FOUND),
                options.choice("on-missing"),
                options.time("wait"));
        return context -> new EnrichStage(context, made);
    }

    @Override
    public void accept(FlowEvent event) {
        String key = Keys.of(made.key.evaluate(event));
        if (table.isReady() && (table.get(key) != null || !made.onMissing.equals("wait"))) {
            complete(event, key);
        } else {
            new Waiting(event, key, context.hold(event)).begin();
        }
    }

    private void complete(FlowEvent event, String key) {
        Object found = table.get(key);
        if (found != null || made.onMissing.equals("pass")) {
            context.emit(enriched(event, found));
        } else if (made.onMissing.equals("drop")) {
            context.drop(event);
        } else {
            throw new StageException(nothing(key) + ": emit it there first, or say what to do with on-missing");
        }
    }

    private String nothing(String key) {
        return "there is nothing on " + made.from + " for the key '" + key + "', which " + made.key.text() + " gave";
    }

    private FlowEvent enriched(FlowEvent event, @Nullable Object found) {
        if (made.data != null) {
            return event.withData(Expressions.toJson(made.data.evaluate(slot -> slot == 0 ? event : found)));
        }
        if (found == null) {
            return event;
        }
        if (!(event.data() instanceof JsonObject data)) {
            throw new StageException("event.data is no object, so it has no field " + made.as
                    + ": write data: {'value': event.data, 'found': found} instead of as");
        }
        JsonObject more = new JsonObject();
        data.forEach(field -> more.put(field.getKey(), field.getValue()));
        return event.withData(more.put(String.valueOf(made.as), found));
    }

    @Override
    public void close() {
        waiting.forEach(Waiting::stop);
        waiting.clear();
    }

    /** An event for which there is nothing yet. */
    private final class Waiting {
        private final FlowEvent event;
        private final String key;
        private final Hold hold;
        private Timers.@Nullable Timer timer;
        private @Nullable Runnable stop;

        Waiting(FlowEvent event, String key, Hold hold) {
            this.event = event;
            this.key = key;
            this.hold = hold;
        }

        void begin() {
            waiting.add(this);
            if (made.onMissing.equals("wait")) {
                timer = context.timers().after(made.patience, this::late);
            }
            listen();
        }

        private void listen() {
            stop = table.whenKnown(key, this::look);
        }

        private void look() {
            if (!hold.isOpen()) {
                end();
            } else if (!table.isReady() || (table.get(key) == null && made.onMissing.equals("wait"))) {
                listen();
            } else {
                end();
                release();
            }
        }

        private void release() {
            try {
                complete(event, key);
            } catch (RuntimeException error) {
                hold.fail(error);
                return;
            }
            hold.done();
        }

        private void late() {
            timer = null;
            end();
            hold.fail(new IllegalStateException(
                    nothing(key) + ", and nothing came within " + made.patience.toMillis() + " ms"));
        }

        private void end() {
            waiting.remove(this);
            stop();
        }

        void stop() {
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
            if (stop != null) {
                stop.run();
                stop = null;
            }
        }
    }
}
