package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** A variable of the environment, or the result of an aggregate. */
final class Variable extends Node {
    final int slot;
    private final String name;

    Variable(int slot, String name) {
        this.slot = slot;
        this.name = name;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        return scope.variable(slot);
    }

    @Override
    String name() {
        return name;
    }
}
