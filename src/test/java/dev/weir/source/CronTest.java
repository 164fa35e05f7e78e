package dev.weir.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When cron expressions come due, above all where clocks change, and the timer that waits for them. */
class CronTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            * * * * *           | 2026-03-01T10:00:00Z | 2026-03-01T10:01:00Z
            * * * * *           | 2026-03-01T10:00:59Z | 2026-03-01T10:01:00Z
            */15 * * * *        | 2026-03-01T10:46:00Z | 2026-03-01T11:00:00Z
            5/20 * * * *        | 2026-03-01T10:06:00Z | 2026-03-01T10:25:00Z
            0,30 8-10 * * *     | 2026-03-01T10:30:00Z | 2026-03-02T08:00:00Z
            30 8 * * mon-fri    | 2026-03-06T09:00:00Z | 2026-03-09T08:30:00Z
            0 0 * * 7           | 2026-03-02T00:00:00Z | 2026-03-08T00:00:00Z
            0 0 13 * fri        | 2026-03-01T00:00:00Z | 2026-03-06T00:00:00Z
            0 0 13 * *          | 2026-03-01T00:00:00Z | 2026-03-13T00:00:00Z
            0 12 29 FEB *       | 2026-03-01T00:00:00Z | 2028-02-29T12:00:00Z
            0 12 29 2 *         | 2096-03-01T00:00:00Z | 2104-02-29T12:00:00Z
            @hourly             | 2026-03-01T10:00:00Z | 2026-03-01T11:00:00Z
            @daily              | 2026-12-31T10:00:00Z | 2027-01-01T00:00:00Z
            @weekly             | 2026-03-02T00:00:00Z | 2026-03-08T00:00:00Z
            @monthly            | 2026-03-02T00:00:00Z | 2026-04-01T00:00:00Z
            @yearly             | 2026-03-02T00:00:00Z | 2027-01-01T00:00:00Z
            """)
    void theNextTimeInUtc(String expression, String after, String next) {
        assertThat(Cron.parse(expression, ZoneId.of("UTC")).next(Instant.parse(after)))
                .hasValue(Instant.parse(next));
    }

    /** 29 March 2026: 02:00 becomes 03:00. 25 October 2026: 03:00 becomes 02:00 again. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            30 2 * * *     | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z | 2026-03-30T00:30:00Z
            10,40 2 * * *  | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z | 2026-03-30T00:10:00Z
            30 2,3 * * *   | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z | 2026-03-29T01:30:00Z
            30 2 * * *     | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z | 2026-10-26T01:30:00Z
            30 * * * *     | 2026-03-29T00:00:00Z | 2026-03-29T00:30:00Z | 2026-03-29T01:30:00Z
            30 * * * *     | 2026-10-25T00:00:00Z | 2026-10-25T00:30:00Z | 2026-10-25T01:30:00Z
            0 * * * *      | 2026-03-29T00:30:00Z | 2026-03-29T01:00:00Z | 2026-03-29T02:00:00Z
            */30 * * * *   | 2026-10-25T00:40:00Z | 2026-10-25T01:00:00Z | 2026-10-25T01:30:00Z
            30 */2 * * *   | 2026-03-28T23:30:00Z | 2026-03-29T02:30:00Z | 2026-03-29T04:30:00Z
            """)
    void whereClocksChange(String expression, String after, String first, String second) {
        Cron cron = Cron.parse(expression, BERLIN);
        assertThat(cron.next(Instant.parse(after))).hasValue(Instant.parse(first));
        assertThat(cron.next(Instant.parse(first))).hasValue(Instant.parse(second));
    }

    @Test
    void aTimerBeatsOnceADayThroughAChangeOfTheClocks() {
        VirtualContext context = new VirtualContext("2026-03-27T12:00:00Z");
        TimerSource timer = new TimerSource(Duration.ofSeconds(1), Cron.parse("30 2 * * *", BERLIN));
        timer.start(context);
        context.time.advance(Duration.ofDays(4));
        assertThat(context.times())
                .containsExactly(
                        "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z");
        timer.stop();
        context.time.advance(Duration.ofDays(4));
        assertThat(context.emitted).hasSize(4);
    }

    @Test
    void aTimerBeatsEveryTenMinutesThroughAChangeOfTheClocks() {
        VirtualContext context = new VirtualContext("2026-10-24T20:00:00Z");
        new TimerSource(Duration.ofSeconds(1), Cron.parse("*/10 * * * *", BERLIN)).start(context);
        context.time.advance(Duration.ofHours(12));
        assertThat(context.emitted).hasSize(72);
        assertThat(context.emitted.get(71).getLong("n")).isEqualTo(72);
    }
}
