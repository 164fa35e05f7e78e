package dev.weir.expression;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compiled expression: immutable and thread-safe. Evaluation reads the values of the scope where they are, copies nothing,
 * and throws {@link ExpressionException} when the values do not fit.
 */
public interface Expression {
    /** As it was written. */
    String text();

    /**
     * The value: null, Boolean, Long, Double, String, Buffer, List, Map, JsonObject, JsonArray, Instant, Duration or Fields. Whole
     * numbers inside lists and maps may be Integer too. An empty optional is null.
     *
     * @throws ExpressionException when there is none
     */
    @Nullable
    Object evaluate(Scope scope);

    /**
     * The value of a condition.
     *
     * @throws ExpressionException when there is none, or it is no boolean
     */
    boolean test(Scope scope);

    /**
     * The value of an expression that gives a number, as decimal.
     *
     * @throws ExpressionException when there is none, or it is no number
     */
    double number(Scope scope);

    /** TRUE or FALSE when this is a condition with always the same value, which is worth a warning; else null. */
    @Nullable
    Boolean constant();

    /** What it reads, as in {@code event.data.price}. */
    Set<String> paths();
}
