package dev.weir.script;

import java.util.function.ToDoubleFunction;

/** Where scripts show what they count; node wiring makes it. Thread-safe. */
@FunctionalInterface
public interface ScriptMeters {
    /** Shows nothing. */
    ScriptMeters NONE = (name, what, script, tally, value) -> {};

    /** A number that only grows, of the scripts called {@code script}. */
    void counter(String name, String what, String script, ScriptTally tally, ToDoubleFunction<ScriptTally> value);
}
