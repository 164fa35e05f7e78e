package dev.weir.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something with named fields that is no map, such as an event. */
public interface Fields {
    /** The value of a field; null when there is none, or when it is null. */
    @Nullable
    Object field(String name);

    /** Whether there is such a field, be it null. */
    boolean has(String name);

    /** All names there are, for "did you mean". */
    List<String> names();
}
