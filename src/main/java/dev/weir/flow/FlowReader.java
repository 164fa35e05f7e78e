package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.StartAt;
import dev.weir.config.Documents;
import dev.weir.config.Location;
import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import dev.weir.expression.Environment;
import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a flow file: grammar, types and expressions, every problem at once with its line and mend. Stateless. */
final class FlowReader {
    private static final List<String> KEYS =
            List.of("flow", "description", "from", "key", "stages", "to", "on-error", "queue", "if-not-kept", "tests");
    private static final int QUEUE = 10_000;
    private static final int MOST_QUEUE = 1_000_000;
    private static final String RESERVED = "dry-run";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}";

    private final Vocabulary words;

    FlowReader(Vocabulary words) {
        this.words = words;
    }

    /**
     * Reads one flow.
     *
     * @param label the file as the user named it
     * @return null after noting problems
     */
    @Nullable
    FlowSpec read(String label, String text, Problems problems) {
        int before = problems.list().size();
        RawValue raw = Documents.read(label, text, problems);
        if (raw == null) {
            return null;
        }
        FlowSpec spec = read(raw, text, problems);
        return problems.list().size() == before ? spec : null;
    }

    private FlowSpec read(RawValue raw, String text, Problems problems) {
        Map<String, RawValue> keys = Raw.map(raw);
        keys.forEach((key, value) -> {
            if (!KEYS.contains(key)) {
                problems.add(value.at(), "unknown key " + key, FlowReading.nearest(key, KEYS));
            }
        });
        String name = name(keys.get("flow"), raw.at(), problems);
        FlowReading reading = new FlowReading(words, problems, name);
        List<InputSpec> from = from(keys.get("from"), raw.at(), problems);
        RawValue stages = keys.get("stages");
        RawValue to = keys.get("to");
        RawValue onError = keys.get("on-error");
        List<StageSpec> steps = stages == null ? List.of() : reading.stages(stages);
        List<StageSpec> targets = to == null ? List.of() : reading.targets(to);
        if (targets.isEmpty() && problems.isEmpty() && steps.stream().allMatch(step -> leadsNowhere(step))) {
            problems.add(raw.at(), "nothing that goes through this flow ends anywhere", "add to: {address: ...}");
        }
        return new FlowSpec(
                name,
                key(keys.get("key"), problems),
                from,
                steps,
                targets,
                onError == null ? ErrorPolicy.DEFAULT : reading.onError(onError),
                queue(keys.get("queue"), problems),
                skips(keys.get("if-not-kept"), problems),
                new TestReader(problems).read(keys.get("tests"), from),
                digest(keys),
                text,
                raw.at());
    }

    private static boolean leadsNowhere(StageSpec step) {
        return step.branches().values().stream()
                .allMatch(branch ->
                        branch.to().isEmpty() && branch.stages().stream().allMatch(FlowReader::leadsNowhere));
    }

    private static String digest(Map<String, RawValue> keys) {
        Map<String, RawValue> counted = new LinkedHashMap<>(keys);
        counted.remove("tests");
        counted.remove("description");
        StringBuilder text = new StringBuilder();
        counted.forEach((key, value) -> text.append(key).append(FlowReading.canonical(value)));
        return FlowReading.digest(text.toString());
    }

    private static String name(@Nullable RawValue raw, Location at, Problems problems) {
        if (raw == null) {
            problems.add(at, "flow is missing", "begin with flow: NAME");
            return "unnamed";
        }
        String name = String.valueOf(raw.value());
        if (!name.matches(NAME)) {
            problems.add(
                    raw.at(),
                    "flow: '" + name + "' is no name",
                    "use 1 to 64 letters, digits, - and _, beginning with a letter or digit");
        } else if (name.equals(RESERVED)) {
            problems.add(raw.at(), "flow: " + RESERVED + " is where flows are tried over HTTP", "take another name");
        }
        return name;
    }

    private static @Nullable Expression key(@Nullable RawValue raw, Problems problems) {
        return raw == null
                ? null
                : new Expressions(Environment.EVENT).compile(String.valueOf(raw.value()), raw.at(), problems);
    }

    private static int queue(@Nullable RawValue raw, Problems problems) {
        if (raw == null) {
            return QUEUE;
        }
        if (raw.value() instanceof Long number && number >= 1 && number <= MOST_QUEUE) {
            return number.intValue();
        }
        problems.add(raw.at(), "queue: found " + Raw.found(raw), "write a number from 1 to " + MOST_QUEUE);
        return QUEUE;
    }

    private static boolean skips(@Nullable RawValue raw, Problems problems) {
        if (raw != null && !"skip".equals(raw.value()) && !"refuse".equals(raw.value())) {
            problems.add(raw.at(), "if-not-kept: found " + Raw.found(raw), "write refuse or skip");
        }
        return raw != null && "skip".equals(raw.value());
    }

    private List<InputSpec> from(@Nullable RawValue raw, Location at, Problems problems) {
        List<InputSpec> inputs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        if (raw == null) {
            problems.add(at, "from is missing", "add from: {address: ...}");
            return inputs;
        }
        for (RawValue item : Raw.items(raw)) {
            InputSpec input = input(item, problems);
            if (input != null && !names.add(input.name())) {
                problems.add(item.at(), "from: " + input.name() + " is read twice", "name it once");
            } else if (input != null) {
                inputs.add(input);
            }
        }
        return inputs;
    }

    private @Nullable InputSpec input(RawValue item, Problems problems) {
        Map<String, RawValue> entries = new LinkedHashMap<>(Raw.map(item));
        if (item.value() instanceof String) {
            entries.put(InputSpec.ADDRESS, item);
        }
        RawValue address = entries.remove(InputSpec.ADDRESS);
        if (address != null) {
            return address(item, address, entries, problems);
        }
        List<String> named =
                entries.keySet().stream().filter(words.inputs()::contains).toList();
        if (named.size() != 1) {
            List<String> known = new ArrayList<>(List.of(InputSpec.ADDRESS));
            known.addAll(words.inputs());
            problems.add(
                    item.at(),
                    "from: no input is named by " + (entries.isEmpty() ? Raw.found(item) : entries.keySet()),
                    entries.isEmpty()
                            ? "known: " + String.join(", ", known)
                            : FlowReading.nearest(entries.keySet().iterator().next(), known));
            return null;
        }
        String kind = named.get(0);
        RawValue options = Raw.present(entries.remove(kind));
        entries.forEach(
                (key, value) -> problems.add(value.at(), "from: unknown key " + key, "put options behind " + kind));
        words.inputCheck().check(kind, options, problems);
        return new InputSpec(kind, nameOf(kind, options), List.of(), StartAt.BEGINNING, options, item.at());
    }

    /** What tells an input from others, also after its options changed: for files the path. */
    private static String nameOf(String kind, RawValue options) {
        Map<String, RawValue> given = Raw.map(options);
        for (String telling : List.of("file", "url", "name")) {
            RawValue value = given.get(telling);
            if (value != null) {
                return kind + ":" + value.value();
            }
        }
        return kind;
    }

    private static InputSpec address(
            RawValue item, RawValue address, Map<String, RawValue> entries, Problems problems) {
        String name = String.valueOf(address.value());
        if (!Addresses.isValid(name) && !Addresses.isPattern(name)) {
            problems.add(
                    address.at(),
                    "from: '" + name + "' is no address",
                    "write it as in orders, chat.lobby or sensors.*");
        }
        entries.forEach((key, value) -> {
            if (!key.equals("types") && !key.equals("start")) {
                problems.add(
                        value.at(), "from: unknown key " + key, FlowReading.nearest(key, List.of("types", "start")));
            }
        });
        RawValue start = entries.get("start");
        StartAt begin = start == null ? StartAt.BEGINNING : StartAt.parse(String.valueOf(start.value()));
        if (begin == null) {
            problems.add(
                    item.at(),
                    "from.start: " + (start == null ? "" : Raw.found(start)),
                    "write beginning, end, a position or a time as in 2026-02-28T12:00:00Z");
        }
        RawValue types = entries.get("types");
        List<String> wanted = types == null
                ? List.of()
                : Raw.items(types).stream()
                        .map(type -> String.valueOf(type.value()))
                        .toList();
        return new InputSpec(
                InputSpec.ADDRESS, name, wanted, begin == null ? StartAt.BEGINNING : begin, item, item.at());
    }
}
