package dev.weir.flow.stage;

import dev.weir.flow.FlowEvent;
import dev.weir.flow.KeyedState;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import dev.weir.flow.StateCodec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waits for a pause in a burst, and gives on one event of it. */
final class DebounceStage implements Stage, KeyedState.Due<DebounceStage.Burst> {
    /** As in {@link Emit}. */
    private static final List<String> WAYS = List.of("last", "first", "leading", "all", "summary");

    static final StageType TYPE = new StageType(
            "debounce",
            "Waits for a pause in a burst of events and gives on one event for all of them.",
            "One event for each burst, at its end; with `leading` at its beginning. A burst in a journaled flow outlives a restart"
                    + " and then ends late rather than never. The event has the attributes `completedby` (`pause`, `max-wait`,"
                    + " `max-size`, or `evicted` when there were too many keys) and `batchsize`, how many events it stands for.",
            "pause",
            List.of(
                    StageOption.duration("pause", "500ms", "How long nothing more must come for a burst to be over."),
                    StageOption.duration(
                            "max-wait", "10s", "How long after its first event a burst is over at the latest."),
                    StageOption.count("max-size", 1_000, 1, 100_000, "With how many events a burst is over."),
                    StageOption.choice(
                            "emit",
                            WAYS,
                            "What is given on: the last event of the burst, the first one, the first one at once (`leading`), a"
                                    + " list of the data of all, or `{first, last, count}` of their data."),
                    Grouping.BY,
                    Grouping.MAX_KEYS),
            StageType.Traits.KEYED,
            "debounce: {pause: 2s, max-wait: 30s, by: event.key}",
            DebounceStage::make);

    private enum Emit {
        LAST,
        FIRST,
        LEADING,
        ALL,
        SUMMARY
    }

    private record Made(long pauseMillis, long mostMillis, long mostEvents, Emit emit, Grouping grouping) {}

    /** What there is of a burst. */
    static final class Burst {
        private final FlowEvent first;
        private final JsonArray all;
        private final long untilMillis;
        private FlowEvent last;
        private long count;
        private long dueMillis;

        Burst(FlowEvent first, JsonArray all, long untilMillis) {
            this.first = first;
            this.last = first;
            this.all = all;
            this.untilMillis = untilMillis;
        }

        private Object toJson() {
            return new JsonObject()
                    .put("first", StateCodec.EVENT.write().apply(first))
                    .put("last", last == first ? null : StateCodec.EVENT.write().apply(last))
                    .put("all", all)
                    .put("count", count)
                    .put("until", untilMillis)
                    .put("due", dueMillis);
        }

        private static Burst read(Object kept) {
            JsonObject json = (JsonObject) kept;
            Burst burst = new Burst(
                    StateCodec.EVENT.read().apply(json.getJsonObject("first")),
                    json.getJsonArray("all"),
                    json.getLong("until"));
            @Nullable JsonObject last = json.getJsonObject("last");
            if (last != null) {
                burst.last = StateCodec.EVENT.read().apply(last);
            }
            burst.count = json.getLong("count");
            burst.dueMillis = json.getLong("due");
            return burst;
        }
    }

    private final StageContext context;
    private final Made made;
    private final KeyedState<Burst> bursts;

    private DebounceStage(StageContext context, Made made) {
        this.context = context;
        this.made = made;
        this.bursts = context.state(new StateCodec<>(Burst::toJson, Burst::read), this, made.grouping.most());
    }

    private static StageType.Factory make(StageOptions options) {
        long pause = options.time("pause").toMillis();
        long most = options.time("max-wait").toMillis();
        if (most < pause) {
            options.wrong("max-wait", "it is shorter than pause, which would never be waited for", "make it longer");
        }
        Emit emit = Emit.values()[WAYS.indexOf(options.choice("emit"))];
        Made made = new Made(pause, most, options.count("max-size"), emit, Grouping.read(options));
        return context -> new DebounceStage(context, made);
    }

    @Override
    public void accept(FlowEvent event) {
        String key = made.grouping.of(event);
        long now = context.clock().millis();
        Burst burst = bursts.get(key);
        // Timers may come late: what comes after the pause begins another burst.
        if (burst != null && burst.dueMillis <= now) {
            due(key, burst);
            burst = null;
        }
        if (burst == null) {
            burst = new Burst(event, new JsonArray(), now + made.mostMillis);
            if (made.emit == Emit.LEADING) {
                context.emit(Completed.say(event, "leading", 1));
            }
        } else {
            supersede(burst, event);
        }
        burst.last = event;
        burst.count++;
        if (made.emit == Emit.ALL) {
            burst.all.add(event.data());
        }
        if (burst.count >= made.mostEvents) {
            bursts.remove(key);
            emit(burst, "max-size");
            return;
        }
        burst.dueMillis = Math.min(now + made.pauseMillis, burst.untilMillis);
        bursts.put(key, burst, burst.dueMillis);
    }

    /** Of two events one is no more; which, is told by what is given on in the end. */
    private void supersede(Burst burst, FlowEvent event) {
        if (made.emit == Emit.LAST) {
            context.drop(burst.last);
        } else if (made.emit != Emit.ALL && made.emit != Emit.SUMMARY) {
            context.drop(event);
        }
    }

    @Override
    public void due(String key, Burst burst) {
        bursts.remove(key);
        emit(burst, burst.dueMillis == burst.untilMillis ? "max-wait" : "pause");
    }

    @Override
    public void evicted(String key, Burst burst) {
        emit(burst, "evicted");
    }

    private void emit(Burst burst, String by) {
        if (made.emit != Emit.LEADING) {
            context.emit(Completed.say(result(burst), by, burst.count));
        }
    }

    private FlowEvent result(Burst burst) {
        return switch (made.emit) {
            case FIRST, LEADING -> burst.first;
            case LAST -> burst.last;
            case ALL -> burst.last.withData(burst.all);
            case SUMMARY ->
                burst.last.withData(new JsonObject()
                        .put("first", burst.first.data())
                        .put("last", burst.last.data())
                        .put("count", (int) burst.count));
        };
    }
}
