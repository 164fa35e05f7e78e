package dev.weir.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
    @ParameterizedTest
    @CsvSource({
        "2026-02-28T23:59:59Z, 2026-02-28T23:59:59.000Z",
        "2026-02-28t23:59:59z, 2026-02-28T23:59:59.000Z",
        "2024-02-29T00:00:00.5Z, 2024-02-29T00:00:00.500Z",
        "2026-02-28T23:59:59.1234Z, 2026-02-28T23:59:59.123400Z",
        "2026-02-28T23:59:59.123456789987Z, 2026-02-28T23:59:59.123456789Z",
        "2026-03-01T01:29:59+01:30, 2026-02-28T23:59:59.000Z",
        "2026-02-28T22:59:59-01:00, 2026-02-28T23:59:59.000Z",
        "2016-12-31T23:59:60Z, 2017-01-01T00:00:00.000Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z",
    })
    void timesAreReadWithAnyOffset(String text, String written) {
        assertThat(EventHeaders.formatTime(EventHeaders.parseTime(text))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2026-02-28",
                "2026-02-28T23:59:59",
                "2026-02-28 23:59:59Z",
                "2026-2-28T23:59:59Z",
                "2026-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-02-28T24:00:00Z",
                "2026-02-28T23:60:00Z",
                "2026-02-28T23:59:60.Z",
                "2026-02-28T12:00:60Z",
                "2026-02-28T23:59:59.Z",
                "2026-02-28T23:59:59+0100",
                "2026-02-28T23:59:59+24:00",
                "2026-02-28T23:59:59Zx",
                "+2026-02-28T23:59:59Z",
                "9999-12-31T23:59:59-01:00",
                "２026-02-28T23:59:59Z",
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> EventHeaders.parseTime(text))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("'time'");
    }

    @Test
    void agreesWithTheJdk() {
        Random random = new Random(42);
        for (int i = 0; i < 5_000; i++) {
            long seconds = random.nextLong(-62_167_219_200L, 253_402_300_800L);
            int nanos = random.nextInt(1000) * new int[] {1_000_000, 1000, 1, 0}[i % 4];
            Instant time = Instant.ofEpochSecond(seconds, nanos);
            assertThat(Instant.parse(EventHeaders.formatTime(time))).isEqualTo(time);
            assertThat(EventHeaders.parseTime(time.toString())).isEqualTo(time);
        }
    }
}
