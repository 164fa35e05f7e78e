package dev.weir.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Quantiles out of buckets are near those of the values. */
class LatenciesTest {
    private final Latencies latencies = new Latencies();
    private final long[] before = latencies.counts();

    private double quantile(double share) {
        return Latencies.quantileMillis(before, latencies.counts(), share);
    }

    @Test
    void nothingIsNoFigure() {
        assertThat(quantile(0.5)).isNaN();
        latencies.add(5, 0);
        assertThat(quantile(0.99)).isNaN();
    }

    @Test
    void quantilesAreWithinTwelvePercent() {
        for (long millis : new long[] {1, 3, 7, 20, 55, 180, 999, 4_321, 59_000}) {
            Latencies own = new Latencies();
            long[] empty = own.counts();
            own.add(millis * 1_000_000, 7);
            assertThat(Latencies.quantileMillis(empty, own.counts(), 0.5))
                    .isCloseTo((double) millis, within(millis * 0.12));
        }
    }

    @Test
    void fewSlowOnesAreInTheTailOnly() {
        latencies.add(200_000, 985);
        latencies.add(80_000_000, 15);
        assertThat(quantile(0.5)).isCloseTo(0.2, within(0.03));
        assertThat(quantile(0.98)).isCloseTo(0.2, within(0.03));
        assertThat(quantile(0.99)).isCloseTo(80, within(9.6));
        assertThat(quantile(1)).isCloseTo(80, within(9.6));
    }

    @Test
    void extremesAreCountedAndOnlyWhatCameSinceIsLookedAt() {
        latencies.add(Long.MAX_VALUE, 1);
        latencies.add(-5, 1);
        assertThat(quantile(1)).isGreaterThan(60_000);
        assertThat(quantile(0.5)).isLessThan(0.001);
        long[] later = latencies.counts();
        assertThat(Latencies.quantileMillis(later, latencies.counts(), 0.5)).isNaN();
    }
}
