package dev.weir.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.compiler.CelCompiler;
import dev.weir.config.Location;
import dev.weir.config.Problems;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compiles expressions written in CEL, the Common Expression Language, with the changes that docs/expressions.md names. Thread-safe.
 * The first one of a process loads dev.cel, which takes 100 ms; later ones of the same environment cost nothing. A node whose
 * configuration has no expressions never makes one.
 */
public final class Expressions {
    /** One for each environment that code names; what users write never makes one. */
    private static final Map<Environment, CelCompiler> COMPILERS = new ConcurrentHashMap<>();

    private final Environment environment;
    private final CelCompiler compiler;

    /** @param environment the names that all its expressions may use */
    public Expressions(Environment environment) {
        this.environment = environment;
        this.compiler = COMPILERS.computeIfAbsent(environment, Dialect::compiler);
    }

    /**
     * Compiles an expression without aggregates.
     *
     * @param text at most 10,000 characters, nested at most 32 levels deep
     * @param at where it is written
     * @param problems gets what is wrong: with the column inside the text, and a mend
     * @return null after noting problems
     */
    public @Nullable Expression compile(String text, Location at, Problems problems) {
        CelAbstractSyntaxTree tree = checked(text, at, problems);
        return tree == null ? null : translated(text, tree, null, at, problems);
    }

    /**
     * Compiles an expression over aggregates, as in {@code sum(event.data.x) / count()}.
     *
     * @return null after noting problems
     */
    public @Nullable Aggregation compileAggregation(String text, Location at, Problems problems) {
        CelAbstractSyntaxTree tree = checked(text, at, problems);
        Aggregates aggregates = new Aggregates(environment);
        Expression result = tree == null ? null : translated(text, tree, aggregates, at, problems);
        return result == null ? null : new Aggregation(result, aggregates.calls());
    }

    /**
     * What an expression gave, as a JSON value for an event's data: maps and fields as JsonObject, lists as JsonArray, timestamps as
     * RFC 3339 text, durations as text such as {@code 1.5s}, whole numbers as Integer where they fit. Maps and lists that are JSON
     * already are wrapped, not copied.
     *
     * @throws ExpressionException for NaN and infinite numbers, which JSON has not
     */
    public static @Nullable Object toJson(@Nullable Object value) {
        return Json.of(value);
    }

    private @Nullable CelAbstractSyntaxTree checked(String text, Location at, Problems problems) {
        Diagnosis diagnosis = new Diagnosis(environment, at, problems);
        if (text.length() > Dialect.LONGEST) {
            diagnosis.add(text, 1, 1, "it has more than " + Dialect.LONGEST + " characters", Diagnosis.SPLIT);
            return null;
        }
        CelValidationResult result = compiler.compile(text);
        if (result.hasError()) {
            diagnosis.add(text, result.getErrors());
            return null;
        }
        try {
            return result.getAst();
        } catch (CelValidationException e) {
            throw new IllegalStateException("no errors and yet no tree", e);
        }
    }

    private @Nullable Expression translated(
            String text, CelAbstractSyntaxTree tree, @Nullable Aggregates aggregates, Location at, Problems problems) {
        try {
            return new Translation(tree, environment, aggregates).expression(text, tree.getExpr());
        } catch (Rejected rejected) {
            CelSource source = tree.getSource();
            CelSourceLocation place = source.getOffsetLocation(
                            Objects.requireNonNullElse(source.getPositionsMap().get(rejected.node), 0))
                    .orElse(CelSourceLocation.of(1, 0));
            new Diagnosis(environment, at, problems)
                    .add(text, place.getLine(), place.getColumn() + 1, rejected.what, rejected.mend);
            return null;
        }
    }
}
