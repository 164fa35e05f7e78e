package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** {@code &&} and {@code ||}: the side that decides also decides when the other one has no value, as CEL has it. */
final class Logic extends Node {
    private final boolean decisive;
    private final Node left;
    private final Node right;

    /** @param decisive the value of one side with which the other one does not matter: false for and, true for or */
    Logic(boolean decisive, Node left, Node right) {
        this.decisive = decisive;
        this.left = left;
        this.right = right;
    }

    /** The same, and simpler when one side is constant. */
    static Node of(boolean decisive, Node left, Node right) {
        Boolean first = truth(left);
        Boolean second = truth(right);
        if (first != null && second != null) {
            return new Constant((first == decisive || second == decisive) ? decisive : !decisive);
        } else if ((first != null && first == decisive) || (second != null && second == decisive)) {
            return new Constant(decisive);
        }
        return new Logic(decisive, left, right);
    }

    private static @Nullable Boolean truth(Node node) {
        return (node instanceof Constant constant && constant.value instanceof Boolean truth) ? truth : null;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        return test(scope);
    }

    @Override
    boolean test(Scope scope) {
        boolean first;
        try {
            first = left.test(scope);
        } catch (Fault fault) {
            if (right.test(scope) == decisive) {
                return decisive;
            }
            throw fault;
        }
        return first == decisive ? decisive : right.test(scope);
    }

    @Override
    String name() {
        return "(" + left.name() + (decisive ? " || " : " && ") + right.name() + ")";
    }
}
