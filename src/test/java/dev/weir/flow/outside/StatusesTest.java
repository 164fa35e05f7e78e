package dev.weir.flow.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.LaterException;
import dev.weir.flow.StageException;
import io.vertx.core.MultiMap;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusesTest {
    private static final long NOW = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private static RuntimeException failure(int status, @Nullable String retryAfter) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (retryAfter != null) {
            headers.set("retry-after", retryAfter);
        }
        return Statuses.failure("it", status, headers, () -> NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5",
        "0, 0",
        "'Thu, 01 Jan 2026 00:00:07 GMT', 7",
        "'Wed, 31 Dec 2025 23:00:00 GMT', 0",
        "999999999, 600",
        "'Fri, 01 Jan 2027 00:00:00 GMT', 600"
    })
    void retryAfterIsSecondsOrADateAndBounded(String value, long seconds) {
        assertThat(failure(503, value)).isInstanceOfSatisfying(LaterException.class, later -> assertThat(later.pause())
                .hasSeconds(seconds));
    }

    @Test
    void whatIsNeitherCountsAsNotSaid() {
        assertThat(failure(429, "soon")).isInstanceOf(FailedException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 404, 410, 422})
    void refusalsAreForGood(int status) {
        assertThat(failure(status, "5")).isInstanceOf(StageException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void othersAreNot(int status) {
        assertThat(failure(status, null)).isInstanceOf(FailedException.class);
    }
}
