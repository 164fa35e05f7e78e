package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** Values of the variables while an expression is evaluated: one slot per variable, in the order of the environment. */
@FunctionalInterface
public interface Scope {
    /**
     * The value of one variable.
     *
     * @param slot its place in {@link Environment#variables()}, from 0
     */
    @Nullable
    Object variable(int slot);
}
