package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** A scope with room for the variables of macros, and the count that bounds what they do. One evaluation owns it. */
final class Frame implements Scope {
    static final int STEPS = 100_000;

    final @Nullable Object[] locals;
    private final Scope outer;
    private int steps;

    Frame(Scope outer, int locals) {
        this.outer = outer;
        this.locals = new Object[locals];
    }

    @Override
    public @Nullable Object variable(int slot) {
        return outer.variable(slot);
    }

    void step(int count) {
        steps += count;
        if (steps > STEPS) {
            throw new Fault("it takes more than " + STEPS + " steps: filter the list first, or split the event");
        }
    }
}
