package dev.weir.flow.stage;

import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.KeyedState;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import dev.weir.flow.StateCodec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes one event of several. */
final class BatchStage implements Stage, KeyedState.Due<BatchStage.Gathered> {
    static final StageType TYPE = new StageType(
            "batch",
            "Makes one event of several: their data as a list.",
            "Each event is in exactly one batch, in order. A batch has the type `batch`, the key it was grouped by, and the"
                    + " attributes `completedby` (`count`, `bytes` or `time`) and `batchsize`; its other attributes are those of its"
                    + " last event. Of a batch that is forgotten because there are too many keys, what there is is given on, by"
                    + " `evicted`.",
            "count",
            List.of(
                    StageOption.count("count", 100, 1, 100_000, "How many events complete a batch."),
                    StageOption.size(
                            "bytes", "1MiB", "A batch is completed before its data becomes longer than this as JSON."),
                    StageOption.duration(
                            "time", "1s", "How long after its first event a batch is completed at the latest."),
                    StageOption.optional(
                            "data", Kind.EXPRESSION, "What of each event is put into the list; without it its data."),
                    Grouping.BY,
                    Grouping.MAX_KEYS),
            StageType.Traits.KEYED,
            "batch: {count: 500, time: 2s, by: event.data.region}",
            BatchStage::make);

    private record Made(
            long count, long bytes, long millis, @Nullable Expression data, Grouping grouping) {}

    /** What there is of a batch. */
    static final class Gathered {
        private final JsonArray items;
        private long bytes;
        private long untilMillis;
        private FlowEvent last;

        Gathered(JsonArray items, long bytes, long untilMillis, FlowEvent last) {
            this.items = items;
            this.bytes = bytes;
            this.untilMillis = untilMillis;
            this.last = last;
        }

        private Object toJson() {
            // Its data is in the list already.
            return new JsonObject()
                    .put("items", items)
                    .put("bytes", bytes)
                    .put("until", untilMillis)
                    .put("last", StateCodec.EVENT.write().apply(last.withData(null)));
        }

        private static Gathered read(Object kept) {
            JsonObject json = (JsonObject) kept;
            return new Gathered(
                    json.getJsonArray("items"),
                    json.getLong("bytes"),
                    json.getLong("until"),
                    StateCodec.EVENT.read().apply(json.getJsonObject("last")));
        }
    }

    private final StageContext context;
    private final Made made;
    private final KeyedState<Gathered> open;

    private BatchStage(StageContext context, Made made) {
        this.context = context;
        this.made = made;
        this.open = context.state(new StateCodec<>(Gathered::toJson, Gathered::read), this, made.grouping.most());
    }

    private static StageType.Factory make(StageOptions options) {
        Made made = new Made(
                options.count("count"),
                options.size("bytes"),
                options.time("time").toMillis(),
                options.optionalExpression("data"),
                Grouping.read(options));
        return context -> new BatchStage(context, made);
    }

    @Override
    public void accept(FlowEvent event) {
        String key = made.grouping.of(event);
        Object data = made.data == null ? event.data() : Expressions.toJson(made.data.evaluate(event));
        long bytes = JsonSize.of(data) + 1;
        Gathered batch = open.get(key);
        if (batch != null && batch.bytes + bytes > made.bytes) {
            open.remove(key);
            emit(key, batch, "bytes");
            batch = null;
        }
        long now = context.clock().millis();
        if (batch == null) {
            batch = new Gathered(new JsonArray(), 1, now + made.millis, event);
        }
        batch.items.add(data);
        batch.bytes += bytes;
        batch.last = event;
        if (batch.bytes >= made.bytes) {
            open.remove(key);
            emit(key, batch, "bytes");
        } else if (batch.items.size() >= made.count) {
            open.remove(key);
            emit(key, batch, "count");
        } else if (batch.untilMillis <= now) {
            open.remove(key);
            emit(key, batch, "time");
        } else {
            open.put(key, batch, batch.untilMillis);
        }
    }

    private void emit(String key, Gathered batch, String by) {
        FlowEvent result =
                batch.last.withData(batch.items).withType(TYPE.name()).withKey(key);
        context.emit(Completed.say(result, by, batch.items.size()));
    }

    @Override
    public void due(String key, Gathered batch) {
        open.remove(key);
        emit(key, batch, "time");
    }

    @Override
    public void evicted(String key, Gathered batch) {
        emit(key, batch, "evicted");
    }
}
