package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** {@code ==}, and {@code !=} when negated. */
final class Equality extends Node {
    private final boolean wanted;
    private final Node left;
    private final Node right;

    Equality(boolean wanted, Node left, Node right) {
        this.wanted = wanted;
        this.left = left;
        this.right = right;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        return test(scope);
    }

    @Override
    boolean test(Scope scope) {
        return Values.same(left.eval(scope), right.eval(scope)) == wanted;
    }

    @Override
    String name() {
        return "(" + left.name() + (wanted ? " == " : " != ") + right.name() + ")";
    }
}
