package dev.weir.flow.stage;

import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import dev.weir.expression.Expression;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.StageException;
import dev.weir.flow.StageOptions;
import dev.weir.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * By which time events belong to windows: when they come, or what they say. Immutable.
 *
 * @param isEvents whether events say it
 * @param said what says it; null for the events' attribute
 */
record WindowTime(boolean isEvents, @Nullable Expression said) {
    private static final String PROCESSING = "processing";
    private static final String EVENT = "event";

    static WindowTime read(StageOptions options) {
        var raw = options.raw(WindowStage.TIME);
        if (raw == null || PROCESSING.equals(raw.value())) {
            return new WindowTime(false, null);
        }
        return new WindowTime(true, EVENT.equals(raw.value()) ? null : options.expression(WindowStage.TIME));
    }

    /** The time of an event, milliseconds since 1970. */
    long of(FlowEvent event, Clock clock) {
        if (!isEvents) {
            return clock.millis();
        }
        Object time = said == null ? event.field("time") : said.evaluate(event);
        return time == null && said == null ? clock.millis() : millis(time);
    }

    private long millis(@Nullable Object time) {
        if (time instanceof Instant instant) {
            return instant.toEpochMilli();
        }
        if (time instanceof Number number && Math.abs(number.doubleValue()) < 1e15) {
            return number.longValue();
        }
        if (time instanceof String text) {
            try {
                return EventHeaders.parseTime(text).toEpochMilli();
            } catch (InvalidEventException notRead) {
                throw new StageException("time: " + notRead.getMessage(), notRead);
            }
        }
        throw new StageException("time: " + (said == null ? "event.time" : said.text()) + " is " + time
                + ", needed is a time as in 2026-02-28T12:00:00Z or milliseconds since 1970");
    }
}
