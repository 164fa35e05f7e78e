package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** A value known when the expression was compiled. */
final class Constant extends Node {
    final @Nullable Object value;

    Constant(@Nullable Object value) {
        this.value = value;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        return value;
    }

    @Override
    String name() {
        return value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
    }
}
