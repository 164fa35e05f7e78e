package dev.weir.flow.aggregate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A function over the events of a window: what expressions may call, with what, and what keeps its running value. Immutable.
 *
 * <p>A call has an argument, which is an expression over each event, and then constants, which are written as such:
 * {@code quantile(event.data.millis, 0.99)}.
 */
public final class AggregateFunction {
    /** What the argument of a function is. */
    public enum Argument {
        /** There may be one, which is true or false. */
        CONDITION("condition"),
        /** A number. */
        NUMBER("x"),
        /** Numbers, or texts, or times, or durations; not mixed. */
        COMPARABLE("x"),
        /** Any value. */
        ANY("x");

        private final String word;

        Argument(String word) {
            this.word = word;
        }
    }

    /** All of them, as the reference lists them. */
    public static final List<AggregateFunction> ALL = List.of(
            new AggregateFunction(
                    "count",
                    "How many events there were; with a condition, for how many of them it is true.",
                    Argument.CONDITION,
                    List.of(),
                    constants -> new Count(),
                    (constants, json) -> new Count(json)),
            new AggregateFunction(
                    "sum",
                    "Their sum, 0 without any; of whole numbers it is whole until it no longer fits into 64 bits.",
                    Argument.NUMBER,
                    List.of(),
                    constants -> new Sum(),
                    (constants, json) -> new Sum(json)),
            new AggregateFunction(
                    "avg",
                    "Their arithmetic mean.",
                    Argument.NUMBER,
                    List.of(),
                    constants -> new Average(),
                    (constants, json) -> new Average(json)),
            new AggregateFunction(
                    "min",
                    "The smallest number, text, time or duration.",
                    Argument.COMPARABLE,
                    List.of(),
                    constants -> new Extreme("min", -1),
                    (constants, json) -> new Extreme("min", -1, json)),
            new AggregateFunction(
                    "max",
                    "The greatest number, text, time or duration.",
                    Argument.COMPARABLE,
                    List.of(),
                    constants -> new Extreme("max", 1),
                    (constants, json) -> new Extreme("max", 1, json)),
            new AggregateFunction(
                    "stddev",
                    "Their sample standard deviation (over n - 1), null below two values.",
                    Argument.NUMBER,
                    List.of(),
                    constants -> new Deviation(),
                    (constants, json) -> new Deviation(json)),
            new AggregateFunction(
                    "distinct",
                    "How many different values there were: exact up to 1,000, then estimated with a standard error of 1.6 %, in at"
                            + " most 16 KiB.",
                    Argument.ANY,
                    List.of(),
                    constants -> new Distinct(),
                    (constants, json) -> new Distinct(json)),
            new AggregateFunction(
                    "quantile",
                    "The smallest value that at least the share q of them does not exceed, 0.5 being the median: exact up to 64"
                            + " values, then within 1 % of its value, while the greatest is less than 10^17 times the smallest"
                            + " (beyond that the error grows, the memory does not).",
                    Argument.NUMBER,
                    List.of(Constant.decimal("q", 0, 1)),
                    constants -> new Quantile(),
                    (constants, json) -> new Quantile(json)),
            new AggregateFunction(
                    "top",
                    "The n most frequent values as `{value, count}`, most frequent first: exact up to max(100, 10 n) different"
                            + " values; beyond that a count may be too high, at most by the `error` that stands beside it, which is"
                            + " at most the number of events divided by max(100, 10 n).",
                    Argument.ANY,
                    List.of(Constant.whole("n", 1, 1000)),
                    Top::new,
                    Top::new),
            new AggregateFunction(
                    "first",
                    "The value of the earliest event.",
                    Argument.ANY,
                    List.of(),
                    constants -> new Outermost("first", -1),
                    (constants, json) -> new Outermost("first", -1, json)),
            new AggregateFunction(
                    "last",
                    "The value of the latest event.",
                    Argument.ANY,
                    List.of(),
                    constants -> new Outermost("last", 1),
                    (constants, json) -> new Outermost("last", 1, json)),
            new AggregateFunction(
                    "collect",
                    "The values as a list in the order in which they came, the first max of them.",
                    Argument.ANY,
                    List.of(Constant.whole("max", 1, 10_000).or(1000)),
                    Collect::new,
                    Collect::new));

    private final String name;
    private final String summary;
    private final Argument argument;
    private final List<Constant> constants;
    private final Function<List<Object>, Aggregate> maker;
    private final BiFunction<List<Object>, Object, Aggregate> reader;

    private AggregateFunction(
            String name,
            String summary,
            Argument argument,
            List<Constant> constants,
            Function<List<Object>, Aggregate> maker,
            BiFunction<List<Object>, Object, Aggregate> reader) {
        this.name = name;
        this.summary = summary;
        this.argument = argument;
        this.constants = constants;
        this.maker = maker;
        this.reader = reader;
    }

    /** The function of that name. */
    public static Optional<AggregateFunction> of(String name) {
        return ALL.stream().filter(function -> function.name.equals(name)).findFirst();
    }

    /** As it is called. */
    public String name() {
        return name;
    }

    /** What it comes to, with the error it may have and the memory it may take; Markdown. */
    public String summary() {
        return summary;
    }

    /** What its first argument is. */
    public Argument argument() {
        return argument;
    }

    /** Whether it can be called without an argument. */
    public boolean isArgumentOptional() {
        return argument == Argument.CONDITION;
    }

    /** Its constants, which follow the argument. */
    public List<Constant> constants() {
        return constants;
    }

    /** How it is written: {@code quantile(x, q)}, {@code count(condition?)}. */
    public String signature() {
        List<String> words = new ArrayList<>();
        words.add(argument.word + (isArgumentOptional() ? "?" : ""));
        constants.forEach(constant -> words.add(constant.name() + (constant.absent() == null ? "" : "?")));
        return words.stream().collect(Collectors.joining(", ", name + "(", ")"));
    }

    /**
     * Checks the constants of a call.
     *
     * @param given as they were written, without the argument
     * @return complete, to be given wherever constants are asked for
     * @throws IllegalArgumentException says what is wrong and how it is written
     */
    public List<Object> constants(List<?> given) {
        if (given.size() > constants.size()) {
            throw new IllegalArgumentException(name + " has too many arguments: write " + signature());
        }
        List<Object> complete = new ArrayList<>();
        for (int i = 0; i < constants.size(); i++) {
            complete.add(constants.get(i).check(this, i < given.size() ? given.get(i) : null));
        }
        return List.copyOf(complete);
    }

    /**
     * The constants that matter to what is kept: calls with the same argument that agree in these can share one aggregate. Those of
     * {@code quantile} matter to its result only.
     */
    public List<Object> shaping(List<Object> ofConstants) {
        return name.equals("quantile") ? List.of() : ofConstants;
    }

    /** A new one, to which nothing was added yet. */
    public Aggregate create(List<Object> ofConstants) {
        return maker.apply(ofConstants);
    }

    /** The one that was written as {@link Aggregate#toJson JSON}, before or after that was text. */
    public Aggregate read(List<Object> ofConstants, Object json) {
        return reader.apply(ofConstants, json);
    }

    @Override
    public String toString() {
        return signature();
    }
}
