package dev.weir.edge.rest;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Journal;
import dev.weir.bus.Refusal;
import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters {@code after} and {@code before}: events appended at the one moment or later, and before the other, so that
 * spans beside each other share no event and leave none out.
 *
 * @param afterMillis since 1970, null from the oldest
 * @param beforeMillis since 1970, null up to the newest
 */
record Span(@Nullable Long afterMillis, @Nullable Long beforeMillis) {
    /** The same as offsets: those above {@code after}, up to {@code until}. */
    record Found(long after, long until) {}

    /** @throws Refusal when a time is none, or the span is empty */
    static Span of(HttpServerRequest request) {
        Span span = new Span(millis(request, "after"), millis(request, "before"));
        if (span.afterMillis != null && span.beforeMillis != null && span.afterMillis >= span.beforeMillis) {
            throw new Refusal(FailureCode.INVALID_PARAMETER, "after must be an earlier time than before");
        }
        return span;
    }

    private static @Nullable Long millis(HttpServerRequest request, String name) {
        String text = request.getParam(name);
        if (text == null) {
            return null;
        }
        try {
            // A plus sign that was not escaped has become a space on its way.
            Instant time = EventHeaders.parseTime(text.replace(' ', '+'));
            // Events have whole milliseconds: what is at this moment or later is at the next whole one or later.
            Instant whole = time.truncatedTo(ChronoUnit.MILLIS);
            return whole.toEpochMilli() + (whole.equals(time) ? 0 : 1);
        } catch (InvalidEventException notATime) {
            throw new Refusal(
                    FailureCode.INVALID_PARAMETER,
                    name + " is not a time: write it as in 2026-02-28T23:59:59.123Z, a plus sign as %2B");
        }
    }

    /** Where in a log that is. */
    Future<Found> find(Journal journal, String address) {
        Future<Long> after =
                afterMillis == null ? Future.succeededFuture(0L) : journal.offsetBefore(address, afterMillis);
        Future<Long> until = beforeMillis == null
                ? Future.succeededFuture(Long.MAX_VALUE)
                : journal.offsetBefore(address, beforeMillis);
        return Future.all(after, until).map(both -> new Found(after.result(), until.result()));
    }
}
