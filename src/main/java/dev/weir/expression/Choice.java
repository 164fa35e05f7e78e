package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** {@code condition ? one : other}. */
final class Choice extends Node {
    private final Node condition;
    private final Node one;
    private final Node other;

    Choice(Node condition, Node one, Node other) {
        this.condition = condition;
        this.one = one;
        this.other = other;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        return condition.test(scope) ? one.eval(scope) : other.eval(scope);
    }

    @Override
    boolean test(Scope scope) {
        return condition.test(scope) ? one.test(scope) : other.test(scope);
    }

    @Override
    double number(Scope scope) {
        return condition.test(scope) ? one.number(scope) : other.number(scope);
    }

    @Override
    String name() {
        return "(" + condition.name() + " ? " + one.name() + " : " + other.name() + ")";
    }
}
