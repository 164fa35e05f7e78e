package dev.weir.expression;

import dev.weir.config.Nearest;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields of fields, as in {@code event.data.price}: the way nearly all values are read. */
final class Path extends Node {
    private final Node root;
    private final String[] names;
    /** Of the variable at the root; -1 when the root is something else. */
    private final int slot;

    Path(Node root, List<String> names) {
        this.root = root;
        this.names = names.toArray(String[]::new);
        this.slot = root instanceof Variable variable ? variable.slot : -1;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        Object value = slot >= 0 ? scope.variable(slot) : root.eval(scope);
        for (int i = 0; i < names.length; i++) {
            value = step(value, i);
        }
        return value;
    }

    /** As inherited; here because the compiler can then put all of it into one piece. */
    @Override
    double number(Scope scope) {
        Object value = eval(scope);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw Values.notANumber(name(), value);
    }

    /** Whether the last field is there. What leads to it must be there, as in CEL. */
    boolean has(Scope scope) {
        Object value = root.eval(scope);
        int last = names.length - 1;
        for (int i = 0; i < last; i++) {
            value = step(value, i);
        }
        String name = names[last];
        if (value instanceof JsonObject object) {
            return object.getMap().containsKey(name);
        } else if (value instanceof Map<?, ?> map) {
            return map.containsKey(name);
        } else if (value instanceof Fields fields) {
            return fields.has(name);
        } else if (value instanceof Maybe maybe) {
            return maybe.present() && maybeField(maybe.value(), name).present();
        }
        throw noFields(value, last);
    }

    /** Asks for classes before interfaces: asking in vain for an interface is slow. */
    private @Nullable Object step(@Nullable Object value, int i) {
        if (value instanceof JsonObject object) {
            return get(object.getMap(), i);
        } else if (value instanceof LinkedHashMap<?, ?> map) {
            return get(map, i);
        } else if (value instanceof Fields fields) {
            Object found = fields.field(names[i]);
            return found == null && !fields.has(names[i]) ? noSuch(fields, i) : found;
        } else if (value instanceof Map<?, ?> map) {
            return get(map, i);
        } else if (value instanceof Maybe maybe) {
            return maybe.present() ? maybeField(maybe.value(), names[i]) : maybe;
        }
        throw noFields(value, i);
    }

    private @Nullable Object get(Map<?, ?> map, int i) {
        Object found = map.get(names[i]);
        if (found == null && !map.containsKey(names[i])) {
            throw new Fault(missing(i));
        }
        return found;
    }

    private @Nullable Object noSuch(Fields fields, int i) {
        throw new Fault(Nearest.to(names[i], fields.names())
                .map(near -> name(i + 1) + " is missing: did you mean " + name(i) + suffix(near) + "?")
                .orElseGet(() -> missing(i)));
    }

    /** The field if there is one; what has no fields has none. */
    static Maybe maybeField(@Nullable Object value, String name) {
        if (value instanceof Maybe maybe) {
            return maybe.present() ? maybeField(maybe.value(), name) : maybe;
        } else if (value instanceof Fields fields) {
            return fields.has(name) ? Maybe.of(fields.field(name)) : Maybe.NONE;
        }
        Map<?, ?> map = Values.map(value);
        return map != null && map.containsKey(name) ? Maybe.of(map.get(name)) : Maybe.NONE;
    }

    private String missing(int i) {
        String path = name(i + 1);
        return path + " is missing: guard it with has(" + path + "), or write " + name(i) + ".?" + names[i]
                + ".orValue(...)";
    }

    private Fault noFields(@Nullable Object value, int i) {
        return new Fault(name(i) + " is " + Values.kind(value) + ", so it has no " + names[i] + ": write " + name(i)
                + ".?" + names[i] + ".orValue(...) if that may be");
    }

    @Override
    String name() {
        return name(names.length);
    }

    private String name(int length) {
        StringBuilder path = new StringBuilder(root.name());
        for (int i = 0; i < length; i++) {
            path.append(suffix(names[i]));
        }
        return path.toString();
    }

    /** The same path and one field more. */
    Path with(String name) {
        List<String> longer = new java.util.ArrayList<>(List.of(names));
        longer.add(name);
        return new Path(root, longer);
    }

    /** How a field is written behind what has it. */
    static String suffix(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? "." + name : "[\"" + name + "\"]";
    }
}
