package dev.weir.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.observe.Leak.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a leak is suspected, and when no longer. */
class LeakWatchTest {
    private static final LeakWatch.Key ORDERS = new LeakWatch.Key(What.ADDRESS, "orders");

    private final LeakWatch watch = new LeakWatch();
    private int looks;

    private List<Leak> minute(int... counts) {
        List<Leak> found = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int count = counts[i % counts.length];
            found.addAll(watch.look(count == 0 ? Map.of() : Map.of(ORDERS, count), 10_000L * ++looks));
        }
        return found;
    }

    @Test
    void tenMinutesOfGrowthAreALeak() {
        for (int n = 1; n <= 10; n++) {
            assertThat(minute(n)).isEmpty();
        }
        assertThat(minute(11)).singleElement().satisfies(leak -> {
            assertThat(leak.from()).isEqualTo(1);
            assertThat(leak.to()).isEqualTo(11);
            assertThat(leak.minutes()).isEqualTo(10);
            assertThat(leak.words()).contains("'orders' has ever more listeners: 1 became 11 in 10 minutes");
        });
        assertThat(minute(12)).as("said once").isEmpty();
        assertThat(watch.leaks()).singleElement().satisfies(leak -> assertThat(leak.now())
                .isEqualTo(12));
        minute(11);
        assertThat(watch.leaks())
                .as("one fewer is not fewer than when it was noticed")
                .hasSize(1);
        minute(10);
        assertThat(watch.leaks()).isEmpty();
        assertThat(minute(11)).as("it fell within the last ten minutes").isEmpty();
        assertThat(watch.history(What.ADDRESS, "orders"))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 11, 10, 11, 11);
    }

    @Test
    void whatStaysOrComesAndGoesIsNone() {
        for (int n = 0; n < 60; n++) {
            // Never fewer than four, but ever more for a moment.
            assertThat(minute(4, 5 + n)).isEmpty();
        }
        for (int n = 0; n < 60; n++) {
            assertThat(minute(100)).as("many at once that stay").isEmpty();
        }
    }

    @Test
    void slowGrowthIsSeenOverAnHour() {
        List<Leak> found = new ArrayList<>();
        for (int n = 0; n < 60; n++) {
            found.addAll(minute(3 + n / 10));
        }
        assertThat(found).singleElement().satisfies(leak -> {
            assertThat(leak.from()).isEqualTo(3);
            assertThat(leak.to()).isEqualTo(8);
            assertThat(leak.minutes()).isEqualTo(50);
        });
        minute(0);
        assertThat(watch.leaks()).isEmpty();
    }
}
