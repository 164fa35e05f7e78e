package dev.weir.flow.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every aggregate beside what a naive computation gives, in one piece, in parts, and through JSON text. */
class AggregateTest {
    private static List<AggregateFunction> all() {
        return AggregateFunction.ALL;
    }

    private static AggregateFunction function(String name) {
        return AggregateFunction.of(name).orElseThrow();
    }

    private static List<Object> constants(AggregateFunction function) {
        return switch (function.name()) {
            case "quantile" -> function.constants(List.of(0.9));
            case "top" -> function.constants(List.of(3));
            default -> function.constants(List.of());
        };
    }

    private static Object result(String name, List<?> constants, Object... values) {
        AggregateFunction function = function(name);
        List<Object> checked = function.constants(constants);
        Aggregate aggregate = function.create(checked);
        for (int i = 0; i < values.length; i++) {
            aggregate.add(values[i], i);
        }
        return aggregate.result(checked);
    }

    private static Object result(String name, Object... values) {
        return result(name, List.of(), values);
    }

    private static Aggregate throughText(AggregateFunction function, List<Object> constants, Aggregate aggregate) {
        Object json = Json.decodeValue(Json.encode(List.of(aggregate.toJson())));
        return function.read(constants, Objects.requireNonNull(((JsonArray) json).getValue(0)));
    }

    private static List<Object> values(AggregateFunction function, Random random, int count) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(10);
            if (kind == 0) {
                values.add(null);
            } else if (function.argument() == AggregateFunction.Argument.CONDITION) {
                values.add(random.nextBoolean());
            } else if (kind < 4 || function.name().equals("top")) {
                values.add(random.nextInt(50));
            } else {
                values.add(kind < 7 ? (Object) (random.nextInt(4000) / 4.0) : (Object) (long) random.nextInt(1000));
            }
        }
        return values;
    }

    private static void same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Double a && other instanceof Double b) {
            assertThat(a).isCloseTo(b, within(1e-9 * Math.max(1, Math.abs(b))));
        } else {
            assertThat(Json.encode(one)).isEqualTo(Json.encode(other));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void inPartsAndThroughTextItComesToTheSame(AggregateFunction function) {
        List<Object> constants = constants(function);
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            List<Object> values = values(function, random, random.nextInt(seed < 20 ? 10 : 3000));
            Aggregate whole = function.create(constants);
            Aggregate kept = function.create(constants);
            Aggregate first = function.create(constants);
            Aggregate second = function.create(constants);
            int half = values.size() / 2;
            for (int i = 0; i < values.size(); i++) {
                whole.add(values.get(i), i);
                kept.add(values.get(i), i);
                (i < half ? first : second).add(values.get(i), i);
                if (random.nextInt(200) == 0) {
                    kept = throughText(function, constants, kept);
                }
            }
            same(throughText(function, constants, kept).result(constants), whole.result(constants));
            Object untouched = Json.encode(List.of(second.toJson()));
            first.merge(second);
            same(first.result(constants), whole.result(constants));
            assertThat(Json.encode(List.of(second.toJson()))).isEqualTo(untouched);
            first.merge(function.create(constants));
            same(first.result(constants), whole.result(constants));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingAddedIsNullButForCountsAndSums(AggregateFunction function) {
        List<Object> constants = constants(function);
        Aggregate aggregate = function.create(constants);
        if (!function.name().equals("count")) {
            aggregate.add(null, 0);
        }
        boolean zero = List.of("count", "sum", "distinct").contains(function.name());
        Object result = throughText(function, constants, aggregate).result(constants);
        assertThat(zero ? result : aggregate.result(constants)).isEqualTo(zero ? (Object) 0L : null);
    }

    @Test
    void counts() {
        assertThat(result("count", true, true)).isEqualTo(2L);
        assertThat(result("count", true, false, null)).isEqualTo(1L);
    }

    @Test
    void sumsOfWholeNumbersAreWholeUntilTheyNoLongerFit() {
        assertThat(result("sum", 1, 2L, null)).isEqualTo(3L);
        assertThat(result("sum", 1, 0.5)).isEqualTo(1.5);
        assertThat(result("sum", Long.MAX_VALUE, -1L, 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(result("sum", Long.MAX_VALUE, 1L)).isEqualTo(0x1p63);
        assertThat(result("sum", Long.MIN_VALUE, -1L)).isEqualTo(-0x1p63);
        assertThat(result("sum", Double.MAX_VALUE, Double.MAX_VALUE)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void sumsOfDecimalsDoNotLoseTheSmallOnes() {
        Object[] tenths = new Object[1_000_000];
        java.util.Arrays.fill(tenths, 0.1);
        assertThat(result("sum", tenths)).isEqualTo(100_000.0);
        assertThat(result("sum", 1e100, 1.0, -1e100)).isEqualTo(1.0);
        assertThat(result("sum", 1L << 53, 1.0, 1.0)).isEqualTo(0x1p53 + 2);
    }

    @Test
    void averagesAndDeviations() {
        assertThat(result("avg", 1, 2, null, 6.0)).isEqualTo(3.0);
        assertThat(result("stddev", 2, 4, 4, 4, 5, 5, 7, 9)).isEqualTo(Math.sqrt(32 / 7.0));
        assertThat(result("stddev", 5)).isNull();
        assertThat((Double) result("stddev", 1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16))
                .isCloseTo(Math.sqrt(30), within(1e-9));
    }

    @Test
    void extremesOfNumbersTextsAndTimes() {
        assertThat(result("min", 3, 1.5, 2)).isEqualTo(1.5);
        assertThat(result("max", 3, 1.5, null, 2)).isEqualTo(3L);
        assertThat(result("max", (double) (1L << 53), (1L << 53) + 1)).isEqualTo((1L << 53) + 1);
        assertThat(result("max", Long.MAX_VALUE, 0x1p63)).isEqualTo(0x1p63);
        assertThat(result("min", "pear", "fig")).isEqualTo("fig");
        Instant noon = Instant.parse("2026-03-29T12:00:00Z");
        assertThat(result("max", noon, noon.plusMillis(1))).isEqualTo(noon.plusMillis(1));
        assertThat(result("min", Duration.ofSeconds(2), Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void firstAndLastGoByTheTimeOfEvents() {
        for (String name : List.of("first", "last")) {
            Aggregate aggregate = function(name).create(List.of());
            aggregate.add("noon", 12);
            aggregate.add("night", 23);
            aggregate.add("morning", 6);
            aggregate.add("morning too", 6);
            aggregate.add("night too", 23);
            assertThat(aggregate.result(List.of())).isEqualTo(name.equals("first") ? "morning" : "night too");
        }
    }

    @Test
    void collectsUpToItsBound() {
        assertThat(result("collect", List.of(2), 1, null, "b", 3))
                .isEqualTo(new JsonArray().add(1).add("b"));
    }

    @Test
    void keepsWhatJsonDoesNotHave() {
        AggregateFunction collect = function("collect");
        List<Object> constants = collect.constants(List.of());
        Aggregate aggregate = collect.create(constants);
        Instant time = Instant.parse("2026-03-29T01:30:00.000000001Z");
        JsonObject odd =
                new JsonObject().put("$time", "tea").put("in", new JsonObject().put("$as-is", new JsonArray().add(1)));
        aggregate.add(time, 0);
        aggregate.add(Duration.ofMillis(1500), 0);
        aggregate.add(new JsonObject().put("$time", "tea"), 0);
        aggregate.add(odd, 0);
        aggregate.add(List.of(1, "a"), 0);
        assertThat(throughText(collect, constants, aggregate).result(constants))
                .isEqualTo(new JsonArray()
                        .add(time)
                        .add(Duration.ofMillis(1500))
                        .add(new JsonObject().put("$time", "tea"))
                        .add(odd)
                        .add(new JsonArray().add(1).add("a")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sum | sum needs a number, found 'abc'",
                "avg | avg needs a number, found 'abc'",
                "stddev | stddev needs a number, found 'abc'",
                "quantile | quantile needs a number, found 'abc'",
                "count | count needs a condition, found 'abc'; values that are there are counted as in count(has(event.data.x))"
            })
    void whatDoesNotFitIsNamedAndChangesNothing(String name, String message) {
        AggregateFunction function = function(name);
        Aggregate aggregate = function.create(constants(function));
        Object before = aggregate.toJson();
        assertThatThrownBy(() -> aggregate.check("abc")).hasMessage(message);
        assertThatThrownBy(() -> aggregate.add("abc", 0)).hasMessage(message);
        assertThat(aggregate.toJson()).isEqualTo(before);
    }

    @Test
    void kindsAreNotMixedAndNumbersAreFinite() {
        assertThatThrownBy(() -> result("min", 3, "a")).hasMessage("min needs values of one kind, found 'a' after 3");
        assertThatThrownBy(() -> result("max", true))
                .hasMessage("max needs a number, a text, a time or a duration, found true");
        assertThatThrownBy(() -> result("sum", Double.NaN)).hasMessage("sum needs a number, found NaN");
        assertThatThrownBy(() -> result("last", Double.NaN)).hasMessage("last needs a finite number, found NaN");
        assertThatThrownBy(() -> function("avg").create(List.of()).addDouble(Double.NEGATIVE_INFINITY, 0))
                .hasMessage("avg needs a number, found -Infinity");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quantile | 1.5 | quantile: q must be a number from 0 to 1, not 1.5, written as a constant in quantile(x, q)",
                "quantile |     | quantile: q must be a number from 0 to 1, written as a constant in quantile(x, q)",
                "top      | 0.5 | top: n must be a whole number from 1 to 1000, not 0.5, written as a constant in top(x, n)",
                "collect  | 0   | collect: max must be a whole number from 1 to 10000, not 0, written as a constant in"
                        + " collect(x, max?)",
                "avg      | 2   | avg has too many arguments: write avg(x)"
            })
    void constantsAreChecked(String name, String constant, String message) {
        Object given = constant == null
                ? null
                : constant.contains(".") ? (Object) Double.valueOf(constant) : (Object) Long.valueOf(constant);
        assertThatThrownBy(() -> function(name).constants(given == null ? List.of() : List.of(given)))
                .hasMessage(message);
    }

    @Test
    void signatures() {
        assertThat(AggregateFunction.ALL)
                .extracting(AggregateFunction::signature)
                .containsExactly(
                        "count(condition?)",
                        "sum(x)",
                        "avg(x)",
                        "min(x)",
                        "max(x)",
                        "stddev(x)",
                        "distinct(x)",
                        "quantile(x, q)",
                        "top(x, n)",
                        "first(x)",
                        "last(x)",
                        "collect(x, max?)");
        assertThat(AggregateFunction.of("median")).isEmpty();
    }
}
