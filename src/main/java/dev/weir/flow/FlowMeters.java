package dev.weir.flow;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Where flows show what they count; node wiring makes it. */
public interface FlowMeters {
    /** Shows nothing. */
    FlowMeters NONE = new FlowMeters() {
        @Override
        public void counter(String name, String what, String flow, @Nullable String stage, LongSupplier value) {}

        @Override
        public void gauge(String name, String what, String flow, @Nullable String stage, LongSupplier value) {}
    };

    /** A number that only grows. */
    void counter(String name, String what, String flow, @Nullable String stage, LongSupplier value);

    /** A number that comes and goes. */
    void gauge(String name, String what, String flow, @Nullable String stage, LongSupplier value);
}
