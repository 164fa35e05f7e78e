package dev.weir.expression;

import static dev.weir.expression.Samples.compile;
import static dev.weir.expression.Samples.evaluate;
import static dev.weir.expression.Samples.failure;
import static dev.weir.expression.Samples.scope;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Problems;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpressionsTest {
    private static final String ORDER = """
            {"price": 2.5, "qty": 4, "sku": "A-17", "none": null, "gift": true, "tags": ["new", "red"],
             "to": {"city": "Ulm", "zip": "89073"}, "items": [{"n": 1, "p": 2}, {"n": 2, "p": 3.5}, {"n": 3}]}""";

    @Test
    void readsAndCalculates() {
        assertThat(evaluate("event.data.price * event.data.qty", ORDER)).isEqualTo(10.0);
        assertThat(evaluate("event.data.qty", ORDER)).isEqualTo(4L);
        assertThat(evaluate("event.data['qty'] + 1", ORDER)).isEqualTo(5L);
        assertThat(evaluate("event.data.to", ORDER)).isInstanceOf(Map.class);
        assertThat(evaluate("event.type + '/' + event.subject", ORDER)).isEqualTo("order.placed/o-17");
        assertThat(evaluate("event.data.none", ORDER)).isNull();
        assertThat(evaluate("event.time + duration('1m')", ORDER)).isEqualTo(Instant.parse("2026-01-31T12:31:15Z"));
        assertThat(evaluate("event.data.items[1].p", ORDER)).isEqualTo(3.5);
        assertThat(compile("event.data.price * event.data.qty > 9").test(scope(ORDER)))
                .isTrue();
        assertThat(compile("event.data.price * event.data.qty").number(scope(ORDER)))
                .isEqualTo(10.0);
    }

    @Test
    void macrosGoOverListsAndKeys() {
        assertThat(evaluate("event.data.items.map(i, i.n * 10)", ORDER)).isEqualTo(List.of(10, 20, 30));
        assertThat(evaluate("event.data.items.map(i, has(i.p), i.p)", ORDER)).isEqualTo(List.of(2, 3.5));
        assertThat(evaluate("event.data.items.filter(i, i.n > 2)", ORDER)).isEqualTo(List.of(Map.of("n", 3)));
        assertThat(evaluate("event.data.items.all(i, i.n > 0)", ORDER)).isEqualTo(true);
        assertThat(evaluate("event.data.items.exists(i, i.p == 3.5)", ORDER)).isEqualTo(true);
        assertThat(evaluate("event.data.items.exists_one(i, i.n == 2)", ORDER)).isEqualTo(true);
        assertThat(evaluate("event.data.to.all(key, key in ['city', 'zip'])", ORDER))
                .isEqualTo(true);
        assertThat(evaluate("event.data.items.map(i, event.data.tags.map(t, t + string(i.n)))[2][1]", ORDER))
                .isEqualTo("red3");
    }

    @Test
    void whatIsMissingIsNamedWithTheMend() {
        assertThat(failure("event.data.count > 1", ORDER))
                .isEqualTo(
                        "event.data.count is missing: guard it with has(event.data.count), or write event.data.?count.orValue(...)");
        assertThat(failure("event.data.to.street.name", ORDER)).startsWith("event.data.to.street is missing");
        assertThat(failure("event.data.none.x", ORDER)).startsWith("event.data.none is null, so it has no x");
        assertThat(failure("event.data.items.map(i, i.p)", ORDER)).startsWith("i.p is missing");
        assertThat(failure("event.dta.qty", ORDER)).isEqualTo("event.dta is missing: did you mean event.data?");
        assertThat(failure("event.data['my key']", ORDER)).startsWith("event.data[\"my key\"] is missing");
        assertThat(failure("event.data.tags[2]", ORDER)).startsWith("event.data.tags[2] is missing");
    }

    @Test
    void whatMayBeMissingIsAskedForOrHasADefault() {
        assertThat(evaluate("has(event.data.count)", ORDER)).isEqualTo(false);
        assertThat(evaluate("has(event.data.none)", ORDER)).isEqualTo(true);
        assertThat(evaluate("has(event.traceparent)", ORDER)).isEqualTo(false);
        assertThat(evaluate("event.data.?count.orValue(0) + 1", ORDER)).isEqualTo(1L);
        assertThat(evaluate("event.data.?qty.orValue(0) + 1", ORDER)).isEqualTo(5L);
        assertThat(evaluate("event.data.?to.city.orValue('')", ORDER)).isEqualTo("Ulm");
        assertThat(evaluate("event.data.?at.city.orValue('')", ORDER)).isEqualTo("");
        assertThat(evaluate("event.data.?to.?zip.hasValue()", ORDER)).isEqualTo(true);
        assertThat(evaluate("event.data.tags[?5].orValue('none')", ORDER)).isEqualTo("none");
        assertThat(evaluate("event.data.?count", ORDER)).isNull();
        assertThat(evaluate("{'a': 1, ?'c': event.data.?count, ?'q': event.data.?qty}", ORDER))
                .isEqualTo(Map.of("a", 1, "q", 4));
        assertThat(evaluate("[?event.data.?count, ?event.data.?qty]", ORDER)).isEqualTo(List.of(4));
        assertThat(evaluate("event.data.?count.or(event.data.?qty).value()", ORDER))
                .isEqualTo(4L);
    }

    @Test
    void theSideThatDecidesNeedsTheOtherOneNot() {
        assertThat(evaluate("event.data.count > 1 || event.data.qty == 4", ORDER))
                .isEqualTo(true);
        assertThat(evaluate("event.data.count > 1 && event.data.qty == 5", ORDER))
                .isEqualTo(false);
        assertThat(failure("event.data.count > 1 || event.data.qty == 5", ORDER))
                .startsWith("event.data.count is missing");
        assertThat(evaluate("event.data.items.exists(i, i.p == 9 || i.n == 3)", ORDER))
                .isEqualTo(true);
        assertThat(failure("event.data.items.all(i, i.p > 0)", ORDER)).startsWith("i.p is missing");
    }

    @Test
    void whatDoesNotFitIsSaid() {
        assertThat(failure("event.data.sku * 2", ORDER))
                .isEqualTo(
                        "event.data.sku is text, which * does not take with a number: write double(event.data.sku) or int(event.data.sku)");
        assertThat(failure("event.data.sku + event.data.qty", ORDER))
                .isEqualTo(
                        "event.data.qty is a number, which + does not take with text: join texts with string(event.data.qty)");
        assertThat(failure("event.data.none + 1", ORDER))
                .isEqualTo("event.data.none is null, which + does not take with a number");
        assertThat(failure("event.data.sku > 3", ORDER)).startsWith("event.data.sku is text where a number is needed");
        assertThat(failure("event.data.sku < event.data.qty", ORDER))
                .startsWith("event.data.sku is text and event.data.qty is a number: <");
        assertThat(failure("event.data.qty / (event.data.qty - 4)", ORDER)).contains("is 0 in");
        assertThat(failure("event.data.qty * 9223372036854775807", ORDER)).contains("does not fit 64 bits");
        assertThat(failure("event.data.qty.startsWith('a')", ORDER))
                .isEqualTo("event.data.qty is a number, startsWith() takes text: write string(event.data.qty)");
        assertThat(failure("event.data.qty && true", ORDER))
                .isEqualTo("event.data.qty is a number where true or false is needed");
        assertThat(failure("'red' in event.data.sku", ORDER)).endsWith("write event.data.sku.contains(\"red\")");
    }

    @Test
    void aConditionThatNeverChangesIsKnown() {
        assertThat(compile("1 < 2").constant()).isTrue();
        assertThat(compile("event.data.x > 1 && 2.0 == 3").constant()).isFalse();
        assertThat(compile("event.data.x > 1 || true").constant()).isTrue();
        assertThat(compile("event.data.x > 1").constant()).isNull();
        assertThat(compile("1 + 1").constant()).isNull();
    }

    @Test
    void tellsWhatItReads() {
        assertThat(compile("event.data.price * event.data.qty > 1 && event.type != 'x'")
                        .paths())
                .containsExactlyInAnyOrder("event.data.price", "event.data.qty", "event.type");
        assertThat(compile("has(event.data.a) && event.data.?b.c.orValue(1) > 0 && event.data['d e'] == 1")
                        .paths())
                .containsExactlyInAnyOrder("event.data.a", "event.data.b.c", "event.data[\"d e\"]");
        assertThat(compile("event.data.items.all(i, i.n > event.data.least)").paths())
                .containsExactlyInAnyOrder("event.data.items", "event.data.least");
        assertThat(compile("event.data == {} || event.data.x == 1").paths())
                .containsExactlyInAnyOrder("event.data", "event.data.x");
        assertThat(compile("size(event) + 1").paths()).containsExactly("event");
        assertThat(compile("1 + 1").paths()).isEmpty();
    }

    @Test
    void aggregatesAreTakenApart() {
        Expressions expressions =
                new Expressions(new Environment(List.of("event"), List.of("count", "sum", "quantile")));
        Problems problems = new Problems();
        Aggregation share = expressions.compileAggregation(
                "sum(event.data.price * 2) / count() + count() + quantile(event.data.items.map(i, i.n)[0], 0.99)",
                Samples.AT,
                problems);

        assertThat(problems.list()).isEmpty();
        assertThat(share.calls()).extracting(AggregateCall::function).containsExactly("sum", "count", "quantile");
        assertThat(share.calls().get(0).arguments().get(0).evaluate(scope(ORDER)))
                .isEqualTo(5.0);
        assertThat(share.calls().get(0).arguments().get(0).text()).isEqualTo("event.data.price * 2");
        assertThat(share.calls().get(2).arguments())
                .extracting(Expression::text)
                .containsExactly("event.data.items.map(i, i.n)[0]", "0.99");
        assertThat(share.calls().get(2).arguments().get(0).evaluate(scope(ORDER)))
                .isEqualTo(1L);
        assertThat(share.result().paths()).isEmpty();
        Object[] slots = {null, 10.0, 4L, 7};
        assertThat(share.result().evaluate(slot -> slots[slot])).isEqualTo(13.5);

        assertThat(expressions.compile("count() > 3", Samples.AT, problems)).isNull();
        assertThat(expressions.compileAggregation("sum(count())", Samples.AT, problems))
                .isNull();
        assertThat(expressions.compileAggregation("[1].map(i, sum(i))", Samples.AT, problems))
                .isNull();
        assertThat(problems.list())
                .extracting(each -> each.message())
                .containsExactly(
                        "'count() > 3' at column 6: count() has no place here",
                        "'sum(count())' at column 10: count() has no place here",
                        "'[1].map(i, sum(i))' at column 15: sum() stands inside a macro such as all() or map()");
    }

    @Test
    void valuesBecomeJson() {
        Object made = Expressions.toJson(evaluate(
                "{'at': event.time, 'took': duration('1500ms'), 'n': event.data.qty + 1, 'tags': event.data.tags, 1: null}",
                ORDER));
        assertThat(made)
                .isEqualTo(new JsonObject()
                        .put("at", "2026-01-31T12:30:15Z")
                        .put("took", "1.5s")
                        .put("n", 5)
                        .put("tags", new JsonArray().add("new").add("red"))
                        .putNull("1"));
        assertThat(Expressions.toJson(evaluate("event.data.items.map(i, i.n)", ORDER)))
                .isEqualTo(new JsonArray().add(1).add(2).add(3));
        assertThat(Expressions.toJson(5L)).isEqualTo(5);
        assertThat(Expressions.toJson(5_000_000_000L)).isEqualTo(5_000_000_000L);
        assertThat(Expressions.toJson(Duration.ofHours(1))).isEqualTo("3600s");
        assertThat(((JsonObject) Expressions.toJson(evaluate("event", ORDER))).getString("type"))
                .isEqualTo("order.placed");
    }
}
