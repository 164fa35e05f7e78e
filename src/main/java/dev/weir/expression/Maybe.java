package dev.weir.expression;

import org.jspecify.annotations.Nullable;

/** CEL's optional, whose value may be null as JSON's are. */
record Maybe(boolean present, @Nullable Object value) {
    static final Maybe NONE = new Maybe(false, null);

    static Maybe of(@Nullable Object value) {
        return new Maybe(true, value);
    }
}
