package dev.weir.expression;

import com.google.common.collect.ImmutableList;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.checker.CelStandardDeclarations.StandardFunction;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.common.types.TypeType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What the checker knows: CEL's standard without unsigned numbers, with whole and decimal numbers in any mix, and with the
 * functions of CEL's extensions for texts, math, optionals and base64. Used while one compiler is made.
 */
final class Dialect {
    static final int LONGEST = 10_000;
    static final int DEEPEST = 32;
    private static final int MOST_ARGUMENTS = 8;

    private static final CelType ANY = SimpleType.DYN;
    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType INT = SimpleType.INT;
    private static final CelType DOUBLE = SimpleType.DOUBLE;
    private static final CelType BOOL = SimpleType.BOOL;
    private static final CelType BYTES = SimpleType.BYTES;
    private static final CelType ANY_LIST = ListType.create(ANY);
    private static final CelType TEXTS = ListType.create(TEXT);
    private static final CelType VALUE = TypeParamType.create("V");
    private static final CelType KEY = TypeParamType.create("K");
    private static final CelType OPTIONAL = OptionalType.create(VALUE);

    private final Map<String, ImmutableList.Builder<CelOverloadDecl>> functions = new LinkedHashMap<>();
    private int overloads;

    private Dialect() {}

    static CelCompiler compiler(Environment environment) {
        Dialect dialect = new Dialect();
        dialect.numbers();
        dialect.texts();
        dialect.maths();
        dialect.optionals();
        dialect.aggregates(environment.aggregates());
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(options())
                .setStandardEnvironmentEnabled(false)
                .setStandardDeclarations(CelStandardDeclarations.newBuilder()
                        .excludeFunctions(
                                StandardFunction.UINT,
                                StandardFunction.EQUALS,
                                StandardFunction.NOT_EQUALS,
                                StandardFunction.CONDITIONAL,
                                StandardFunction.IN,
                                StandardFunction.OLD_IN)
                        .build())
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addFunctionDeclarations(dialect.declarations());
        for (CelType type : List.of(SimpleType.TIMESTAMP, SimpleType.DURATION)) {
            builder.addVar(type.name(), TypeType.create(type));
        }
        environment.variables().forEach(name -> builder.addVar(name, ANY));
        return builder.build();
    }

    /** Names that may be called, for "did you mean". */
    static List<String> functionNames(Environment environment) {
        TreeSet<String> names = new TreeSet<>(Functions.names());
        names.addAll(environment.aggregates());
        names.addAll(List.of("has", "all", "exists", "exists_one", "map", "filter"));
        return List.copyOf(names);
    }

    private static CelOptions options() {
        return CelOptions.current()
                .maxExpressionCodePointSize(LONGEST)
                .maxParseRecursionDepth(DEEPEST)
                .enableOptionalSyntax(true)
                .enableHeterogeneousNumericComparisons(true)
                .populateMacroCalls(true)
                .build();
    }

    private void numbers() {
        for (String operator : List.of("_+_", "_-_", "_*_", "_/_", "_%_")) {
            function(operator, DOUBLE, INT, DOUBLE);
            function(operator, DOUBLE, DOUBLE, INT);
        }
        function("_%_", DOUBLE, DOUBLE, DOUBLE);
        for (String operator : List.of("_==_", "_!=_")) {
            function(operator, BOOL, ANY, ANY);
        }
        function("@in", BOOL, ANY, ANY_LIST);
        function("@in", BOOL, ANY, MapType.create(ANY, ANY));
        function("_?_:_", ANY, BOOL, ANY, ANY);
    }

    private void texts() {
        method("charAt", TEXT, TEXT, INT);
        for (String name : List.of("indexOf", "lastIndexOf")) {
            method(name, INT, TEXT, TEXT);
        }
        method("indexOf", INT, TEXT, TEXT, INT);
        for (String name : List.of("lowerAscii", "upperAscii", "trim", "reverse")) {
            method(name, TEXT, TEXT);
        }
        method("substring", TEXT, TEXT, INT);
        method("substring", TEXT, TEXT, INT, INT);
        method("replace", TEXT, TEXT, TEXT, TEXT);
        method("replace", TEXT, TEXT, TEXT, TEXT, INT);
        method("split", TEXTS, TEXT, TEXT);
        method("split", TEXTS, TEXT, TEXT, INT);
        method("join", TEXT, TEXTS);
        method("join", TEXT, TEXTS, TEXT);
        method("format", TEXT, TEXT, ANY_LIST);
        function("base64.encode", TEXT, BYTES);
        function("base64.decode", BYTES, TEXT);
    }

    private void maths() {
        for (String name : Maths.VARIADIC) {
            variadic("math." + name, 1);
        }
        for (CelType number : List.of(INT, DOUBLE)) {
            function("math.abs", number, number);
            function("math.sign", number, number);
            for (String name : List.of("ceil", "floor", "round", "trunc", "sqrt")) {
                function("math." + name, DOUBLE, number);
            }
            for (String name : List.of("isNaN", "isInf", "isFinite")) {
                function("math." + name, BOOL, number);
            }
        }
    }

    private void optionals() {
        function("optional.of", OPTIONAL, VALUE);
        function("optional.none", OPTIONAL);
        method("hasValue", BOOL, OPTIONAL);
        method("value", VALUE, OPTIONAL);
        method("orValue", ANY, OPTIONAL, ANY);
        method("or", OPTIONAL, OPTIONAL, OPTIONAL);
        for (CelType from : List.of(ListType.create(VALUE), OptionalType.create(ListType.create(VALUE)))) {
            function("_[?_]", OPTIONAL, from, INT);
        }
        for (CelType from : List.of(MapType.create(KEY, VALUE), OptionalType.create(MapType.create(KEY, VALUE)))) {
            function("_[?_]", OPTIONAL, from, KEY);
        }
        function("_[_]", OPTIONAL, OptionalType.create(ListType.create(VALUE)), INT);
        function("_[_]", OPTIONAL, OptionalType.create(MapType.create(KEY, VALUE)), KEY);
    }

    private void aggregates(List<String> names) {
        names.forEach(name -> variadic(name, 0));
    }

    private void variadic(String name, int fewest) {
        CelType[] arguments = new CelType[MOST_ARGUMENTS];
        java.util.Arrays.fill(arguments, ANY);
        for (int count = fewest; count <= MOST_ARGUMENTS; count++) {
            function(name, ANY, java.util.Arrays.copyOf(arguments, count));
        }
    }

    private void function(String name, CelType result, CelType... arguments) {
        add(name, CelOverloadDecl.newGlobalOverload(id(), result, arguments));
    }

    private void method(String name, CelType result, CelType... targetAndArguments) {
        add(name, CelOverloadDecl.newMemberOverload(id(), result, targetAndArguments));
    }

    private String id() {
        return "weir_" + overloads++;
    }

    private void add(String name, CelOverloadDecl overload) {
        functions.computeIfAbsent(name, unused -> ImmutableList.builder()).add(overload);
    }

    private List<CelFunctionDecl> declarations() {
        return functions.entrySet().stream()
                .map(each -> CelFunctionDecl.newFunctionDeclaration(
                        each.getKey(), each.getValue().build()))
                .toList();
    }
}
