package dev.weir.flow.outside;

import dev.weir.flow.LaterException;
import dev.weir.flow.StageException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What an HTTP status means for whoever asked (RFC 9110, chapters 10.2.3 and 15). Pure functions. */
final class Statuses {
    /** A service that asks for more is asked again earlier. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private static final Set<Integer> LATER = Set.of(408, 425, 429);

    private Statuses() {}

    static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    /**
     * The failure that a status other than success is.
     *
     * @param what is said of it
     * @param nowMillis what time it is, for dates
     */
    static RuntimeException failure(String what, int status, MultiMap headers, LongSupplier nowMillis) {
        if (status < 500 && !LATER.contains(status)) {
            return new StageException(what);
        }
        Duration pause = pause(headers.get(HttpHeaders.RETRY_AFTER), nowMillis);
        return pause == null ? new FailedException(what) : new LaterException(what, pause);
    }

    private static @Nullable Duration pause(@Nullable String retryAfter, LongSupplier nowMillis) {
        if (retryAfter == null) {
            return null;
        }
        String text = retryAfter.trim();
        Duration pause;
        try {
            pause = text.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.ofMillis(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant()
                                    .toEpochMilli()
                            - nowMillis.getAsLong());
        } catch (DateTimeParseException neither) {
            return null;
        }
        return pause.isNegative() ? Duration.ZERO : pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
