package dev.weir.flow.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The promised bounds of what is only estimated: quantiles, distinct values, the most frequent ones. */
class SketchTest {
    private static final double[] SHARES = {0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1};

    private static Stream<Arguments> distributions() {
        Random random = new Random(7);
        return Stream.of(
                Arguments.of("uniform", (DoubleSupplier) () -> random.nextDouble() * 1000),
                Arguments.of("normal around zero", (DoubleSupplier) random::nextGaussian),
                Arguments.of("latencies", (DoubleSupplier) () -> Math.exp(3 + random.nextGaussian())),
                Arguments.of("heavy tail", (DoubleSupplier) () -> Math.pow(1 - random.nextDouble(), -1.2)),
                Arguments.of(
                        "two humps", (DoubleSupplier) () -> (random.nextBoolean() ? 5 : 5000) + random.nextGaussian()),
                Arguments.of("mostly zero", (DoubleSupplier) () -> random.nextInt(5) == 0 ? random.nextDouble() : 0),
                Arguments.of(
                        "seventeen powers of ten", (DoubleSupplier) () -> Math.pow(10, random.nextDouble() * 17 - 8)));
    }

    private static double at(Quantile quantile, double share) {
        return ((Number) java.util.Objects.requireNonNull(quantile.result(List.of(share)))).doubleValue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("distributions")
    void quantilesAreWithinOnePercent(String name, DoubleSupplier source) {
        for (int count : new int[] {1, 2, 64, 65, 1000, 50_000}) {
            double[] values = new double[count];
            Quantile all = new Quantile();
            Quantile[] parts = {new Quantile(), new Quantile(), new Quantile()};
            for (int i = 0; i < count; i++) {
                values[i] = source.getAsDouble();
                all.add(values[i], 0);
                parts[i % 3].add(values[i], 0);
            }
            Quantile merged = new Quantile(
                    Json.decodeValue(Json.encode(new JsonArray().add(parts[2].toJson()))) instanceof JsonArray json
                            ? json.getValue(0)
                            : "");
            merged.merge(parts[0]);
            merged.merge(parts[1]);
            Arrays.sort(values);
            for (double share : SHARES) {
                double exact = values[(int) Quantile.place(share, count) - 1];
                double allowed = count <= Quantile.EXACT ? 0 : Math.abs(exact) * LogSketch.ERROR * (1 + 1e-9);
                assertThat(Math.abs(at(all, share) - exact))
                        .as("%s of %d", share, count)
                        .isLessThanOrEqualTo(allowed);
                assertThat(at(merged, share)).isEqualTo(at(all, share));
            }
        }
    }

    @Test
    void quantilesOfWholeNumbersAreWhole() {
        Quantile quantile = new Quantile();
        for (long i = 1; i <= 1000; i++) {
            quantile.addLong(i % 40, 0);
        }
        assertThat(quantile.result(List.of(0.5))).isEqualTo(19L);
        assertThat(quantile.result(List.of(1.0))).isEqualTo(39L);
    }

    @Test
    void beyondItsRangeTheErrorGrowsAndTheMemoryDoesNot() {
        LogSketch sketch = new LogSketch();
        for (int power = -300; power <= 300; power++) {
            sketch.add(Math.pow(10, power));
            sketch.add(-Math.pow(10, power));
        }
        assertThat(sketch.toJson().getInteger("folds")).isEqualTo(6);
        double exact = Math.pow(10, 150);
        assertThat(Math.abs(sketch.at(601 + 451) / exact - 1)).isLessThan(0.6);
        assertThat(sketch.at(1)).isEqualTo(-1e300);
        LogSketch narrow = new LogSketch();
        narrow.add(3);
        narrow.merge(sketch);
        assertThat(narrow.toJson().getInteger("folds")).isEqualTo(6);
        assertThat(narrow.count()).isEqualTo(1203);
    }

    @Test
    void countersGrowAsWideAsTheyMust() {
        Counters counters = new Counters();
        Map<Integer, Long> naive = new HashMap<>();
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            int number = random.nextInt(200) - 100;
            long times = 1L << random.nextInt(Math.min(48, 1 + i / 30));
            counters.add(number, times);
            naive.merge(number, times, Long::sum);
        }
        Counters read = new Counters(new JsonArray(counters.toJson().encode()));
        naive.forEach((number, times) -> {
            assertThat(counters.at(number)).isEqualTo(times);
            assertThat(read.at(number)).isEqualTo(times);
        });
        assertThat(read.total()).isEqualTo(counters.total());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 999, 1000, 1001, 2000, 5000, 20_000, 100_000, 1_000_000})
    void distinctIsExactAndThenWithinFiveStandardErrors(int count) {
        for (int seed = 0; seed < (count > 50_000 ? 1 : 5); seed++) {
            Distinct distinct = new Distinct();
            for (int i = 0; i < count; i++) {
                distinct.add("user-" + seed + "-" + i, 0);
                if (i % 3 == 0) {
                    distinct.add("user-" + seed + "-" + i / 2, 0);
                }
            }
            long result = ((Number) distinct.result(List.of())).longValue();
            long allowed = count <= Distinct.EXACT ? 0 : Math.round(count * 5 * 1.04 / 64);
            assertThat(Math.abs(result - count)).isLessThanOrEqualTo(allowed);
        }
    }

    @Test
    void distinctTakesEqualValuesForEqual() {
        Distinct distinct = new Distinct();
        List<Object> values = List.of(
                1,
                1L,
                1.0,
                0,
                -0.0,
                "1",
                true,
                1.5,
                new JsonArray().add(1),
                List.of(1.0),
                new JsonObject("{\"a\":1,\"b\":2}"),
                new JsonObject("{\"b\":2.0,\"a\":1}"),
                new JsonObject("{\"a\":2,\"b\":1}"),
                "",
                new JsonArray(),
                new JsonObject());
        values.forEach(value -> distinct.add(value, 0));
        assertThat(distinct.result(List.of())).isEqualTo(11L);
    }

    @Test
    void topIsExactWhileThereAreCounters() {
        Top top = new Top(List.of(2L));
        for (Object value : List.of("b", "a", "c", "a", 1, 1.0, "b", "a")) {
            top.add(value, 0);
        }
        assertThat(top.result(List.of(2L)))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject().put("value", "a").put("count", 3L))
                        .add(new JsonObject().put("value", "b").put("count", 2L)));
    }

    @Test
    void topKeepsItsBoundInPartsToo() {
        Random random = new Random(11);
        Map<Object, Long> naive = new HashMap<>();
        List<Top> parts = List.of(new Top(List.of(5L)), new Top(List.of(5L)), new Top(List.of(5L)));
        int events = 60_000;
        for (int i = 0; i < events; i++) {
            long value = (long) Math.pow(1 - random.nextDouble(), -1.1); // few are frequent, many are rare
            naive.merge(value, 1L, Long::sum);
            parts.get(i % 3).add(value, 0);
        }
        Top all = new Top(List.of(5L), new JsonArray(((JsonArray) parts.get(0).toJson()).encode()));
        all.merge(parts.get(1));
        all.merge(parts.get(2));
        List<Long> most = new ArrayList<>(naive.values());
        most.sort((a, b) -> Long.compare(b, a));
        JsonArray result = (JsonArray) java.util.Objects.requireNonNull(all.result(List.of(5L)));
        for (int i = 0; i < 5; i++) {
            JsonObject entry = result.getJsonObject(i);
            long exact = naive.get(entry.getLong("value"));
            long error = entry.getLong("error", 0L);
            assertThat(entry.getLong("count")).isBetween(exact, exact + error);
            assertThat(error).isLessThanOrEqualTo(events / 100);
            assertThat(exact).isGreaterThanOrEqualTo(most.get(i) - events / 100);
        }
    }
}
