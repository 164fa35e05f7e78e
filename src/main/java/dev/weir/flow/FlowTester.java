package dev.weir.flow;

import dev.weir.event.EventHeaders;
import dev.weir.time.Durations;
import dev.weir.time.VirtualTime;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs the tests of a flow's file on a virtual clock that begins with the year 2026, UTC. Stateless. */
final class FlowTester {
    /** When tests begin: a full day, hour and minute, so that windows are aligned. */
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** How much longer is waited for what must come at no certain time. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    /** What became of a test; passed without problems. */
    record Result(FlowTest test, List<String> problems) {
        Result {
            problems = List.copyOf(problems);
        }

        boolean passed() {
            return problems.isEmpty();
        }
    }

    private FlowTester() {}

    static List<Result> run(FlowSpec flow) {
        return flow.tests().stream()
                .map(test -> new Result(test, problems(flow, test)))
                .toList();
    }

    private static List<String> problems(FlowSpec flow, FlowTest test) {
        VirtualTime time = new VirtualTime(START);
        TestLane lane = new TestLane(time, test.answers());
        Pipeline pipeline = new Pipeline(flow, lane);
        List<FlowTest.Given> given = new ArrayList<>(test.given());
        given.sort(Comparator.comparing(FlowTest.Given::at));
        for (int i = 0; i < given.size(); i++) {
            FlowTest.Given one = given.get(i);
            advanceTo(time, one.at());
            pipeline.accept(event(one, i + 1, time));
        }
        advanceTo(time, last(test));
        pipeline.close();
        List<String> problems = new ArrayList<>();
        if (lane.stopped() != null) {
            problems.add("the flow stopped: " + lane.stopped());
        }
        lane.dead()
                .forEach(letter -> problems.add("a dead letter at '" + hop(letter.hop()) + "': "
                        + letter.failures().get(letter.failures().size() - 1).error()));
        compare(test.expect(), lane.emitted(), problems);
        return problems;
    }

    private static String hop(String stateName) {
        int at = stateName.lastIndexOf('@');
        return at < 0 ? stateName : stateName.substring(0, at);
    }

    private static void advanceTo(VirtualTime time, Duration at) {
        Duration by = at.minusMillis(time.millis() - START.toEpochMilli());
        if (!by.isNegative()) {
            time.advance(by);
        }
    }

    private static Duration last(FlowTest test) {
        Duration last = Duration.ZERO;
        boolean open = false;
        for (FlowTest.Given given : test.given()) {
            last = given.at().compareTo(last) > 0 ? given.at() : last;
        }
        for (FlowTest.Expected expected : test.expect()) {
            open |= expected.at() == null;
            last = expected.at() != null && expected.at().compareTo(last) > 0 ? expected.at() : last;
        }
        return open || test.expect().isEmpty() ? last.plus(PATIENCE) : last;
    }

    private static FlowEvent event(FlowTest.Given given, int number, VirtualTime time) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .set(EventHeaders.ID, "given-" + number)
                .set(EventHeaders.SOURCE, "/test")
                .set(EventHeaders.TYPE, Objects.requireNonNullElse(given.type(), EventHeaders.DEFAULT_TYPE))
                .set(EventHeaders.TIME, EventHeaders.formatTime(time.now()));
        if (given.key() != null) {
            headers.set(EventHeaders.SUBJECT, given.key());
        }
        given.attributes().forEach((name, value) -> headers.set(EventHeaders.headerOf(name), value));
        return FlowEvent.of(new Arrival(given.input(), headers, null, 0), given.data());
    }

    /** In their order; what came out is compared one by one. */
    private static void compare(
            List<FlowTest.Expected> expected, List<TestLane.Emitted> emitted, List<String> problems) {
        for (int i = 0; i < Math.max(expected.size(), emitted.size()); i++) {
            if (i >= emitted.size()) {
                problems.add(
                        expected.get(i).where() + ": nothing more came out, expected " + describe(expected.get(i)));
            } else if (i >= expected.size()) {
                problems.add("not expected: " + describe(emitted.get(i)));
            } else {
                difference(expected.get(i), emitted.get(i), problems);
            }
        }
    }

    private static void difference(FlowTest.Expected expected, TestLane.Emitted got, List<String> problems) {
        long at = got.atMillis() - START.toEpochMilli();
        boolean same = (expected.at() == null || expected.at().toMillis() == at)
                && (expected.address() == null || expected.address().equals(got.to()))
                && (expected.type() == null || expected.type().equals(got.type()))
                && (expected.key() == null || expected.key().equals(got.key()))
                && (!expected.hasData() || Likeness.fits(expected.data(), got.data()));
        if (!same) {
            problems.add(expected.where() + ": expected " + describe(expected) + ", got " + describe(got));
        }
    }

    private static String describe(FlowTest.Expected expected) {
        return describe(
                expected.at(),
                expected.address(),
                expected.type(),
                expected.key(),
                expected.hasData(),
                expected.data());
    }

    private static String describe(TestLane.Emitted got) {
        Duration at = Duration.ofMillis(got.atMillis() - START.toEpochMilli());
        return describe(at, got.to(), got.type(), got.key(), true, got.data());
    }

    private static String describe(
            @Nullable Duration at,
            @Nullable String to,
            @Nullable String type,
            @Nullable String key,
            boolean hasData,
            @Nullable Object data) {
        List<String> parts = new ArrayList<>();
        add(parts, "at", at == null ? null : Durations.format(at));
        add(parts, "address", to);
        add(parts, "type", type);
        add(parts, "key", key);
        add(parts, "data", hasData ? String.valueOf(data) : null);
        return "{" + String.join(", ", parts) + "}";
    }

    private static void add(List<String> parts, String name, @Nullable String value) {
        if (value != null) {
            parts.add(name + ": " + value);
        }
    }
}
