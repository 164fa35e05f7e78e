package dev.weir.flow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number that one thread counts up and any thread reads, a little late. Cheaper than an adder, since there is one writer. */
final class Count {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Count.class, "value", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @SuppressWarnings("UnusedVariable") // Written through the handle.
    private long value;

    void increment() {
        add(1);
    }

    void add(long by) {
        VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + by);
    }

    long get() {
        return (long) VALUE.getOpaque(this);
    }
}
