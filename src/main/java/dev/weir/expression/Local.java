package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** The variable of a macro, such as {@code i} in {@code list.all(i, i > 0)}. */
final class Local extends Node {
    private final int index;
    private final String name;

    Local(int index, String name) {
        this.index = index;
        this.name = name;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        return ((Frame) scope).locals[index];
    }

    @Override
    String name() {
        return name;
    }
}
