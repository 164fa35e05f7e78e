package dev.weir.flow.stage;

import dev.weir.config.RawValue;
import dev.weir.expression.Environment;
import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import dev.weir.expression.Scope;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Keys;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageException;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes one event of each item of a list. */
final class SplitStage implements Stage {
    static final StageType TYPE = new StageType(
            "split",
            "Makes one event of each item of a list.",
            "All events of a list are given on together, in its order, or none is. An empty list is dropped and counted; what is no"
                    + " list is an error of its event.",
            "each",
            List.of(
                    StageOption.required("each", Kind.EXPRESSION, "The list, over `event`."),
                    StageOption.optional(
                            "data",
                            Kind.EXPRESSION,
                            "What an item becomes, over `event`, `item` and `index` (from 0); without it the item itself."),
                    StageOption.optional(
                            "key",
                            Kind.EXPRESSION,
                            "The key of what an item becomes, over `event`, `item` and `index`; without it the event's."),
                    StageOption.optional("type", Kind.EXPRESSION, "The type, over the same; without it the event's."),
                    StageOption.optional(
                            "keep-parent",
                            Kind.TEXTS,
                            "Fields of the event's data that each gets too, unless it has them; for items that are objects.")),
            StageType.Traits.PLAIN,
            "split: {each: event.data.items, key: item.sku, keep-parent: [order]}",
            SplitStage::make);

    private static final Environment ITEM = new Environment(List.of("event", "item", "index"), List.of());

    private record Made(
            Expression each,
            @Nullable Expression data,
            @Nullable Expression key,
            @Nullable Expression type,
            List<String> kept) {}

    private record Place(FlowEvent event, @Nullable Object item, long index) implements Scope {
        @Override
        public @Nullable Object variable(int slot) {
            return switch (slot) {
                case 0 -> event;
                case 1 -> item;
                default -> index;
            };
        }
    }

    private final StageContext context;
    private final Made made;

    private SplitStage(StageContext context, Made made) {
        this.context = context;
        this.made = made;
    }

    private static StageType.Factory make(StageOptions options) {
        Made made = new Made(
                options.expression("each"),
                ofItem(options, "data"),
                ofItem(options, "key"),
                ofItem(options, "type"),
                options.texts("keep-parent"));
        return context -> new SplitStage(context, made);
    }

    private static @Nullable Expression ofItem(StageOptions options, String name) {
        RawValue raw = options.raw(name);
        return raw == null ? null : options.compile(name, raw, ITEM);
    }

    @Override
    public void accept(FlowEvent event) {
        List<?> items = items(made.each.evaluate(event));
        if (items.isEmpty()) {
            context.drop(event);
            return;
        }
        // All are made before the first is given on, so that an error in one leaves none behind.
        List<FlowEvent> parts = new ArrayList<>(items.size());
        for (Object item : items) {
            parts.add(part(new Place(event, item, parts.size())));
        }
        parts.forEach(context::emit);
    }

    private List<?> items(@Nullable Object value) {
        if (value instanceof JsonArray array) {
            return array.getList();
        } else if (value instanceof List<?> list) {
            return list;
        }
        throw new StageException(made.each.text() + " is " + found(value)
                + " where split needs a list: name one, or put a filter before this stage");
    }

    private static String found(@Nullable Object value) {
        if (value == null) {
            return "null";
        } else if (value instanceof String) {
            return "text";
        } else if (value instanceof Number) {
            return "a number";
        }
        return value instanceof Boolean ? "a boolean" : "an object";
    }

    private FlowEvent part(Place place) {
        Object data = Expressions.toJson(made.data == null ? place.item : made.data.evaluate(place));
        FlowEvent part = place.event.withData(made.kept.isEmpty() ? data : kept(place, data));
        if (made.key != null) {
            part = part.withKey(Keys.of(made.key.evaluate(place)));
        }
        return made.type == null ? part : part.withType(Keys.of(made.type.evaluate(place)));
    }

    private Object kept(Place place, @Nullable Object data) {
        if (!(data instanceof JsonObject own) || !(place.event.data() instanceof JsonObject parent)) {
            throw new StageException("keep-parent needs objects, and item " + place.index + " of " + made.each.text()
                    + " or the event's data is none: add data: {value: item} or leave keep-parent out");
        }
        JsonObject all = new JsonObject();
        made.kept.stream().filter(parent::containsKey).forEach(name -> all.put(name, parent.getValue(name)));
        own.forEach(field -> all.put(field.getKey(), field.getValue()));
        return all;
    }
}
