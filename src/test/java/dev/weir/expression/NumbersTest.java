package dev.weir.expression;

import static dev.weir.expression.Samples.compile;
import static dev.weir.expression.Samples.evaluate;
import static dev.weir.expression.Samples.scope;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whole and decimal numbers in every mix, as data and as literals, on either side of every operator. */
class NumbersTest {
    private static final List<Number> WHOLE = List.of(6, 6L, (short) 6);
    private static final List<Number> DECIMAL = List.of(6.0, 6.0f, new BigDecimal("6.0"));

    /** By operator: what 6 and 4 give when both are whole, and when one is not. */
    private static final Map<String, List<Object>> RESULTS = Map.ofEntries(
            Map.entry("+", List.of(10L, 10.0)),
            Map.entry("-", List.of(2L, 2.0)),
            Map.entry("*", List.of(24L, 24.0)),
            Map.entry("/", List.of(1L, 1.5)),
            Map.entry("%", List.of(2L, 2.0)),
            Map.entry("<", List.of(false, false)),
            Map.entry("<=", List.of(false, false)),
            Map.entry(">", List.of(true, true)),
            Map.entry(">=", List.of(true, true)),
            Map.entry("==", List.of(false, false)),
            Map.entry("!=", List.of(true, true)));

    @Test
    void everyOperatorTakesEveryMix() {
        RESULTS.forEach((operator, results) -> {
            for (boolean leftWhole : List.of(true, false)) {
                for (boolean rightWhole : List.of(true, false)) {
                    Object expected = results.get(leftWhole && rightWhole ? 0 : 1);
                    mixes(operator, leftWhole, rightWhole, expected);
                }
            }
        });
    }

    private static void mixes(String operator, boolean leftWhole, boolean rightWhole, Object expected) {
        String left = leftWhole ? "6" : "6.0";
        String right = rightWhole ? "4" : "4.0";
        check(left + operator + right, 6, 4, expected);
        for (Number a : leftWhole ? WHOLE : DECIMAL) {
            check("event.data.a " + operator + right, a, 4, expected);
            check(left + operator + " event.data.b", a, rightWhole ? (Number) 4 : (Number) 4.0, expected);
            check("event.data.a " + operator + " event.data.b", a, rightWhole ? (Number) 4L : (Number) 4.0f, expected);
            check("[event.data.a].exists(a, (a " + operator + right + ") == " + expected + ")", a, 0, true);
        }
    }

    private static void check(String text, Number a, Number b, Object expected) {
        Fields event = Samples.event(new JsonObject().put("a", a).put("b", b));
        assertThat(compile(text).evaluate(slot -> event))
                .as(text + " of " + a + " " + a.getClass().getSimpleName())
                .isEqualTo(expected);
        if (expected instanceof Number number) {
            assertThat(compile(text).number(slot -> event)).isEqualTo(number.doubleValue());
        }
    }

    @Test
    void literalsMixEverywhere() {
        assertThat(evaluate("1 + 2.5", "{}")).isEqualTo(3.5);
        assertThat(evaluate("2.5 in [1, 2.5]", "{}")).isEqualTo(true);
        assertThat(evaluate("1.0 in [1, 2]", "{}")).isEqualTo(true);
        assertThat(evaluate("1 in [event.data.n, 2.0]", "{\"n\": 1.0}")).isEqualTo(true);
        assertThat(evaluate("1.0 in {1: 2}", "{}")).isEqualTo(true);
        assertThat(evaluate("event.data.n > 1 ? 1 : 2.5", "{\"n\": 1.0}")).isEqualTo(2.5);
        assertThat(evaluate("[1, 2.5, event.data.n].map(n, n * 2)", "{\"n\": 3}"))
                .isEqualTo(List.of(2, 5.0, 6));
        assertThat(evaluate("math.greatest(1, 2.5, event.data.n)", "{\"n\": 2}"))
                .isEqualTo(2.5);
        assertThat(evaluate("math.least([4, 2.5, event.data.n])", "{\"n\": 2}")).isEqualTo(2L);
        assertThat(evaluate("[1, 2] == [1.0, 2.0]", "{}")).isEqualTo(true);
        assertThat(evaluate("event.data == {'n': 2.0}", "{\"n\": 2}")).isEqualTo(true);
    }

    @Test
    void comparisonsAreExactWhereDecimalsAreNot() {
        String data = "{\"big\": 9007199254740993, \"d\": 9007199254740992.0, \"max\": 9223372036854775807}";
        assertThat(evaluate("event.data.big > event.data.d", data)).isEqualTo(true);
        assertThat(evaluate("event.data.big == event.data.d", data)).isEqualTo(false);
        assertThat(evaluate("event.data.big > 9007199254740992", data)).isEqualTo(true);
        assertThat(evaluate("event.data.big <= 9007199254740992", data)).isEqualTo(false);
        assertThat(evaluate("event.data.max < 9223372036854775808.0", data)).isEqualTo(true);
        assertThat(evaluate("event.data.max > 1.0e300 || event.data.max > -1.0 / 0.0", data))
                .isEqualTo(true);
        for (String operator : List.of("<", "<=", ">", ">=", "==")) {
            assertThat(evaluate("0.0 / 0.0 " + operator + " event.data.max", data))
                    .as(operator)
                    .isEqualTo(false);
            assertThat(evaluate("event.data.d " + operator + " 0.0 / 0.0", data))
                    .as(operator)
                    .isEqualTo(false);
        }
    }

    @Test
    void mathRoundsAwayFromZero() {
        assertThat(evaluate(
                        "[math.round(2.5), math.round(-2.5), math.round(0.49999999999999994), math.floor(-1.5), math.ceil(1.2)]",
                        "{}"))
                .isEqualTo(List.of(3.0, -3.0, 0.0, -2.0, 2.0));
        assertThat(evaluate(
                        "[math.trunc(-1.5), math.abs(-3), math.abs(-1.5), math.sign(-4), math.sqrt(16), math.round(7)]",
                        "{}"))
                .isEqualTo(List.of(-1.0, 3, 1.5, -1, 4.0, 7.0));
        assertThat(evaluate("type(event.time) == google.protobuf.Timestamp && type(event.data) == map", "{}"))
                .isEqualTo(true);
        assertThat(compile("math.abs(event.data.n) > 1").test(scope("{\"n\": -2}")))
                .isTrue();
    }
}
