package dev.weir.flow;

import dev.weir.expression.Expression;
import dev.weir.expression.Scope;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stands for what could not be compiled, in flows that have problems and are never run. */
final class Unusable implements Expression {
    static final Expression EXPRESSION = new Unusable();

    private Unusable() {}

    private static IllegalStateException never() {
        return new IllegalStateException("a flow with problems is never run");
    }

    @Override
    public String text() {
        return "";
    }

    @Override
    public @Nullable Object evaluate(Scope scope) {
        throw never();
    }

    @Override
    public boolean test(Scope scope) {
        throw never();
    }

    @Override
    public double number(Scope scope) {
        throw never();
    }

    @Override
    public @Nullable Boolean constant() {
        return null;
    }

    @Override
    public Set<String> paths() {
        return Set.of();
    }
}
