package dev.weir.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.weir.config.Location;
import dev.weir.config.Problems;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our evaluator and dev.cel's say the same, values and failures, except where docs/expressions.md says otherwise. */
class CelOracleTest {
    private static final String NOTHING = "(fails)";

    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
    private static final CelCompiler CEL = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("a", SimpleType.DYN)
            .addVar("b", SimpleType.DYN)
            .build();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();
    private static final Expressions OURS = new Expressions(new Environment(List.of("a", "b"), List.of()));

    private static final JsonObject A = new JsonObject("""
            {"n": 7, "d": 2.5, "neg": -3, "t": "héllo wörld", "e": "", "yes": true, "no": false, "nil": null, "big": 9007199254740993,
             "list": [3, 1, 2], "texts": ["b", "a"], "mixed": [1, 2.5, "x", null, true], "empty": [], "o": {"x": 1, "y": {"z": [1]}},
             "rows": [{"k": "p", "v": 1}, {"k": "q", "v": 2}, {"k": "p"}], "at": "2026-03-29T01:30:00.125+01:00"}""");

    static List<String> expressions() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/expression/standard.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void saysWhatCelSays(String text) throws Exception {
        Expression expression = OURS.compile(text, Location.NONE, new Problems());
        CelValidationResult tree = CEL.compile(text);

        Object ours = expression == null ? NOTHING : ours(expression, A, null);
        assertThat(ours).as(text).isEqualTo(tree.hasError() ? NOTHING : theirs(tree.getAst(), A.getMap(), null));
    }

    /** Every operator over every pair of kinds of values. Mixed arithmetic is ours alone. */
    @Test
    void operatorsOverAllPairsOfValues() throws Exception {
        List<Object> values = new ArrayList<>(List.of(
                0,
                1,
                -1,
                7,
                5_000_000_000L,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                0.0,
                1.0,
                -1.5,
                9.007199254740992e15,
                9.3e18,
                Double.POSITIVE_INFINITY,
                "",
                "1",
                "a",
                "ä",
                true,
                false,
                new JsonArray(),
                new JsonArray().add(1).add("a"),
                new JsonArray().add(1.0).add("a"),
                new JsonObject(),
                new JsonObject().put("a", 1),
                new JsonObject().put("a", 1.0),
                new JsonObject().putNull("a")));
        values.add(null);
        int compared = 0;
        for (String operator : List.of("+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "&&", "||", "in")) {
            String text = "a " + operator + " b";
            var program = RUNTIME.createProgram(CEL.compile(text).getAst());
            Expression ours = compile(text);
            for (Object a : values) {
                for (Object b : values) {
                    if ("+-*/%".contains(operator)
                            && a instanceof Number
                            && b instanceof Number
                            && (isDecimal(a) || isDecimal(b))) {
                        continue;
                    }
                    Object expected = theirs(program, cel(a), cel(b));
                    assertThat(ours(ours, a, b))
                            .as(a + " " + operator + " " + b)
                            .isEqualTo(expected);
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(9_000);
    }

    private static boolean isDecimal(Object value) {
        return value instanceof Double;
    }

    private static Expression compile(String text) {
        Problems problems = new Problems();
        Expression expression = OURS.compile(text, Location.NONE, problems);
        assertThat(problems.list()).as(text).isEmpty();
        return expression;
    }

    private static Object ours(Expression expression, Object a, Object b) {
        try {
            return comparable(expression.evaluate(slot -> slot == 0 ? a : b));
        } catch (ExpressionException e) {
            return NOTHING;
        }
    }

    private static Object theirs(dev.cel.common.CelAbstractSyntaxTree tree, Object a, Object b) {
        try {
            return theirs(RUNTIME.createProgram(tree), cel(a), cel(b));
        } catch (CelEvaluationException e) {
            return NOTHING;
        }
    }

    private static Object theirs(CelRuntime.Program program, Object a, Object b) {
        try {
            return comparable(program.eval(Map.of("a", a, "b", b)));
        } catch (CelEvaluationException e) {
            return NOTHING;
        }
    }

    /** As dev.cel wants its values. */
    private static Object cel(Object value) {
        if (value == null) {
            return NullValue.NULL_VALUE;
        } else if (value instanceof Integer whole) {
            return whole.longValue();
        } else if (value instanceof JsonObject object) {
            return cel(object.getMap());
        } else if (value instanceof JsonArray array) {
            return cel(array.getList());
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, each) -> copy.put(key, cel(each)));
            return copy;
        }
        return value instanceof List<?> list
                ? list.stream().map(CelOracleTest::cel).toList()
                : value;
    }

    /** The same value is the same text for both. */
    private static Object comparable(Object value) {
        if (value == null || value instanceof NullValue || value instanceof com.google.protobuf.NullValue) {
            return "null";
        } else if (value instanceof Integer || value instanceof Long) {
            return "int " + value;
        } else if (value instanceof Double decimal) {
            return "double " + decimal;
        } else if (value instanceof Map<?, ?> || value instanceof JsonObject) {
            Map<Object, Object> map = new LinkedHashMap<>();
            Values.map(value).forEach((key, each) -> map.put(comparable(key), comparable(each)));
            return map;
        } else if (value instanceof List<?> || value instanceof JsonArray) {
            return Values.list(value).stream().map(CelOracleTest::comparable).toList();
        } else if (value instanceof CelByteString bytes) {
            return Buffer.buffer(bytes.toByteArray());
        } else if (value instanceof com.google.protobuf.Timestamp at) {
            return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
        } else if (value instanceof com.google.protobuf.Duration duration) {
            return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
        }
        return value;
    }
}
