package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.FlowCommit;
import dev.weir.event.EventHeaders;
import dev.weir.time.Durations;
import dev.weir.time.VirtualTime;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs the tests of a flow's file on a virtual clock. Stateless. */
final class FlowTester {
    /** When tests begin that do not say it: a full day, hour and minute, so that windows are aligned. */
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
                .map(test -> new Result(test, problems(flow, test, null)))
                .toList();
    }

    /** The same with a flow that ends at any moment, and begins anew from what it kept. */
    static List<Result> runWithRestarts(FlowSpec flow, Random moments) {
        return flow.tests().stream()
                .map(test -> new Result(test, problems(flow, test, moments)))
                .toList();
    }

    private static List<String> problems(FlowSpec flow, FlowTest test, @Nullable Random moments) {
        VirtualTime time = new VirtualTime(test.begin());
        TestLane lane = new TestLane(time, test.answers());
        TestRun run = new TestRun(flow, lane, time, moments);
        List<FlowTest.Given> given = new ArrayList<>(test.given());
        given.sort(Comparator.comparing(FlowTest.Given::at));
        for (int i = 0; i < given.size(); i++) {
            FlowTest.Given one = given.get(i);
            run.advanceTo(one.at());
            run.accept(event(one, i + 1, time));
        }
        if (test.end() != null) {
            run.advanceTo(test.end());
            run.end();
        }
        run.advanceTo(last(test));
        run.close();
        List<String> problems = new ArrayList<>();
        if (lane.stopped() != null) {
            problems.add("the flow stopped: " + lane.stopped());
        }
        compareDead(test.dead(), lane.dead(), problems);
        compare(test, visible(test, lane.emitted()), problems);
        return problems;
    }

    /** What Weir itself tells operators is left out unless the test expects something of it. */
    private static List<TestLane.Emitted> visible(FlowTest test, List<TestLane.Emitted> emitted) {
        boolean system =
                test.expect().stream().anyMatch(one -> one.address() != null && Addresses.isSystem(one.address()));
        return system
                ? emitted
                : emitted.stream().filter(one -> !Addresses.isSystem(one.to())).toList();
    }

    private static void compareDead(List<FlowTest.Died> expected, List<FlowCommit.Dead> dead, List<String> problems) {
        for (int i = 0; i < Math.max(expected.size(), dead.size()); i++) {
            String got = i < dead.size()
                    ? "a dead letter at '" + StageMemory.idOf(dead.get(i).hop()) + "': " + lastError(dead.get(i))
                    : "no further dead letter";
            FlowTest.Died wanted = i < expected.size() ? expected.get(i) : null;
            boolean same = wanted != null
                    && i < dead.size()
                    && (wanted.stage() == null
                            || wanted.stage()
                                    .equals(StageMemory.idOf(dead.get(i).hop())))
                    && (wanted.error() == null || lastError(dead.get(i)).contains(wanted.error()));
            if (!same) {
                problems.add(
                        wanted == null
                                ? got
                                : wanted.where() + ": expected a dead letter at '" + wanted.stage() + "' with '"
                                        + wanted.error() + "', got " + got);
            }
        }
    }

    private static String lastError(FlowCommit.Dead letter) {
        return letter.failures().get(letter.failures().size() - 1).error();
    }

    private static Duration last(FlowTest test) {
        Duration last = Objects.requireNonNullElse(test.end(), Duration.ZERO);
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
    private static void compare(FlowTest test, List<TestLane.Emitted> emitted, List<String> problems) {
        List<FlowTest.Expected> expected = test.expect();
        for (int i = 0; i < Math.max(expected.size(), emitted.size()); i++) {
            if (i >= emitted.size()) {
                problems.add(
                        expected.get(i).where() + ": nothing more came out, expected " + describe(expected.get(i)));
            } else if (i >= expected.size()) {
                problems.add("not expected: " + describe(test, emitted.get(i), List.of()));
            } else {
                difference(test, expected.get(i), emitted.get(i), problems);
            }
        }
    }

    private static void difference(
            FlowTest test, FlowTest.Expected expected, TestLane.Emitted got, List<String> problems) {
        long at = got.atMillis() - test.begin().toEpochMilli();
        boolean same = (expected.at() == null || expected.at().toMillis() == at)
                && (expected.address() == null || expected.address().equals(got.to()))
                && (expected.type() == null || expected.type().equals(got.type()))
                && (expected.key() == null || expected.key().equals(got.key()))
                && hasAttributes(got, expected.attributes())
                && (!expected.hasData() || Likeness.fits(expected.data(), got.data()));
        if (!same) {
            problems.add(expected.where() + ": expected " + describe(expected) + ", got "
                    + describe(test, got, expected.attributes().keySet()));
        }
    }

    private static boolean hasAttributes(TestLane.Emitted got, Map<String, String> wanted) {
        return wanted.entrySet().stream()
                .allMatch(one -> one.getValue().equals(got.attributes().get(EventHeaders.headerOf(one.getKey()))));
    }

    private static String describe(FlowTest.Expected expected) {
        return describe(
                expected.at(),
                expected.address(),
                expected.type(),
                expected.key(),
                attributes(expected.attributes()),
                expected.hasData(),
                expected.data());
    }

    private static String describe(FlowTest test, TestLane.Emitted got, Iterable<String> attributes) {
        Duration at = Duration.ofMillis(got.atMillis() - test.begin().toEpochMilli());
        Map<String, String> told = new HashMap<>();
        for (String name : attributes) {
            told.put(name, String.valueOf(got.attributes().get(EventHeaders.headerOf(name))));
        }
        return describe(at, got.to(), got.type(), got.key(), attributes(told), true, got.data());
    }

    private static String describe(
            @Nullable Duration at,
            @Nullable String to,
            @Nullable String type,
            @Nullable String key,
            @Nullable String attributes,
            boolean hasData,
            @Nullable Object data) {
        List<String> parts = new ArrayList<>();
        add(parts, "at", at == null ? null : Durations.format(at));
        add(parts, "address", to);
        add(parts, "type", type);
        add(parts, "key", key);
        add(parts, "attributes", attributes);
        add(parts, "data", hasData ? String.valueOf(data) : null);
        return "{" + String.join(", ", parts) + "}";
    }

    private static @Nullable String attributes(Map<String, String> all) {
        return all.isEmpty() ? null : new TreeMap<>(all).toString();
    }

    private static void add(List<String> parts, String name, @Nullable String value) {
        if (value != null) {
            parts.add(name + ": " + value);
        }
    }
}
