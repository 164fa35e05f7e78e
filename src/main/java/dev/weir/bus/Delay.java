package dev.weir.bus;

import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import dev.weir.time.Durations;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When an event is to be delivered: at a time or after a while, one of both. What a producer says with the attributes {@code
 * deliverat} and {@code deliverafter}, which are orders to Weir and do not travel on. Immutable.
 *
 * @param at not before this time
 * @param after not before so long after it was accepted
 */
public record Delay(@Nullable Instant at, @Nullable Duration after) {
    /** The attribute with a time as RFC 3339 writes it. */
    public static final String AT = "deliverat";

    /** The attribute with a duration such as {@code 90s}. */
    public static final String AFTER = "deliverafter";

    // Asked for every event: names whose hash is known already.
    private static final CharSequence AT_HEADER = HttpHeaders.createOptimized(EventHeaders.PREFIX + AT);
    private static final CharSequence AFTER_HEADER = HttpHeaders.createOptimized(EventHeaders.PREFIX + AFTER);

    /** Whether the event is to be delivered later. */
    public static boolean isAsked(MultiMap headers) {
        return headers.contains(AT_HEADER) || headers.contains(AFTER_HEADER);
    }

    /**
     * Takes it out of the headers of an event; null when it is to be delivered now.
     *
     * @throws Refusal {@code invalid_event} when it cannot be read
     */
    static @Nullable Delay take(MultiMap headers) {
        String at = headers.get(AT_HEADER);
        String after = headers.get(AFTER_HEADER);
        if (at == null && after == null) {
            return null;
        }
        if (at != null && after != null) {
            throw invalid("an event has " + AT + " or " + AFTER + ", not both");
        }
        Delay delay = at != null ? new Delay(time(at), null) : new Delay(null, duration(String.valueOf(after)));
        headers.remove(AT_HEADER);
        headers.remove(AFTER_HEADER);
        return delay;
    }

    private static Instant time(String text) {
        try {
            return EventHeaders.parseTime(text);
        } catch (InvalidEventException noTime) {
            throw invalid("'" + AT + "' is '" + text
                    + "', which is no RFC 3339 time; write it as in 2026-02-28T23:59:59Z or 2026-02-28T23:59:59+01:00");
        }
    }

    private static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException | ArithmeticException noDuration) {
            throw invalid("'" + AFTER + "' is '" + text
                    + "', which is no duration; write a number and ms, s, m, h or d, as in 90s");
        }
    }

    static Refusal invalid(String message) {
        return new Refusal(FailureCode.INVALID_EVENT, message);
    }

    /** How far away that is, zero or less when it is over. */
    public Duration from(Instant now) {
        return after != null ? after : at == null ? Duration.ZERO : Duration.between(now, at);
    }
}
