package dev.weir.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Location;
import dev.weir.config.Problems;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What tests of expressions share: an event to look at, and short ways to evaluate. */
final class Samples {
    static final Expressions EVENT = new Expressions(Environment.EVENT);
    static final Location AT = new Location("flows/a.yaml", 7);

    private Samples() {}

    /** An event as flows show it: with fields, and no map. */
    static Fields event(JsonObject data) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", "e1");
        fields.put("type", "order.placed");
        fields.put("subject", "o-17");
        fields.put("source", "/shop");
        fields.put("time", Instant.parse("2026-01-31T12:30:15Z"));
        fields.put("data", data);
        return new Fields() {
            @Override
            public Object field(String name) {
                return fields.get(name);
            }

            @Override
            public boolean has(String name) {
                return fields.containsKey(name);
            }

            @Override
            public List<String> names() {
                return List.copyOf(fields.keySet());
            }
        };
    }

    static Scope scope(String json) {
        Fields event = event(new JsonObject(json));
        return slot -> event;
    }

    static Expression compile(String text) {
        Problems problems = new Problems();
        Expression expression = EVENT.compile(text, AT, problems);
        assertThat(problems.list()).as(text).isEmpty();
        return expression;
    }

    static Object evaluate(String text, String json) {
        return compile(text).evaluate(scope(json));
    }

    /** The message of its failure. */
    static String failure(String text, String json) {
        Expression expression = compile(text);
        try {
            Object value = expression.evaluate(scope(json));
            throw new AssertionError(text + " gave " + value);
        } catch (ExpressionException e) {
            assertThat(e.text()).isEqualTo(text);
            return e.getMessage();
        }
    }

    static String problem(String text) {
        Problems problems = new Problems();
        assertThat(EVENT.compile(text, AT, problems)).isNull();
        assertThat(problems.list()).hasSize(1);
        return problems.list().get(0).toString();
    }
}
