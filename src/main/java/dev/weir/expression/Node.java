package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** One node of a compiled expression. Immutable; whole numbers may be Integer or Long here, decimals Float or Double. */
abstract class Node {
    abstract @Nullable Object eval(Scope scope);

    boolean test(Scope scope) {
        Object value = eval(scope);
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw new Fault(name() + " is " + Values.kind(value) + " where true or false is needed"
                + (value instanceof String ? ": compare it, or write bool(" + name() + ")" : ""));
    }

    double number(Scope scope) {
        Object value = eval(scope);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw Values.notANumber(name(), value);
    }

    /** How messages name the value. */
    abstract String name();
}
