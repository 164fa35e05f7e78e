package dev.weir.expression;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code x in list}, {@code key in map}. */
final class Membership extends Node {
    private final Node value;
    private final Node among;
    /** The elements, when they are constant texts. */
    private final @Nullable Set<?> texts;

    Membership(Node value, Node among) {
        this.value = value;
        this.among = among;
        this.texts = among instanceof Constant constant
                        && constant.value instanceof List<?> list
                        && list.stream().allMatch(String.class::isInstance)
                ? new HashSet<>(list)
                : null;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        return test(scope);
    }

    @Override
    boolean test(Scope scope) {
        Object wanted = value.eval(scope);
        if (texts != null) {
            return texts.contains(wanted);
        }
        Object in = among.eval(scope);
        List<?> list = Values.list(in);
        if (list != null) {
            return within(wanted, list, scope);
        }
        Map<?, ?> map = Values.map(in);
        if (map != null) {
            return (wanted instanceof String || wanted instanceof Number || wanted instanceof Boolean)
                    && map.containsKey(Values.key(wanted));
        } else if (in instanceof Fields fields) {
            return wanted instanceof String name && fields.has(name);
        }
        throw new Fault(among.name() + " is " + Values.kind(in) + ", and in looks into lists and objects"
                + (in instanceof String ? ": write " + among.name() + ".contains(" + value.name() + ")" : ""));
    }

    private static boolean within(@Nullable Object wanted, List<?> list, Scope scope) {
        if (scope instanceof Frame frame) {
            frame.step(list.size() / 16);
        }
        for (Object each : list) {
            if (Values.same(each, wanted)) {
                return true;
            }
        }
        return false;
    }

    @Override
    String name() {
        return "(" + value.name() + " in " + among.name() + ")";
    }
}
