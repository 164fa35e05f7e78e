package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** {@code event.data.?price}: an optional, empty when there is no such field. */
final class OptionalField extends Node {
    private final Node from;
    private final String field;

    OptionalField(Node from, String field) {
        this.from = from;
        this.field = field;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        return Path.maybeField(from.eval(scope), field);
    }

    @Override
    String name() {
        return from.name() + ".?" + field;
    }
}
