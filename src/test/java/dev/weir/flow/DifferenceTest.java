package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What counts as the same, as changed, as new and as gone. */
class DifferenceTest {
    private static Emission emission(long at, String cause, @Nullable Object data) {
        return new Emission(at, "out", "message", "k", data, cause);
    }

    private static List<String> words(Difference difference) {
        return difference.changes().stream().map(Difference.Change::word).toList();
    }

    @Test
    void theOrderOfFieldsAndTheKindOfNumbersAreNoDifference() {
        Object one =
                new JsonObject().put("a", 1).put("b", new JsonArray().add(2L).add("x"));
        Object other =
                new JsonObject().put("b", new JsonArray().add(2.0).add("x")).put("a", 1.0);
        Difference difference = Difference.of(List.of(emission(1, "e", one)), List.of(emission(1, "e", other)), true);
        assertThat(difference.same()).isOne();
        assertThat(difference.changes()).isEmpty();
        assertThat(Difference.of(
                                List.of(emission(1, "e", Buffer.buffer("a"))),
                                List.of(emission(1, "e", Buffer.buffer("b"))),
                                true)
                        .same())
                .isZero();
    }

    @Test
    void whatIsTheSameIsFoundBeforeWhatIsAlike() {
        Difference difference = Difference.of(
                List.of(emission(1, "e", "a"), emission(1, "e", "b"), emission(1, "e", "c")),
                List.of(emission(1, "e", "b"), emission(1, "e", "c")),
                true);
        assertThat(difference.same()).isEqualTo(2);
        assertThat(words(difference)).containsExactly("removed");
    }

    @Test
    void whatHasTheSameCauseOrTheSameTimeIsTheSameChanged() {
        Difference difference = Difference.of(
                List.of(emission(1, "e", "a"), emission(2, "f", "a"), emission(9, "h", "a")),
                List.of(emission(1, "e", "b"), emission(2, "g", "c"), emission(3, "i", "d")),
                true);
        assertThat(difference.same()).isZero();
        assertThat(words(difference)).containsExactly("changed", "changed", "added", "removed");
    }

    @Test
    void timesMatterWhereBothHadTheSameClock() {
        List<Emission> before = List.of(emission(1, "e", "a"));
        List<Emission> now = List.of(emission(2, "e", "a"));
        assertThat(words(Difference.of(before, now, true))).containsExactly("changed");
        assertThat(Difference.of(before, now, false).same()).isOne();
    }
}
