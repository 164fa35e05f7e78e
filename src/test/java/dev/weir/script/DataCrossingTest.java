package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data crosses as if it were JSON text: {@code JSON.parse} and {@code JSON.stringify} say what is right. */
class DataCrossingTest {
    private final Context js = Context.newBuilder("js")
            .engine(Engines.shared())
            .allowHostAccess(HostAccess.EXPLICIT)
            .build();
    private final Values values = new Values(js, js.eval("js", """
            ({
              parse: JSON.parse,
              encode: JSON.stringify,
              bytes: (buffer, length) => new Uint8Array(length),
            })
            """));

    @AfterEach
    void end() {
        js.close();
    }

    private static JsonObject dictionary(int size) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < size; i++) {
            object.put("key " + i, i);
        }
        return object;
    }

    private static Object deep(int levels) {
        Object value = "bottom";
        for (int i = 0; i < levels; i++) {
            value = i % 2 == 0 ? new JsonArray().add(value) : new JsonObject().put("in", value);
        }
        return value;
    }

    @Test
    void whatComesInIsWhatItsTextWouldBe() {
        Value same = js.eval("js", """
                (value, text) => {
                  const parsed = JSON.parse(text);
                  const kinds = (a) => a !== null && typeof a === 'object'
                    ? [Array.isArray(a), Object.getPrototypeOf(a) === Object.getPrototypeOf(Array.isArray(a) ? [] : {}),
                       Reflect.ownKeys(a), Object.entries(Object.getOwnPropertyDescriptors(a))
                         .map(([name, { writable, enumerable, configurable }]) => [name, writable, enumerable, configurable]),
                       Object.values(a).map(kinds)]
                    : [typeof a, Object.is(a, -0), a];
                  const [one, two] = [JSON.stringify(kinds(value)), JSON.stringify(kinds(parsed))];
                  return one === two && JSON.stringify(value) === JSON.stringify(parsed) ? '' : one + ' is not ' + two;
                }
                """);
        JsonObject order = new JsonObject("""
                {"id": "order-17", "none": null, "yes": true, "items": [{"sku": "a", "price": 2.5}, {"sku": "b", "price": 7}, []], "to": {}}""");
        Object[] all = {
            order,
            order.copy().put("id", 3).put("items", "no array"),
            new JsonArray("[1, -1, 0, 2147483648, -2147483649, 9007199254740993, 1.5, -0.0, 1e300, [], [[]], {}]"),
            new JsonArray("[123456789012345678901234567890, 0.1, 1.0]"),
            new JsonObject("{\"b\": 1, \"10\": 2, \"9\": 3, \"a\": 4, \"-1\": 5, \"\": 6}"),
            new JsonObject("{\"__proto__\": {\"x\": 1}, \"constructor\": 1, \"toString\": 2, \"length\": 3}"),
            new JsonArray().add("ünï ∑ \uD83D\uDE00 \uD800 \u0000 \u2028"),
            new JsonObject().put("when", Instant.EPOCH).put("float", 0.1f).put("nan", Double.NaN),
            new JsonObject().put("bytes", new byte[] {1, 2}),
            dictionary(15),
            dictionary(300),
            deep(60),
        };
        for (int round = 0; round < 3; round++) {
            for (Object value : all) {
                assertThat(same.execute(values.toJs(value), Json.encode(value)).asString())
                        .isEmpty();
            }
        }
    }

    @Test
    void namesWithoutEndAreNotRemembered() {
        for (int i = 0; i < 6000; i++) {
            JsonObject object = new JsonObject().put("a" + i % 20, new JsonObject().put("b" + i, i));
            assertThat(values.toJava(js.asValue(values.toJs(object)))).isEqualTo(object);
        }
    }

    @Test
    void theScriptsOwnAndNobodyElses() {
        JsonObject given = new JsonObject().put("list", new JsonArray().add(1)).put("n", 1);
        Value changed = js.eval("js", """
                        (o) => {
                          o.list.push('two', { three: 3 });
                          o.n = 'other';
                          delete o.absent;
                          o[Symbol.for('s')] = 1;
                          return { ...o, keys: Object.keys(o) };
                        }
                        """).execute(values.toJs(given));
        assertThat(values.toJava(changed))
                .isEqualTo(new JsonObject(
                        "{\"list\": [1, \"two\", {\"three\": 3}], \"n\": \"other\", \"keys\": [\"list\", \"n\"]}"));
        assertThat(given.encode()).isEqualTo("{\"list\":[1],\"n\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{a: 1, b: 'x', c: null, d: true, e: [1, 'two', null, {f: []}]}",
                "{}",
                "[]",
                "[undefined, () => 1, Symbol('x'), 1]",
                "{a: undefined, b: () => 1, c: Symbol('x'), d: 1, [Symbol('s')]: 2}",
                "[NaN, Infinity, -0, 0.5, 12.0, 2 ** 31, 2 ** 53, 2 ** 53 + 2, -(2 ** 40), 1e21, 1e-7, 1 / 3]",
                "{2: 'b', 1: 'a', z: 1, '-1': 2}",
                "{get a() { return 'got'; }, b: 1}",
                "{a: {toJSON: () => 'told'}, b: {toJSON: 5}}",
                "{at: new Date(0), re: /x/, map: new Map([[1, 2]]), error: new Error('x')}",
                "new (class A { constructor() { this.x = 1; } toJSON() { return {y: this.x}; } })()",
                "new (class A { constructor() { this.x = 1; } })()",
                "Object.create({inherited: 1})",
                "Object.assign(Object.create(null), {a: 1})",
                "{__proto__: {toJSON() { return [1]; }}, a: 1}",
                "Object.defineProperty({a: 1}, 'hidden', {value: 1, enumerable: false})",
                "Object.freeze({a: Object.freeze([1])})",
                "Object.assign([1, 2], {extra: 3})",
                "Object.assign([1, 2], {toJSON: () => 'array'})",
                "[1, , 3]",
                "new Array(5)",
                "Array.from({length: 2000}, (x, i) => ({i}))",
                "(() => { const a = []; a[100] = 1; return a; })()",
                "new (class B extends Array {})(3).fill(0)",
                "[new String('s'), new Number(1), Object(true)]",
                "new Proxy({a: 1}, {})",
                "[new Proxy([1], {})]",
                "{s: 'ünï \\u{1F600} \\ud800', t: 'a' + 'b'.repeat(100)}",
                "(function () { return arguments; })(1, 2)",
                "new Boolean(false)"
            })
    void whatGoesOutIsWhatItsTextWouldBe(String expression) {
        for (int round = 0; round < 2; round++) {
            Value value = js.eval("js", "(" + expression + ")");
            String text = js.eval("js", "JSON.stringify").execute(value).asString();
            assertThat(values.toJava(value)).isEqualTo(Json.decodeValue(text));
        }
    }

    @Test
    void aToJsonForAllIsHeard() {
        Value value = js.eval("js", "({a: [1]})");
        assertThat(values.toJava(value)).isEqualTo(new JsonObject("{\"a\": [1]}"));
        js.eval("js", "Array.prototype.toJSON = function () { return 'list'; }");
        assertThat(values.toJava(value)).isEqualTo(new JsonObject("{\"a\": \"list\"}"));
        js.eval("js", "delete Array.prototype.toJSON; Object.prototype.toJSON = () => [7]");
        assertThat(values.toJava(value)).isEqualTo(new JsonArray("[7]"));
        js.eval("js", "delete Object.prototype.toJSON");
        assertThat(values.toJava(value)).isEqualTo(new JsonObject("{\"a\": [1]}"));
    }

    @Test
    void whatHasNoTextIsRefusedAsThere() {
        assertThatThrownBy(() -> values.toJava(js.eval("js", "(() => { const a = {}; a.a = a; return a; })()")))
                .isInstanceOf(PolyglotException.class)
                .hasMessageContaining("circular");
        assertThatThrownBy(() -> values.toJava(js.eval("js", "({a: 1n})"))).isInstanceOf(PolyglotException.class);
        for (String nothing : Arrays.asList("undefined", "null", "() => 1")) {
            assertThat(values.toJava(js.eval("js", nothing))).isNull();
        }
    }
}
