package dev.weir.flow.stage;

import dev.weir.flow.FlowEvent;
import dev.weir.flow.KeyedState;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageType;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;

/** Waits for several events that belong together, and makes one of them. */
final class JoinStage implements Stage, KeyedState.Due<Joined> {
    static final StageType TYPE = new StageType(
            "join",
            "Waits for several events of one key and makes one event of their data.",
            "Each event is in at most one result. A result has the type `join`, the key it was grouped by, an object of the data by"
                    + " name, and the attributes `completedby` (`all`, `size`, `predicate`, `timeout`, or `evicted` when there were"
                    + " too many keys), `batchsize` and, when something has not come, `missing`; its other attributes are those of its"
                    + " last event. What comes after that begins anew. In a journaled flow what has come outlives a restart.",
            null,
            List.of(
                    StageOption.required("by", Kind.EXPRESSION, "What belongs together has the same value here."),
                    StageOption.required(
                            "on",
                            Kind.RAW,
                            "What is waited for: a map of names to conditions over `event`, or to `{when: CONDITION, many: true}`"
                                    + " for events that come more than once and become a list. The first name that fits takes an"
                                    + " event."),
                    StageOption.text(
                            "complete",
                            "all",
                            "When it is complete: `all` when every name has come, a number of events, or a condition over the"
                                    + " names, which are null (a list: empty) while they have not come, as in `size(stock) >="
                                    + " payment.items`."),
                    StageOption.duration("timeout", "1h", "How long after the first event the rest is waited for."),
                    StageOption.choice(
                            "on-timeout",
                            List.of("emit", "drop", "incomplete"),
                            "What becomes of what has come by then: given on, dropped, or given to the side output `incomplete`."),
                    StageOption.optional(
                            "incomplete",
                            Kind.BRANCH,
                            "The way of what was not completed: `{stages: [...], to: ...}`."),
                    StageOption.choice(
                            "keep", List.of("last", "first"), "Which counts when the same name comes again."),
                    StageOption.duration(
                            "quiet",
                            "0s",
                            "For how long after completion further events of the key are dropped as late."),
                    StageOption.optional(
                            "other",
                            Kind.BRANCH,
                            "The way of events that are none of what is waited for; without it they are dropped and counted."),
                    StageOption.count(
                            "max-size", 1_000, 1, 100_000, "With how many events it is complete in any case."),
                    Grouping.MAX_KEYS),
            new StageType.Traits(true, List.of("incomplete", "other"), false),
            "join: {by: event.data.order, on: {payment: event.type == 'paid', stock: event.type == 'reserved'}, timeout: 30m}",
            options -> {
                JoinOptions made = JoinOptions.read(options);
                return context -> new JoinStage(context, made);
            });

    private final StageContext context;
    private final JoinOptions made;
    private final KeyedState<Joined> open;

    private JoinStage(StageContext context, JoinOptions made) {
        this.context = context;
        this.made = made;
        this.open = context.state(Joined.CODEC, this, made.grouping().most());
    }

    @Override
    public void accept(FlowEvent event) {
        JoinOptions.Named named = made.find(event);
        if (named == null) {
            context.emit("other", event);
            return;
        }
        String key = made.grouping().of(event);
        long now = context.clock().millis();
        Joined joined = open.get(key);
        // Timers may come late.
        if (joined != null && joined.untilMillis <= now) {
            due(key, joined);
            joined = null;
        }
        if (joined == null) {
            joined = new Joined(new JsonObject(), now + made.timeoutMillis(), event);
        } else if (joined.last == null) {
            context.drop(event);
            return;
        }
        add(key, joined, named, event);
    }

    private void add(String key, Joined joined, JoinOptions.Named named, FlowEvent event) {
        boolean wasThere = joined.named.containsKey(named.name());
        if (wasThere && made.keepFirst() && !named.many()) {
            context.drop(event);
            return;
        }
        Object before = joined.named.getValue(named.name());
        joined.add(named.name(), named.many(), event.data());
        joined.size++;
        String by;
        try {
            by = made.completedBy(joined);
        } catch (RuntimeException error) {
            // An event whose condition fails is an error, and has not come.
            joined.size--;
            joined.undo(named.name(), named.many(), wasThere, before);
            throw error;
        }
        joined.last = event;
        if (by == null) {
            open.put(key, joined, joined.untilMillis);
        } else {
            end(key);
            context.emit(result(key, joined, by));
        }
    }

    private void end(String key) {
        if (made.quietMillis() > 0) {
            long until = context.clock().millis() + made.quietMillis();
            open.put(key, Joined.over(until), until);
        } else {
            open.remove(key);
        }
    }

    private FlowEvent result(String key, Joined joined, String by) {
        FlowEvent last = Objects.requireNonNull(joined.last, "open");
        FlowEvent result =
                Completed.say(last.withData(joined.named).withType(TYPE.name()).withKey(key), by, joined.size);
        String missing = made.missing(joined);
        return missing.isEmpty() ? result : result.withAttribute("missing", missing);
    }

    @Override
    public void due(String key, Joined joined) {
        if (joined.last == null) {
            open.remove(key);
        } else {
            end(key);
            giveUp(key, joined, "timeout");
        }
    }

    @Override
    public void evicted(String key, Joined joined) {
        if (joined.last != null) {
            giveUp(key, joined, "evicted");
        }
    }

    private void giveUp(String key, Joined joined, String by) {
        FlowEvent result = result(key, joined, by);
        switch (made.onTimeout()) {
            case "emit" -> context.emit(result);
            case "incomplete" -> context.emit("incomplete", result);
            default -> context.drop(result);
        }
    }
}
