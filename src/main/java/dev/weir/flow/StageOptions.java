package dev.weir.flow;

import dev.weir.bus.Functions;
import dev.weir.bus.RetryPolicy;
import dev.weir.config.ByteSize;
import dev.weir.config.Location;
import dev.weir.config.RawValue;
import dev.weir.expression.Aggregation;
import dev.weir.expression.Environment;
import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import dev.weir.time.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options of one stage or target as they were written, checked as they are read; what is absent is as its type says. After a
 * problem it answers with something that fits, and what is made of it is never used.
 */
public final class StageOptions {
    private final StageType type;
    private final Location at;
    private final FlowReading reading;
    private final Map<String, RawValue> values;
    private final Map<String, StageSpec.Branch> branches = new LinkedHashMap<>();
    private Keeps keeps = Keeps.NOTHING;
    private boolean passes = true;
    private final List<String> emits = new ArrayList<>(1);
    private final List<String> lookups = new ArrayList<>(0);

    StageOptions(StageType type, Map<String, RawValue> values, Location at, FlowReading reading) {
        this.type = type;
        this.at = at;
        this.reading = reading;
        this.values = values;
        List<String> names = type.options().stream().map(StageOption::name).toList();
        values.forEach((name, value) -> {
            if (!names.contains(name)) {
                wrongAt(value.at(), "unknown option " + name, FlowReading.nearest(name, names));
            }
        });
        type.options().stream()
                .filter(option -> option.required() && !values.containsKey(option.name()))
                .forEach(option -> wrongAt(at, option.name() + " is missing", "add " + option.name() + ": ..."));
    }

    Map<String, StageSpec.Branch> branches() {
        return branches;
    }

    Keeps keeps() {
        return keeps;
    }

    /** Says what of an event is as it was behind the stage; without that it counts as changed. */
    public void keeps(Keeps what) {
        keeps = what;
    }

    boolean passes() {
        return passes;
    }

    /** Says that nothing goes on behind the stage but what its side outputs bring there. */
    public void passesNothing() {
        passes = false;
    }

    List<String> emits() {
        return emits;
    }

    /** Says that the stage or target publishes to an address, so that it can be looked at before the flow runs. */
    public void emits(String address) {
        emits.add(address);
    }

    /** Says that the stage looks up the newest events of an address, so that it can be looked at before the flow runs. */
    public void looksUp(String address) {
        lookups.add(address);
    }

    List<String> lookups() {
        return lookups;
    }

    /** Where the stage was written. */
    public Location at() {
        return at;
    }

    /** What relative paths resolve against. */
    public Path home() {
        return reading.home();
    }

    /** Reads what is written in another language. */
    public Functions functions() {
        return reading.functions();
    }

    /** The name of the flow. */
    public String flow() {
        return reading.flow();
    }

    /** Whether it was written at all. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** As it was written; null when it was not. */
    public @Nullable RawValue raw(String name) {
        return values.get(name);
    }

    /** Where it was written. */
    public Location at(String name) {
        RawValue raw = values.get(name);
        return raw == null ? at : raw.at();
    }

    /** Notes what is wrong with an option, at its place. */
    public void wrong(String name, String message, String mend) {
        reading.problems().add(at(name), type.name() + "." + name + ": " + message, mend);
    }

    /** Notes what is wrong within an option, at its own place. */
    public void wrong(String name, RawValue place, String message, String mend) {
        reading.problems().add(place.at(), type.name() + "." + name + ": " + message, mend);
    }

    private void wrongAt(Location where, String message, String mend) {
        reading.problems().add(where, type.name() + ": " + message, mend);
    }

    /** An expression over {@code event} that must be there. */
    public Expression expression(String name) {
        return Objects.requireNonNullElse(optionalExpression(name), Unusable.EXPRESSION);
    }

    /** An expression over {@code event}, null when it was not written. */
    public @Nullable Expression optionalExpression(String name) {
        RawValue raw = values.get(name);
        return raw == null ? null : expression(name, raw);
    }

    /** What was written, in this option or within it, as an expression over {@code event}. */
    public Expression expression(String name, RawValue raw) {
        return compile(name, raw, Environment.EVENT);
    }

    /** The same over other variables. */
    public Expression compile(String name, RawValue raw, Environment environment) {
        if (Raw.isMap(raw) || Raw.isList(raw)) {
            reading.problems()
                    .add(
                            raw.at(),
                            type.name() + "." + name + ": expected an expression, found " + Raw.found(raw),
                            "write it as in " + name + ": event.data.price * 2");
            return Unusable.EXPRESSION;
        }
        Expression compiled =
                new Expressions(environment).compile(String.valueOf(raw.value()), raw.at(), reading.problems());
        return Objects.requireNonNullElse(compiled, Unusable.EXPRESSION);
    }

    /** An expression over aggregates. */
    public Aggregation aggregation(RawValue raw, Environment environment) {
        Aggregation compiled = new Expressions(environment)
                .compileAggregation(String.valueOf(raw.value()), raw.at(), reading.problems());
        return Objects.requireNonNullElse(compiled, new Aggregation(Unusable.EXPRESSION, List.of()));
    }

    /** A map of names to expressions over {@code event}, in the order of the file; empty when it was not written. */
    public Map<String, Expression> expressions(String name) {
        Map<String, Expression> all = new LinkedHashMap<>();
        entries(name).forEach((key, raw) -> all.put(key, expression(name + "." + key, raw)));
        return all;
    }

    /** The entries of a map; empty when it was not written. */
    public Map<String, RawValue> entries(String name) {
        RawValue raw = values.get(name);
        if (raw != null && !Raw.isMap(raw)) {
            wrong(
                    name,
                    "expected names and values, found " + Raw.found(raw),
                    "write it as in " + name + ": {a: ..., b: ...}");
        }
        if (raw == null) {
            return Map.of();
        }
        // As an expression nothing is null.
        return option(name).kind() == StageOption.Kind.EXPRESSIONS ? Raw.all(raw) : Raw.map(raw);
    }

    /** A map of names to texts. */
    public Map<String, String> map(String name) {
        Map<String, String> all = new LinkedHashMap<>();
        entries(name).forEach((key, raw) -> all.put(key, String.valueOf(raw.value())));
        return all;
    }

    /** A duration of at least 1 ms; null when it was not written and has no default. */
    public @Nullable Duration duration(String name) {
        RawValue raw = values.get(name);
        String text = raw == null ? option(name).absent() : String.valueOf(raw.value());
        if (text == null) {
            return null;
        }
        try {
            Duration parsed = Durations.parse(text);
            if (parsed.toMillis() >= 1 || (raw == null && parsed.isZero()) || text.startsWith("0")) {
                return parsed;
            }
            wrong(name, text + " is too short", "write at least 1ms");
        } catch (IllegalArgumentException wrong) {
            wrong(name, String.valueOf(wrong.getMessage()), "write it like 10s");
        }
        return Duration.ofSeconds(1);
    }

    /** A duration that has a default or must be there. */
    public Duration time(String name) {
        return Objects.requireNonNullElse(duration(name), Duration.ofSeconds(1));
    }

    /** A whole number within the option's bounds; null when it was not written and has no default. */
    public @Nullable Long optionalCount(String name) {
        return has(name) || option(name).absent() != null ? (Long) count(name) : null;
    }

    /** A whole number within the option's bounds. */
    public long count(String name) {
        StageOption option = option(name);
        RawValue raw = values.get(name);
        Object value = raw == null ? Long.valueOf(Objects.requireNonNullElse(option.absent(), "0")) : raw.value();
        if (value instanceof Long number && (raw == null || (number >= option.least() && number <= option.most()))) {
            return number;
        }
        wrong(
                name,
                "expected a whole number, found " + (raw == null ? value : Raw.found(raw)),
                "write one from " + option.least() + " to " + option.most());
        return option.least();
    }

    /** A size in bytes. */
    public long size(String name) {
        RawValue raw = values.get(name);
        String text =
                raw == null ? Objects.requireNonNullElse(option(name).absent(), "0") : String.valueOf(raw.value());
        try {
            return ByteSize.parse(text).bytes();
        } catch (IllegalArgumentException wrong) {
            wrong(name, String.valueOf(wrong.getMessage()), "write it like 64KiB");
            return 1;
        }
    }

    /** Yes or no. */
    public boolean flag(String name) {
        RawValue raw = values.get(name);
        if (raw == null) {
            return Boolean.parseBoolean(option(name).absent());
        }
        if (raw.value() instanceof Boolean flag) {
            return flag;
        }
        wrong(name, "expected true or false, found " + Raw.found(raw), "write true or false");
        return false;
    }

    /** Text that has a default or must be there. */
    public String text(String name) {
        return Objects.requireNonNullElse(optionalText(name), "");
    }

    /** Text, null when it was not written and has no default. */
    public @Nullable String optionalText(String name) {
        RawValue raw = values.get(name);
        if (raw == null) {
            return option(name).absent();
        }
        if (Raw.isMap(raw) || Raw.isList(raw) || String.valueOf(raw.value()).isBlank()) {
            wrong(name, "expected text, found " + Raw.found(raw), "write it as in " + name + ": \"...\"");
            return "";
        }
        return String.valueOf(raw.value());
    }

    /** A list of texts; one text alone counts as a list of one. */
    public List<String> texts(String name) {
        RawValue raw = values.get(name);
        List<String> texts = new ArrayList<>();
        for (RawValue item : raw == null ? List.<RawValue>of() : Raw.items(raw)) {
            if (Raw.isMap(item) || Raw.isList(item)) {
                wrong(name, "expected texts, found " + Raw.found(item), "write it as in " + name + ": [a, b]");
            } else {
                texts.add(String.valueOf(item.value()));
            }
        }
        return texts;
    }

    /** One of the choices. */
    public String choice(String name) {
        StageOption option = option(name);
        RawValue raw = values.get(name);
        String text = raw == null ? option.absent() : String.valueOf(raw.value());
        if (text == null || !option.choices().contains(text)) {
            wrong(name, text + " is not known", FlowReading.nearest(String.valueOf(text), option.choices()));
            return option.choices().get(0);
        }
        return text;
    }

    /** How often and when something is tried again; null when it was not written. */
    public @Nullable RetryPolicy retry(String name) {
        RawValue raw = values.get(name);
        return raw == null ? null : reading.retry(raw, type.name() + "." + name);
    }

    /** Reads a side output that has the option's name; nothing when it was not written. */
    public void branch(String name) {
        RawValue raw = values.get(name);
        if (raw != null) {
            branch(name, raw, List.of());
        }
    }

    /**
     * Reads an option that is a side output or a word in place of it.
     *
     * @return the word; the option's name when a side output was written
     */
    public String branchOrWord(String name) {
        StageOption option = option(name);
        RawValue raw = values.get(name);
        if (raw == null) {
            return Objects.requireNonNullElse(option.absent(), "");
        }
        if (Raw.isMap(raw)) {
            branch(name, raw, List.of());
            return name;
        }
        String word = String.valueOf(raw.value());
        if (!option.choices().contains(word)) {
            wrong(
                    name,
                    "found " + Raw.found(raw),
                    "write " + String.join(", ", option.choices()) + " or {to: {address: ...}}");
        }
        return word;
    }

    /**
     * Reads a side output.
     *
     * @param output its name
     * @param besides keys of the map that are somebody else's
     */
    public void branch(String output, RawValue raw, List<String> besides) {
        branches.put(output, reading.branch(output, raw, besides));
    }

    private StageOption option(String name) {
        return type.options().stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(type.name() + " declares no option " + name));
    }
}
