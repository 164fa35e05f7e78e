package dev.weir.expression;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code list[0]}, {@code map[key]}, and {@code list[?0]} when optional. */
final class Index extends Node {
    private final Node from;
    private final Node key;
    private final boolean optional;

    Index(Node from, Node key, boolean optional) {
        this.from = from;
        this.key = key;
        this.optional = optional;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        Object value = from.eval(scope);
        if (value instanceof Maybe maybe) {
            return maybe.present() ? found(maybe.value(), key.eval(scope)) : maybe;
        }
        Maybe found = found(value, key.eval(scope));
        if (optional) {
            return found;
        } else if (!found.present()) {
            throw new Fault(name() + " is missing: guard it with size(" + from.name() + ") or in, or write "
                    + from.name() + "[?" + key.name() + "].orValue(...)");
        }
        return found.value();
    }

    private Maybe found(@Nullable Object value, @Nullable Object at) {
        List<?> list = Values.list(value);
        if (list != null) {
            int index = place(at);
            return index >= 0 && index < list.size() ? Maybe.of(list.get(index)) : Maybe.NONE;
        }
        Map<?, ?> map = Values.map(value);
        if (map != null) {
            Object normal = Values.key(at);
            return map.containsKey(normal) ? Maybe.of(map.get(normal)) : Maybe.NONE;
        } else if (value instanceof Fields && at instanceof String name) {
            return Path.maybeField(value, name);
        } else if (value == null && optional) {
            return Maybe.NONE;
        }
        throw new Fault(from.name() + " is " + Values.kind(value) + ", so it has no " + name());
    }

    private int place(@Nullable Object at) {
        if (at instanceof Number number && number.doubleValue() == number.intValue()) {
            return number.intValue();
        }
        throw new Fault(
                from.name() + " is a list, so " + key.name() + " has to be a whole number and is " + Values.kind(at));
    }

    @Override
    String name() {
        return from.name() + "[" + key.name() + "]";
    }
}
