package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bus.Functions;
import dev.weir.bus.Functions.FailedException;
import dev.weir.config.Location;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Value;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of flows: events and answers are what their JSON text would be, and nobody else's; limits hold. */
class ScriptFunctionTest {
    private static final JsonObject CONTEXT = new JsonObject().put("flow", "f").put("now", 1_700_000_000_000L);

    private static final List<String> ANSWERS = List.of(
            "{a: undefined, b: () => 1, c: Symbol('x'), d: NaN, e: -0, f: Infinity}",
            "[undefined, , null, NaN]",
            "{at: new Date(0), map: new Map([[1, 2]]), error: new Error('x')}",
            "new Date(0)",
            "{n: 2 ** 53, m: 2 ** 53 + 2, k: -(2 ** 40), x: 1e21, y: 1 / 3}",
            "{2: 'b', 1: 'a', z: 1}",
            "new (class A { constructor() { this.x = 1; } toJSON() { return {y: this.x}; } })()",
            "Object.create({inherited: 1})",
            "{get a() { return 'got'; }}",
            "new Proxy({a: [1]}, {})",
            "'text'",
            "12",
            "true",
            "null",
            "NaN");

    private final List<String> said = new ArrayList<>();
    private final List<Functions.Callable> opened = new ArrayList<>();

    private Functions.Callable open(String text, long statements) {
        Functions.Limits limits = new Functions.Limits(Duration.ofSeconds(30), statements);
        Functions.Callable function = new ScriptFunctions()
                .read(new Functions.Code(text, new Location("flow.yaml", 1), false), limits)
                .open((level, line) -> said.add(level + " " + line));
        opened.add(function);
        return function;
    }

    private Functions.Callable open(String text) {
        return open(text, 1_000_000);
    }

    /** An engine takes from its first context what the others may do, so this says most where it is the first test of its JVM. */
    @Test
    void verticlesReadBuffersThoughAFunctionCameFirst(@TempDir Path folder) {
        open("event => event");
        try (ScriptRig rig = new ScriptRig(folder)) {
            assertThat(rig.run("console.log(require('crypto').randomBytes(8).length);"))
                    .containsExactly("8");
        }
    }

    @AfterEach
    void close() {
        opened.forEach(Functions.Callable::close);
    }

    private static JsonObject event(Object data) {
        return new JsonObject().put("id", "1").put("type", "t").put("data", data);
    }

    private static List<JsonObject> events() {
        JsonArray nested =
                new JsonArray().addNull().add(new JsonArray().addNull()).add(new JsonObject().putNull("n"));
        return List.of(
                event("text ünï \uD83D\uDE00 \uD800"),
                event(null),
                event(9_007_199_254_740_993L),
                event(new BigInteger("123456789012345678901234567890")),
                event(new JsonArray(List.of(1, -1, 2.5, 1L << 40, 1.0, -0.0, 1e300, 0.1f))),
                event(nested),
                event(new JsonObject("{\"b\": 1, \"10\": 2, \"9\": 3, \"a\": 4, \"\": 5}")),
                event(new JsonObject("{\"__proto__\": {\"x\": 1}, \"toString\": 2, \"length\": 3, \"then\": 4}")),
                event(new JsonObject().put("when", Instant.EPOCH).put("nan", Double.NaN)),
                event(new JsonObject().put("bytes", new byte[] {1, 2, 3})),
                event(Map.of("map", List.of("list"))));
    }

    private static Context plain() {
        return Context.newBuilder("js").engine(Engines.shared()).build();
    }

    @Test
    void whatComesInAndGoesOutIsWhatItsTextWouldBe() {
        String kinds = """
                (event) => {
                  const kinds = (a) => a !== null && typeof a === 'object'
                    ? [Array.isArray(a), a.constructor === (Array.isArray(a) ? [] : {}).constructor, Reflect.ownKeys(a), Object.values(a).map(kinds)]
                    : [typeof a, String(a)];
                  return { event, same: { ...event }, kinds: kinds(event) };
                }""";
        Functions.Callable function = open(kinds);
        try (Context js = plain()) {
            Value expected = js.eval("js", "(text) => JSON.stringify((" + kinds + ")(JSON.parse(text)))");
            for (JsonObject event : events()) {
                String before = event.encode();
                assertThat(function.call(event, CONTEXT))
                        .as(before)
                        .isEqualTo(Json.decodeValue(expected.execute(before).asString()));
                assertThat(event.encode()).isEqualTo(before);
            }
        }
    }

    @Test
    void answersOfAllKindsAreWhatTheirTextWouldBe() {
        Functions.Callable now = open("(event) => eval('(' + event.data + ')')");
        Functions.Callable later = open("async (event) => eval('(' + event.data + ')')");
        try (Context js = plain()) {
            for (String expression : ANSWERS) {
                Object expected = Json.decodeValue(
                        js.eval("js", "JSON.stringify(" + expression + ")").asString());
                assertThat(now.call(event(expression), CONTEXT)).as(expression).isEqualTo(expected);
                assertThat(later.call(event(expression), CONTEXT))
                        .as(expression)
                        .isEqualTo(expected);
            }
            for (String expression : List.of("undefined", "() => 1", "Symbol('x')")) {
                assertThat(now.call(event(expression), CONTEXT)).as(expression).isNull();
                assertThat(later.call(event(expression), CONTEXT))
                        .as(expression)
                        .isNull();
            }
        }
    }

    @Test
    void anAnswerIsWhatItWasWhenItWasGiven() {
        Functions.Callable function = open("""
                (() => {
                  const kept = { calls: 0 };
                  return (event) => {
                    kept.calls++;
                    kept.last = event;
                    event.data.push(kept.calls);
                    Promise.resolve().then(() => { kept.calls += 100; });
                    return kept;
                  };
                })()""");
        JsonObject event = event(new JsonArray().add("a"));
        Object first = function.call(event, CONTEXT);
        String text = "{\"calls\":1,\"last\":{\"id\":\"1\",\"type\":\"t\",\"data\":[\"a\",1]}}";
        assertThat(Json.encode(first)).isEqualTo(text);
        assertThat(event.encode()).isEqualTo("{\"id\":\"1\",\"type\":\"t\",\"data\":[\"a\"]}");
        assertThat(((JsonObject) function.call(event, CONTEXT)).getInteger("calls"))
                .isEqualTo(102);
        assertThat(Json.encode(first)).isEqualTo(text);
    }

    @Test
    void theContextHasALogAndIsNewForEachCall() {
        Functions.Callable function = open(
                "(event, context) => { context.log(event.data, {a: 1}); context.seen = !context.seen; return context; }");
        for (int i = 0; i < 2; i++) {
            assertThat(function.call(event("x"), CONTEXT))
                    .isEqualTo(CONTEXT.copy().put("seen", true));
        }
        assertThat(said).containsExactly("info x {\"a\":1}", "info x {\"a\":1}");
    }

    @Test
    void whatAnEarlierPromiseComesToIsNotTheAnswerOfALaterCall() {
        Functions.Callable function = open("""
                (() => {
                  let settle;
                  return (event) => {
                    if (event.data === 'wait') return new Promise((resolve) => { settle = resolve; });
                    settle({ answer: 'of the first' });
                    return event.data === 'hang' ? new Promise(() => {}) : { answer: 'of the second' };
                  };
                })()""");
        assertThatThrownBy(() -> function.call(event("wait"), CONTEXT))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("never settled");
        assertThat(function.call(event("go"), CONTEXT)).isEqualTo(new JsonObject("{\"answer\": \"of the second\"}"));
        assertThatThrownBy(() -> function.call(event("wait"), CONTEXT)).isInstanceOf(FailedException.class);
        assertThatThrownBy(() -> function.call(event("hang"), CONTEXT)).isInstanceOf(FailedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "() => { throw new TypeError('said'); }",
                "async () => { throw new TypeError('said'); }",
                "() => Promise.reject('said')",
                "() => ({ get a() { throw new Error('said'); } })",
                "async () => ({ toJSON() { throw new Error('said'); } })"
            })
    void whatItThrowsIsSaid(String function) {
        assertThatThrownBy(() -> open(function).call(event(1), CONTEXT))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("said");
    }

    @Test
    void whatCannotBeTextIsAnError() {
        for (String function : List.of("() => ({ a: 1n })", "() => 1n", "() => { const a = {}; a.a = a; return a; }")) {
            assertThatThrownBy(() -> open(function).call(event(1), CONTEXT)).isInstanceOf(FailedException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "() => { for (let i = 0; i < 2000; i++) { i; } return {}; }",
                "() => { eval('for (let i = 0; i < 2000; i++) { i; }'); return {}; }",
                "() => { new Function('for (let i = 0; i < 2000; i++) { i; }')(); return {}; }",
                "async () => { await null; for (let i = 0; i < 2000; i++) { i; } return {}; }",
                "() => ({ toJSON() { for (let i = 0; i < 2000; i++) { i; } return 1; } })"
            })
    void statementsAreCountedWhereverTheyAre(String function) {
        assertThatThrownBy(() -> open(function, 1000).call(event(1), CONTEXT))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("more than 1000 statements");
        assertThat(open(function, 100_000).call(event(1), CONTEXT)).isNotNull();
    }

    @Test
    void theLimitIsEachCallsOwnAndTheFunctionIsMadeAnewBeyondIt() {
        Functions.Callable function =
                open("(event) => { for (let i = 0; i < event.data; i++) { i; } return { n: event.data }; }", 1000);
        for (int call = 0; call < 20; call++) {
            assertThat(function.call(event(100), CONTEXT)).isEqualTo(new JsonObject().put("n", 100));
        }
        assertThatThrownBy(() -> function.call(event(5000), CONTEXT)).isInstanceOf(FailedException.class);
        assertThat(function.call(event(1), CONTEXT)).isEqualTo(new JsonObject().put("n", 1));
    }

    @Test
    void verticlesOnTheSameEngineHaveNoLimit() {
        Functions.Callable limited = open("() => { for (let i = 0; i < 2000; i++) { i; } return {}; }", 1000);
        try (Context verticle = plain()) {
            String loop = "let n = 0; for (let i = 0; i < 3000; i++) { n++; } n";
            assertThat(verticle.eval("js", loop).asInt()).isEqualTo(3000);
            assertThatThrownBy(() -> limited.call(event(1), CONTEXT)).isInstanceOf(FailedException.class);
            assertThat(verticle.eval("js", "eval(" + Json.encode(loop) + ")").asInt())
                    .isEqualTo(3000);
        }
    }
}
