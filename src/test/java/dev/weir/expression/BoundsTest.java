package dev.weir.expression;

import static dev.weir.expression.Samples.compile;
import static dev.weir.expression.Samples.evaluate;
import static dev.weir.expression.Samples.failure;
import static dev.weir.expression.Samples.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever the text and the data, an expression ends soon. */
class BoundsTest {
    private static String numbers(int count) {
        JsonArray list = new JsonArray();
        IntStream.range(0, count).forEach(list::add);
        return new JsonObject().put("list", list).put("t", "a".repeat(5_000)).encode();
    }

    @Test
    void loopsAreCounted() {
        assertThat(evaluate("event.data.list.all(i, i >= 0)", numbers(1_000))).isEqualTo(true);
        assertThat(failure("event.data.list.all(i, event.data.list.all(j, i + j >= 0))", numbers(1_000)))
                .isEqualTo("it takes more than 100000 steps: filter the list first, or split the event");
        assertThat(failure("event.data.list.all(i, i in event.data.list)", numbers(5_000)))
                .contains("steps");
    }

    @Test
    void resultsAreBounded() {
        String data = numbers(10);
        assertThat(failure("event.data.t.replace('a', event.data.t)", data))
                .isEqualTo("the text would be larger than 1000000");
        assertThat(failure("event.data.t.split('').map(x, event.data.t).join()", data))
                .contains("larger than");
        String large = "event.data.t.replace('a', 'aaaaaaaaaaaaaaaaaaaa')";
        assertThat(failure(large + (" + " + large).repeat(10), data)).isEqualTo("a text would be larger than 1000000");
    }

    @Test
    void patternsTakeLinearTime() {
        assertThat(evaluate("(event.data.t + '!').matches('^(a+)+$')", numbers(1)))
                .isEqualTo(false);
        assertThat(evaluate(
                        "(event.data.t + '!').matches(event.data.p)",
                        new JsonObject(numbers(1)).put("p", "^(a|a)*$").encode()))
                .isEqualTo(false);
    }

    @Test
    void textsAreBounded() {
        assertThat(problem("'" + "a".repeat(10_000) + "'")).contains("it has more than 10000 characters");
        assertThat(problem("(".repeat(40) + "1" + ")".repeat(40))).contains("deep");
        assertThat(problem("[".repeat(40) + "1" + "]".repeat(40))).contains("deep");
        assertThat(compile("(".repeat(25) + "1" + ")".repeat(25)).constant()).isNull();
        assertThat(compile("event.data.a" + " || event.data.a".repeat(100)).constant())
                .isNull();
        assertThat(problem("1" + " + event.data.a".repeat(600))).contains("deep");
        assertThat(problem("event" + ".a".repeat(4_000))).contains("deep");
    }
}
