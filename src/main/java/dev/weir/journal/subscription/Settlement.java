package dev.weir.journal.subscription;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer says of a delivery.
 *
 * @param delay for {@link Outcome#NACK} the pause before the next attempt, for {@link Outcome#EXTEND} the time it still needs; null
 *     for what the subscription says
 * @param error why, for whoever looks at it later
 */
record Settlement(
        Delivery.Id id,
        Outcome outcome,
        @Nullable Duration delay,
        @Nullable String error) {
    /** How a delivery ends. */
    enum Outcome {
        /** It was processed. */
        ACK,
        /** It failed and is to be tried again. */
        NACK,
        /** It fails for ever. */
        REJECT,
        /** It needs more time. */
        EXTEND
    }

    /** What became of it. */
    enum Result {
        /** As said. */
        DONE,
        /** It was delivered again meanwhile; only the newest attempt may say that it failed. */
        STALE,
        /** It was settled before, or never delivered. */
        UNKNOWN
    }
}
