package dev.weir.flow;

import dev.weir.bus.RetryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an event that a stage cannot process.
 *
 * @param retry how often it is tried again first, null for never
 * @param then what is done with it in the end
 * @param emitTo the address for {@link Then#EMIT}, else null
 */
record ErrorPolicy(
        @Nullable RetryPolicy retry, Then then, @Nullable String emitTo) {
    /** Without anything written. */
    static final ErrorPolicy DEFAULT = new ErrorPolicy(null, Then.DEAD_LETTER, null);

    /** What is done with an event in the end. */
    enum Then {
        DEAD_LETTER("dead-letter"),
        DROP("drop"),
        EMIT("emit"),
        STOP("stop");

        private final String word;

        Then(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
