package dev.weir.flow.stage;

import dev.weir.config.RawValue;
import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Keeps;
import dev.weir.flow.Keys;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes other data of an event's data. */
final class MapStage implements Stage {
    static final StageType TYPE = new StageType(
            "map",
            "Gives an event other data: one value, or an object whose fields are computed.",
            "One event out for each event in; nothing is remembered.",
            "data",
            List.of(
                    StageOption.optional(
                            "data",
                            Kind.EXPRESSIONS,
                            "The new data: an expression, or a map of fields to expressions."),
                    StageOption.optional("type", Kind.EXPRESSION, "The new type."),
                    StageOption.optional("key", Kind.EXPRESSION, "The new key.")),
            StageType.Traits.PLAIN,
            "map: {route: event.data.path, seconds: event.data.millis / 1000.0}",
            MapStage::make);

    private final StageContext context;
    private final Made made;

    /** What is computed; fields when the data is an object of them. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared; the arrays are written once.
    private record Made(
            @Nullable Expression data,
            List<String> names,
            List<Expression> fields,
            @Nullable Expression type,
            @Nullable Expression key) {}

    private MapStage(StageContext context, Made made) {
        this.context = context;
        this.made = made;
    }

    private static StageType.Factory make(StageOptions options) {
        options.keeps(options.has("key") ? Keeps.NOTHING : Keeps.KEY);
        RawValue raw = options.raw("data");
        boolean isObject = raw != null && raw.value() instanceof Map;
        Map<String, Expression> fields = isObject ? options.expressions("data") : Map.of();
        Made made = new Made(
                raw == null || isObject ? null : options.expression("data"),
                List.copyOf(fields.keySet()),
                List.copyOf(fields.values()),
                options.optionalExpression("type"),
                options.optionalExpression("key"));
        if (raw == null && made.type == null && made.key == null) {
            options.wrong(
                    "data", "nothing is computed", "write it as in map: {total: event.data.price * event.data.qty}");
        }
        return context -> new MapStage(context, made);
    }

    @Override
    public void accept(FlowEvent event) {
        FlowEvent result = event;
        if (made.data != null) {
            result = result.withData(Expressions.toJson(made.data.evaluate(event)));
        } else if (!made.fields.isEmpty()) {
            JsonObject object = new JsonObject();
            for (int i = 0; i < made.fields.size(); i++) {
                object.put(
                        made.names.get(i), Expressions.toJson(made.fields.get(i).evaluate(event)));
            }
            result = result.withData(object);
        }
        if (made.type != null) {
            result = result.withType(Keys.of(made.type.evaluate(event)));
        }
        if (made.key != null) {
            result = result.withKey(Keys.of(made.key.evaluate(event)));
        }
        context.emit(result);
    }
}
