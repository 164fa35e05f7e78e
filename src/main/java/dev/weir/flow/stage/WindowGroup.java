package dev.weir.flow.stage;

import dev.weir.config.RawValue;
import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Keys;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By what a window groups, and how the fields are named that say so. One expression gives its field the last name in it
 * ({@code event.data.path}: path), or else {@code key}. Several make one key of their texts, with a comma between them.
 */
final class WindowGroup {
    private static final Pattern LAST_NAME = Pattern.compile("[\\w.?]+\\.\\??([A-Za-z_]\\w*)");

    private final List<String> names;
    private final List<Expression> values;

    /** Reads {@code by}. */
    WindowGroup(StageOptions options) {
        RawValue raw = options.raw(StageType.BY);
        Map<String, Expression> by = new LinkedHashMap<>();
        if (raw != null && raw.value() instanceof Map) {
            by.putAll(options.expressions(StageType.BY));
        } else if (raw != null) {
            Expression one = options.expression(StageType.BY);
            Matcher last = LAST_NAME.matcher(one.text().trim());
            by.put(last.matches() ? last.group(1) : "key", one);
        }
        names = List.copyOf(by.keySet());
        values = List.copyOf(by.values());
        for (String name : names) {
            if (WindowStage.OWN_FIELDS.contains(name)
                    || options.entries(WindowStage.COMPUTE).containsKey(name)) {
                options.wrong(
                        StageType.BY, "two fields are named " + name, "name it as in by: {route: event.data.path}");
            }
        }
    }

    List<String> names() {
        return names;
    }

    /** The values of an event, as JSON. */
    @Nullable
    Object[] values(FlowEvent event) {
        @Nullable Object[] all = new @Nullable Object[values.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = values.get(i).evaluate(event);
        }
        return all;
    }

    /** The key that values make. */
    static String key(@Nullable Object[] values) {
        if (values.length == 1) {
            return Keys.of(values[0]);
        }
        StringBuilder key = new StringBuilder();
        for (@Nullable Object value : values) {
            key.append(key.length() == 0 ? "" : ",")
                    .append(Keys.of(value).replace("\\", "\\\\").replace(",", "\\,"));
        }
        return key.toString();
    }

    /** As they are remembered and shown. */
    static @Nullable Object[] kept(@Nullable Object[] values) {
        @Nullable Object[] kept = new @Nullable Object[values.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = Expressions.toJson(values[i]);
        }
        return kept;
    }
}
