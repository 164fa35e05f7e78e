package dev.weir.expression;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The macros over lists, and over the keys of maps: each element in turn is the value of a variable. */
abstract class Loop extends Node {
    private final Node range;
    private final int local;

    Loop(Node range, int local) {
        this.range = range;
        this.local = local;
    }

    Collection<?> elements(Scope scope) {
        Object value = range.eval(scope);
        if (value instanceof Maybe maybe && maybe.present()) {
            value = maybe.value();
        }
        List<?> list = Values.list(value);
        if (list != null) {
            return list;
        }
        Map<?, ?> map = Values.map(value);
        if (map != null) {
            return map.keySet();
        } else if (value instanceof Fields fields) {
            return fields.names();
        }
        throw new Fault(range.name() + " is " + Values.kind(value)
                + ", and macros such as all() and map() take lists and objects");
    }

    void next(Scope scope, @Nullable Object element) {
        Frame frame = (Frame) scope;
        frame.step(1);
        frame.locals[local] = element;
    }

    @Override
    String name() {
        return "the elements of " + range.name();
    }

    /** {@code all} and {@code exists}: as {@code &&} and {@code ||} over all elements. */
    static final class Quantifier extends Loop {
        private final boolean decisive;
        private final Node condition;

        Quantifier(boolean decisive, Node range, int local, Node condition) {
            super(range, local);
            this.decisive = decisive;
            this.condition = condition;
        }

        @Override
        @Nullable
        Object eval(Scope scope) {
            return test(scope);
        }

        @Override
        boolean test(Scope scope) {
            Fault first = null;
            for (Object element : elements(scope)) {
                next(scope, element);
                try {
                    if (condition.test(scope) == decisive) {
                        return decisive;
                    }
                } catch (Fault fault) {
                    first = first == null ? fault : first;
                }
            }
            if (first != null) {
                throw first;
            }
            return !decisive;
        }
    }

    /** {@code exists_one}. */
    static final class ExistsOne extends Loop {
        private final Node condition;

        ExistsOne(Node range, int local, Node condition) {
            super(range, local);
            this.condition = condition;
        }

        @Override
        @Nullable
        Object eval(Scope scope) {
            return test(scope);
        }

        @Override
        boolean test(Scope scope) {
            int count = 0;
            for (Object element : elements(scope)) {
                next(scope, element);
                count += condition.test(scope) ? 1 : 0;
            }
            return count == 1;
        }
    }

    /** {@code map} and {@code filter}. */
    static final class Mapping extends Loop {
        private final @Nullable Node condition;
        private final Node result;

        Mapping(Node range, int local, @Nullable Node condition, Node result) {
            super(range, local);
            this.condition = condition;
            this.result = result;
        }

        @Override
        @Nullable
        Object eval(Scope scope) {
            Collection<?> elements = elements(scope);
            List<@Nullable Object> results = new ArrayList<>(Math.min(elements.size(), Frame.STEPS));
            for (Object element : elements) {
                next(scope, element);
                if (condition == null || condition.test(scope)) {
                    results.add(Json.compact(result.eval(scope)));
                }
            }
            return results;
        }
    }
}
