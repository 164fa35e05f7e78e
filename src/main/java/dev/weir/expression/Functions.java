package dev.weir.expression;

import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All functions by name and number of arguments. What stands before a dot counts as the first one. */
final class Functions {
    private static final Map<String, Call.Function> ALL = all();

    private Functions() {}

    static Call.@Nullable Function find(String name, int arguments) {
        Call.Function exact = ALL.get(name + "/" + arguments);
        return exact == null ? ALL.get(name) : exact;
    }

    /** All names that are written as such. */
    static List<String> names() {
        return ALL.keySet().stream()
                .map(key -> key.replaceFirst("/.*", ""))
                .filter(name -> !name.endsWith("_"))
                .distinct()
                .toList();
    }

    private static Map<String, Call.Function> all() {
        Map<String, Call.Function> all = new HashMap<>();
        all.put("!_/1", (call, a) -> {
            if (a[0] instanceof Boolean truth) {
                return !truth;
            }
            throw call.wrong(a, 0, "true or false", "");
        });
        all.put("-_/1", (call, a) -> Maths.negate(call, a));
        all.put("size/1", Functions::size);
        all.put("dyn/1", (call, a) -> a[0]);
        all.put("type/1", (call, a) -> new TypeName(Values.typeName(a[0])));
        optionals(all);
        Conversions.into(all);
        Texts.into(all);
        Times.into(all);
        Maths.into(all);
        return Map.copyOf(all);
    }

    private static void optionals(Map<String, Call.Function> all) {
        all.put("optional.of/1", (call, a) -> Maybe.of(a[0]));
        all.put("optional.none/0", (call, a) -> Maybe.NONE);
        all.put("hasValue/1", (call, a) -> maybe(a[0]).present());
        all.put("or/2", (call, a) -> maybe(a[0]).present() ? a[0] : a[1]);
        all.put("orValue/2", (call, a) -> maybe(a[0]).present() ? maybe(a[0]).value() : a[1]);
        all.put("value/1", (call, a) -> {
            if (maybe(a[0]).present()) {
                return maybe(a[0]).value();
            }
            throw call.unfit("there is no value, write orValue(...) instead");
        });
    }

    private static Maybe maybe(@Nullable Object value) {
        return value instanceof Maybe maybe ? maybe : Maybe.of(value);
    }

    private static Object size(Call call, @Nullable Object[] a) {
        Object value = a[0];
        if (value instanceof String text) {
            return (long) text.codePointCount(0, text.length());
        } else if (Values.list(value) != null) {
            return (long) call.list(a, 0).size();
        } else if (value instanceof Buffer || value instanceof byte[]) {
            return (long) call.bytes(a, 0).length();
        }
        Map<?, ?> map = Values.map(value);
        if (map == null) {
            throw call.wrong(a, 0, "text, bytes, a list or an object", "");
        }
        return (long) map.size();
    }
}
