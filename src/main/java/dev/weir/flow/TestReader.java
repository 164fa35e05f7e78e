package dev.weir.flow;

import dev.weir.config.Location;
import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import dev.weir.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the tests of a flow file. */
final class TestReader {
    private static final String DATA = "data";
    private static final List<String> KEYS =
            List.of("name", "begin", "given", "end", "expect", "dead-letters", "answers");
    private static final List<String> DEAD = List.of("stage", "error");
    private static final List<String> EVENT = List.of("at", "address", "type", "key", DATA, "attributes");
    private static final List<String> ANSWER = List.of(DATA, "error", "after");

    private final Problems problems;

    TestReader(Problems problems) {
        this.problems = problems;
    }

    List<FlowTest> read(@Nullable RawValue raw, List<InputSpec> from) {
        List<FlowTest> tests = new ArrayList<>();
        for (RawValue item : raw == null ? List.<RawValue>of() : Raw.items(raw)) {
            Map<String, RawValue> entries = known(item, KEYS, "tests");
            RawValue name = entries.get("name");
            List<FlowTest.Given> given = new ArrayList<>();
            items(entries.get("given")).forEach(one -> given.add(given(one, from)));
            if (given.isEmpty()) {
                problems.add(item.at(), "tests: given is missing", "add given: [{at: 0s, data: ...}]");
            }
            List<FlowTest.Expected> expected = new ArrayList<>();
            items(entries.get("expect")).forEach(one -> expected.add(expected(one)));
            if (!entries.containsKey("expect")) {
                problems.add(item.at(), "tests: expect is missing", "add expect: [] if nothing must come out");
            }
            tests.add(new FlowTest(
                    name == null ? "test " + (tests.size() + 1) : String.valueOf(name.value()),
                    begin(entries.get("begin")),
                    given,
                    time(entries.get("end"), "end"),
                    expected,
                    items(entries.get("dead-letters")).stream().map(this::died).toList(),
                    answers(entries.get("answers")),
                    item.at()));
        }
        return tests;
    }

    private FlowTest.Died died(RawValue item) {
        Map<String, RawValue> entries = known(item, DEAD, "dead-letters");
        return new FlowTest.Died(text(entries.get("stage")), text(entries.get("error")), item.at());
    }

    private static List<RawValue> items(@Nullable RawValue raw) {
        return raw == null ? List.of() : Raw.items(raw);
    }

    private Map<String, RawValue> known(RawValue item, List<String> keys, String where) {
        Map<String, RawValue> entries = Raw.all(item);
        entries.entrySet()
                .removeIf(
                        entry -> entry.getValue().isNothing() && !entry.getKey().equals(DATA));
        if (!Raw.isMap(item)) {
            problems.add(
                    item.at(), where + ": found " + Raw.found(item), "write a map with " + String.join(", ", keys));
        }
        entries.forEach((key, value) -> {
            if (!keys.contains(key)) {
                problems.add(value.at(), where + ": unknown key " + key, FlowReading.nearest(key, keys));
            }
        });
        return entries;
    }

    private FlowTest.Given given(RawValue item, List<InputSpec> from) {
        Map<String, RawValue> entries = known(item, EVENT, "given");
        String first = from.isEmpty() ? "" : from.get(0).name();
        RawValue data = entries.get(DATA);
        return new FlowTest.Given(
                Objects.requireNonNullElse(time(entries.get("at"), "given"), Duration.ZERO),
                Objects.requireNonNullElse(text(entries.get("address")), first),
                text(entries.get("type")),
                text(entries.get("key")),
                attributes(entries.get("attributes")),
                data == null ? null : Raw.json(data),
                item.at());
    }

    private Instant begin(@Nullable RawValue raw) {
        if (raw == null) {
            return FlowTester.START;
        }
        try {
            return EventHeaders.parseTime(String.valueOf(raw.value()));
        } catch (InvalidEventException wrong) {
            problems.add(raw.at(), "begin: " + wrong.getMessage(), "write it like 2026-02-28T12:00:00Z");
            return FlowTester.START;
        }
    }

    private static Map<String, String> attributes(@Nullable RawValue raw) {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (raw != null) {
            Raw.map(raw).forEach((name, value) -> attributes.put(name, String.valueOf(value.value())));
        }
        return attributes;
    }

    private FlowTest.Expected expected(RawValue item) {
        Map<String, RawValue> entries = known(item, EVENT, "expect");
        RawValue data = entries.get(DATA);
        return new FlowTest.Expected(
                time(entries.get("at"), "expect"),
                text(entries.get("address")),
                text(entries.get("type")),
                text(entries.get("key")),
                attributes(entries.get("attributes")),
                data != null,
                data == null ? null : Raw.json(data),
                item.at());
    }

    private Map<String, List<Rehearsal.Answer>> answers(@Nullable RawValue raw) {
        Map<String, List<Rehearsal.Answer>> all = new HashMap<>();
        if (raw != null) {
            Raw.map(raw).forEach((stage, given) -> {
                List<Rehearsal.Answer> answers = new ArrayList<>();
                for (RawValue item : Raw.items(given)) {
                    Map<String, RawValue> entries = known(item, ANSWER, "answers." + stage);
                    RawValue data = entries.get(DATA);
                    answers.add(new Rehearsal.Answer(
                            data == null ? null : Raw.json(data),
                            text(entries.get("error")),
                            time(entries.get("after"), "answers." + stage)));
                }
                all.put(stage, answers);
            });
        }
        return all;
    }

    private static @Nullable String text(@Nullable RawValue raw) {
        return raw == null ? null : String.valueOf(raw.value());
    }

    private @Nullable Duration time(@Nullable RawValue raw, String where) {
        if (raw == null) {
            return null;
        }
        Location at = raw.at();
        try {
            String text = String.valueOf(raw.value());
            return text.equals("0") ? Duration.ZERO : Durations.parse(text);
        } catch (IllegalArgumentException wrong) {
            problems.add(at, where + ".at: " + wrong.getMessage(), "write it like 10s");
            return null;
        }
    }
}
