package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** {@code has(event.data.price)}. */
final class Has extends Node {
    private final Path path;

    Has(Path path) {
        this.path = path;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        return path.has(scope);
    }

    @Override
    boolean test(Scope scope) {
        return path.has(scope);
    }

    @Override
    String name() {
        return "has(" + path.name() + ")";
    }
}
