package dev.weir.observe.overview;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An hour is kept, what was missed is blank, what is older is gone. */
class HistoryTest {
    private final History history = new History();

    private static Figures figures(double in) {
        return new Figures().put(Figure.IN, in).put(Figure.COMMIT, 0.0 / 0.0);
    }

    private List<?> in() {
        return history.toJson().getJsonArray("in").getList();
    }

    @Test
    void aGapIsBlankAndFiguresThatNeverWereAreLeftOut() {
        history.add(0, figures(1.23456));
        history.add(1, figures(2_000.7));
        history.add(4, figures(3));
        assertThat(history.toJson().fieldNames()).containsExactly("in");
        assertThat(history.toJson().getJsonArray("in"))
                .isEqualTo(new JsonArray()
                        .add(1.235)
                        .add(2_001L)
                        .addNull()
                        .addNull()
                        .add(3L));
    }

    @Test
    void onlyAnHourIsKept() {
        for (int step = 0; step < 1_000; step++) {
            history.add(step, figures(step));
        }
        assertThat(in()).hasSize(History.STEPS);
        assertThat(in().get(0)).isEqualTo(640L);
        assertThat(in().get(History.STEPS - 1)).isEqualTo(999L);
    }

    @Test
    void aGapLongerThanAnHourLeavesNothingOfBefore() {
        history.add(5, figures(7));
        history.add(50_000, figures(8));
        assertThat(in()).hasSize(History.STEPS);
        assertThat(in().get(History.STEPS - 1)).isEqualTo(8L);
        assertThat(in().subList(0, History.STEPS - 1)).containsOnlyNulls();
    }

    @Test
    void theFirstStepMayBeAnyOne() {
        history.add(3, figures(1));
        assertThat(in()).hasSize(1);
    }
}
