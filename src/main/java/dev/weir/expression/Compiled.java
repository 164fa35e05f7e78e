package dev.weir.expression;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The root of an expression's nodes. */
final class Compiled implements Expression {
    private final String text;
    private final Node root;
    private final int locals;
    private final Set<String> paths;

    /** @param locals how many variables its macros have */
    Compiled(String text, Node root, int locals, Set<String> paths) {
        this.text = text;
        this.root = root;
        this.locals = locals;
        this.paths = Set.copyOf(paths);
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public @Nullable Object evaluate(Scope scope) {
        try {
            return Values.plain(root.eval(within(scope)));
        } catch (Fault fault) {
            throw fault.in(text);
        }
    }

    @Override
    public boolean test(Scope scope) {
        try {
            return root.test(within(scope));
        } catch (Fault fault) {
            throw fault.in(text);
        }
    }

    @Override
    public double number(Scope scope) {
        try {
            return root.number(within(scope));
        } catch (Fault fault) {
            throw fault.in(text);
        }
    }

    private Scope within(Scope scope) {
        return locals == 0 ? scope : new Frame(scope, locals);
    }

    @Override
    public @Nullable Boolean constant() {
        return (root instanceof Constant constant && constant.value instanceof Boolean truth) ? truth : null;
    }

    @Override
    public Set<String> paths() {
        return paths;
    }

    @Override
    public String toString() {
        return text;
    }
}
