package dev.weir.flow;

import dev.weir.bus.Functions;
import dev.weir.bus.RetryPolicy;
import dev.weir.config.Nearest;
import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import dev.weir.time.Durations;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Reads the stages, targets and branches of one flow file, noting every problem. One per file. */
final class FlowReading {
    private static final List<Duration> BACKOFF =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1));
    private static final int ATTEMPTS = 5;
    private static final String ID = "id";
    private static final String ON_ERROR = "on-error";

    private final Vocabulary words;
    private final Problems problems;
    private final String flow;
    private final Map<String, Integer> ids = new HashMap<>();

    FlowReading(Vocabulary words, Problems problems, String flow) {
        this.words = words;
        this.problems = problems;
        this.flow = flow;
    }

    Problems problems() {
        return problems;
    }

    Path home() {
        return words.home();
    }

    Functions functions() {
        return words.functions();
    }

    String flow() {
        return flow;
    }

    /** What to say of a name that is not known. */
    static String nearest(String name, List<String> known) {
        return Nearest.to(name, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse(known.isEmpty() ? "remove it" : "known: " + String.join(", ", known));
    }

    List<StageSpec> stages(RawValue raw) {
        return steps(raw, words.stages(), "stage");
    }

    List<StageSpec> targets(RawValue raw) {
        return steps(raw, words.targets(), "target");
    }

    private List<StageSpec> steps(RawValue raw, List<StageType> types, String what) {
        List<StageSpec> all = new ArrayList<>();
        for (RawValue item : Raw.items(raw)) {
            StageSpec step = step(item, types, what);
            if (step != null) {
                all.add(step);
            }
        }
        return all;
    }

    private @Nullable StageSpec step(RawValue item, List<StageType> types, String what) {
        Map<String, RawValue> entries = Raw.all(item);
        // A name with nothing behind it is a stage without options.
        types.forEach(type -> entries.computeIfPresent(
                type.name(), (name, own) -> own.isNothing() ? new RawValue(Map.of(), own.at()) : own));
        entries.values().removeIf(RawValue::isNothing);
        if (item.value() instanceof String text) {
            // A name alone: an address to emit to, or a stage without options.
            boolean isStage = types.stream().anyMatch(type -> type.name().equals(text));
            entries.put(isStage ? text : types.get(0).name(), isStage ? new RawValue(Map.of(), item.at()) : item);
        }
        List<String> names = types.stream().map(StageType::name).toList();
        List<String> named = entries.keySet().stream().filter(names::contains).toList();
        if (named.size() != 1) {
            String found = named.size() > 1
                    ? "several " + what + "s in one: " + String.join(", ", named)
                    : "no " + what + " is named by " + (entries.isEmpty() ? Raw.found(item) : entries.keySet());
            String mend = named.size() > 1
                    ? "give each an item of its own, beginning with '- '"
                    : entries.isEmpty() ? "known: " + String.join(", ", names) : nearest(first(entries), names);
            problems.add(item.at(), found, mend);
            return null;
        }
        StageType type = types.stream()
                .filter(one -> one.name().equals(named.get(0)))
                .findFirst()
                .orElseThrow();
        return step(item, entries, type);
    }

    private static String first(Map<String, RawValue> entries) {
        return entries.keySet().iterator().next();
    }

    private StageSpec step(RawValue item, Map<String, RawValue> entries, StageType type) {
        RawValue own = entries.remove(type.name());
        RawValue id = entries.remove(ID);
        RawValue onError = entries.remove(ON_ERROR);
        Map<String, RawValue> values = values(type, own, entries);
        StageOptions options = new StageOptions(type, values, item.at(), this);
        StageType.Factory factory = type.maker().make(options);
        RawValue by = options.raw(StageType.BY);
        return new StageSpec(
                idOf(type, id),
                type,
                factory,
                digest(type.name() + canonical(item)),
                StageText.of(type, values),
                options.passes(),
                type.traits().keyed() ? (by == null ? "" : canonical(by)) : null,
                onError == null ? null : onError(onError),
                options.branches(),
                options.emits(),
                options.lookups(),
                options.keeps(),
                item.at());
    }

    /** The options behind the name, or the shorthand and further options beside it. */
    private Map<String, RawValue> values(StageType type, @Nullable RawValue own, Map<String, RawValue> beside) {
        Map<String, RawValue> values = new LinkedHashMap<>(beside);
        if (own == null) {
            return values;
        }
        boolean isOptions = Raw.isMap(own) && !isShorthandMap(type, own);
        if (isOptions || type.shorthand() == null) {
            if (!Raw.isMap(own)) {
                problems.add(own.at(), type.name() + ": expected options, found " + Raw.found(own), type.example());
            }
            values.putAll(Raw.map(own));
        } else {
            values.put(type.shorthand(), own);
        }
        return values;
    }

    /** Of a stage whose shorthand is a map itself: whether this map is that, and not its options. */
    private static boolean isShorthandMap(StageType type, RawValue own) {
        StageOption shorthand = type.options().stream()
                .filter(option -> option.name().equals(type.shorthand()))
                .findFirst()
                .orElse(null);
        boolean takesMap = shorthand != null
                && (shorthand.kind() == StageOption.Kind.EXPRESSIONS || shorthand.kind() == StageOption.Kind.MAP);
        return takesMap && !Raw.map(own).containsKey(type.shorthand());
    }

    private String idOf(StageType type, @Nullable RawValue written) {
        String wanted = written == null ? type.name() : String.valueOf(written.value());
        if (written != null && !wanted.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
            problems.add(written.at(), "'" + wanted + "' is no id", "use letters, digits, - and _, as in slow-ones");
        }
        int count = ids.merge(wanted, 1, Integer::sum);
        if (count > 1 && written != null) {
            problems.add(written.at(), "the id '" + wanted + "' is taken", "give each stage an id of its own");
        }
        return count == 1 ? wanted : wanted + "-" + count;
    }

    /** Reads {@code {stages: [...], to: ...}}. */
    StageSpec.Branch branch(String output, RawValue raw, List<String> besides) {
        Map<String, RawValue> entries = Raw.map(raw);
        if (!Raw.isMap(raw)) {
            problems.add(
                    raw.at(),
                    output + ": expected stages or to, found " + Raw.found(raw),
                    "write it as in " + output + ": {to: {address: alerts}}");
        }
        entries.forEach((name, value) -> {
            if (!name.equals("stages") && !name.equals("to") && !besides.contains(name)) {
                problems.add(value.at(), output + ": unknown key " + name, nearest(name, List.of("stages", "to")));
            }
        });
        RawValue stages = entries.get("stages");
        RawValue to = entries.get("to");
        return new StageSpec.Branch(
                stages == null ? List.of() : stages(stages), to == null ? List.of() : targets(to), raw.at());
    }

    /** Reads {@code {retry: ..., then: ...}}. */
    ErrorPolicy onError(RawValue raw) {
        Map<String, RawValue> entries = Raw.map(raw);
        RawValue then = entries.get("then");
        if (raw.value() instanceof String) {
            then = raw;
        } else if (!Raw.isMap(raw)) {
            problems.add(raw.at(), "on-error: found " + Raw.found(raw), "write it as in on-error: {then: drop}");
        }
        entries.forEach((name, value) -> {
            if (!name.equals("retry") && !name.equals("then")) {
                problems.add(value.at(), "on-error: unknown key " + name, nearest(name, List.of("retry", "then")));
            }
        });
        RawValue retry = entries.get("retry");
        RetryPolicy again = retry == null ? null : retry(retry, "on-error.retry");
        return then == null ? new ErrorPolicy(again, ErrorPolicy.Then.DEAD_LETTER, null) : then(again, then);
    }

    private ErrorPolicy then(@Nullable RetryPolicy retry, RawValue then) {
        RawValue emit = Raw.map(then).get(ErrorPolicy.Then.EMIT.word());
        if (emit != null) {
            RawValue address = Raw.isMap(emit) ? Raw.map(emit).get(InputSpec.ADDRESS) : emit;
            if (address != null && address.value() instanceof String text) {
                return new ErrorPolicy(retry, ErrorPolicy.Then.EMIT, text);
            }
        }
        for (ErrorPolicy.Then one : ErrorPolicy.Then.values()) {
            if (one != ErrorPolicy.Then.EMIT && one.word().equals(then.value())) {
                return new ErrorPolicy(retry, one, null);
            }
        }
        problems.add(
                then.at(),
                "on-error.then: found " + Raw.found(then),
                "write dead-letter, drop, stop or {emit: {address: ...}}");
        return ErrorPolicy.DEFAULT;
    }

    /** Reads {@code {backoff: [...], attempts: n}}. */
    RetryPolicy retry(RawValue raw, String name) {
        Map<String, RawValue> entries = Raw.map(raw);
        if (!Raw.isMap(raw)) {
            problems.add(
                    raw.at(), name + ": found " + Raw.found(raw), "write it as in retry: {backoff: [1s], attempts: 5}");
        }
        entries.forEach((key, value) -> {
            if (!key.equals("backoff") && !key.equals("attempts")) {
                problems.add(value.at(), name + ": unknown key " + key, nearest(key, List.of("backoff", "attempts")));
            }
        });
        return new RetryPolicy(backoff(entries.get("backoff"), name), attempts(entries.get("attempts"), name));
    }

    private List<Duration> backoff(@Nullable RawValue raw, String name) {
        List<Duration> pauses = new ArrayList<>();
        for (RawValue pause : raw == null ? List.<RawValue>of() : Raw.items(raw)) {
            try {
                pauses.add(Durations.parse(String.valueOf(pause.value())));
            } catch (IllegalArgumentException wrong) {
                problems.add(pause.at(), name + ".backoff: " + wrong.getMessage(), "write it like [200ms, 1s, 5s]");
            }
        }
        return pauses.isEmpty() ? BACKOFF : pauses;
    }

    private int attempts(@Nullable RawValue raw, String name) {
        if (raw == null) {
            return ATTEMPTS;
        }
        if (raw.value() instanceof Long number && number >= 1 && number <= 1000) {
            return number.intValue();
        }
        problems.add(raw.at(), name + ".attempts: found " + Raw.found(raw), "write a number from 1 to 1000");
        return ATTEMPTS;
    }

    static String digest(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", sum.getValue());
    }

    /** What was written, without places: the same for the same meaning. */
    static String canonical(RawValue raw) {
        if (Raw.isMap(raw)) {
            StringBuilder text = new StringBuilder("{");
            Raw.all(raw).forEach((name, value) -> {
                if (!name.equals(ON_ERROR)) {
                    text.append(name).append(':').append(canonical(value)).append(',');
                }
            });
            return text.append('}').toString();
        }
        if (Raw.isList(raw)) {
            return Raw.items(raw).stream().map(FlowReading::canonical).toList().toString();
        }
        return String.valueOf(raw.value());
    }
}
