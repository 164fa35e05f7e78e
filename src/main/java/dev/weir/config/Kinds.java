package dev.weir.config;

import java.time.Duration;
import java.util.Map;

/** The names of value types in problems and in the reference. Stateless. */
final class Kinds {
    private static final Map<Class<?>, String> NAMES = Map.of(
            String.class, "text",
            int.class, "a whole number",
            long.class, "a whole number",
            double.class, "a number",
            boolean.class, "true or false",
            Duration.class, "a duration",
            ByteSize.class, "a size",
            Rate.class, "a rate");

    private Kinds() {}

    /** As in "expected a duration". */
    static String name(Class<?> type) {
        return type.isEnum() ? "one of " + String.join(", ", Scalars.names(type)) : NAMES.getOrDefault(type, "a value");
    }
}
