package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong with a flow file is said with its line and how to mend it. */
class FlowReaderTest {
    private static final String GOOD = """
            flow: hot
            from: readings
            stages:
              - filter: event.data.celsius > 30
            to: alerts
            tests:
              - name: warm is not hot
                given:
                  - {data: {celsius: 20}}
                  - {at: 1s, data: {celsius: 31}}
                expect:
                  - {at: 1s, address: alerts, data: {celsius: 31}}
            """;

    @Test
    void aFlowIsReadAndItsTestsRun() {
        FlowRig.check(GOOD);
    }

    @Test
    void aTestThatFailsSaysWhatCameOut() {
        assertThat(FlowRig.failures(GOOD.replace(
                        "{at: 1s, address: alerts, data: {celsius: 31}}", "{at: 2s, data: {celsius: 32}}")))
                .containsExactly("flow.yaml:12: expected {at: 2s, data: {\"celsius\":32}},"
                        + " got {at: 1s, address: alerts, type: message, data: {\"celsius\":31}}");
        assertThat(FlowRig.failures(GOOD.replace("  - {at: 1s, address: alerts, data: {celsius: 31}}", "  []")))
                .containsExactly("not expected: {at: 1s, address: alerts, type: message, data: {\"celsius\":31}}");
    }

    @Test
    void allProblemsAreSaidAtOnce() {
        assertThat(FlowRig.problems("""
                        flow: a b
                        form: readings
                        stages:
                          - fliter: event.data.ok
                          - filter: {wen: true}
                          - map: [1]
                        to: {adress: x}
                        on-error: {then: explode, retry: {attempts: 0}}
                        queue: many
                        """))
                .satisfiesExactly(
                        problem ->
                                assertThat(problem).isEqualTo("flow.yaml:2: unknown key form\n    did you mean from?"),
                        problem -> assertThat(problem)
                                .isEqualTo(
                                        "flow.yaml:1: flow: 'a b' is no name\n    use 1 to 64 letters, digits, - and _,"
                                                + " beginning with a letter or digit"),
                        problem -> assertThat(problem)
                                .isEqualTo("flow.yaml:1: from is missing\n    add from: {address: ...}"),
                        problem -> assertThat(problem)
                                .isEqualTo("flow.yaml:4: no stage is named by [fliter]\n    did you mean filter?"),
                        problem -> assertThat(problem)
                                .isEqualTo("flow.yaml:5: filter: unknown option wen\n    did you mean when?"),
                        problem -> assertThat(problem)
                                .isEqualTo("flow.yaml:5: filter: when is missing\n    add when: ..."),
                        problem -> assertThat(problem)
                                .startsWith("flow.yaml:6: map.data: expected an expression, found a list"),
                        problem -> assertThat(problem)
                                .isEqualTo("flow.yaml:7: no target is named by [adress]\n    did you mean address?"),
                        problem -> assertThat(problem)
                                .isEqualTo(
                                        "flow.yaml:8: on-error.retry.attempts: found 0\n    write a number from 1 to 1000"),
                        problem -> assertThat(problem)
                                .isEqualTo(
                                        "flow.yaml:8: on-error.then: found the text 'explode'\n    write dead-letter,"
                                                + " drop, stop or {emit: {address: ...}}"),
                        problem -> assertThat(problem)
                                .isEqualTo(
                                        "flow.yaml:9: queue: found the text 'many'\n    write a number from 1 to 1000000"));
    }

    @Test
    void idsAndDigestsTellStagesApart() {
        FlowSpec spec = FlowRig.read("""
                flow: two
                from: [readings, {address: more, types: [a], start: end}]
                stages:
                  - filter: event.data.a
                  - filter: event.data.b
                  - id: third
                    filter: event.data.a
                to: [alerts, {address: others, type: "'x'"}]
                """);
        List<String> names = spec.all().stream().map(StageSpec::stateName).toList();
        assertThat(names).hasSize(5).doesNotHaveDuplicates();
        assertThat(spec.all().stream().map(StageSpec::id))
                .containsExactly("filter", "filter-2", "third", "address", "address-2");
    }

    private static boolean spread(String key, String... stages) {
        return FlowRig.read("flow: f\nfrom: readings\n" + key + "\nstages:\n  - " + String.join("\n  - ", stages)
                        + "\nto: alerts\n")
                .isSpread();
    }

    @Test
    void aFlowIsSpreadOnlyWhereItsStagesGroupByTheKeyWithWhichEventsCame() {
        String dedupe = "dedupe: {by: event.key, within: 1m}";
        assertThat(spread("", "filter: event.data.a", dedupe)).isTrue();
        assertThat(spread("", "map: {a: event.data.b}", dedupe)).isTrue();
        assertThat(spread("", "map: {data: event.data, key: event.data.b}", dedupe))
                .isFalse();
        assertThat(spread("", "split: event.data.items", dedupe)).isFalse();
        assertThat(spread("", "dedupe: {by: event.data.x, within: 1m}")).isFalse();
        assertThat(spread("key: event.data.x", "filter: event.data.a", "dedupe: {by: event.data.x, within: 1m}"))
                .isTrue();
        assertThat(spread("key: event.data.x", "map: {x: event.data.y}", "dedupe: {by: event.data.x, within: 1m}"))
                .isFalse();
        assertThat(spread(
                        "",
                        "route: {cases: [{when: event.data.a, stages: [{map: {data: event.data, key: event.data.b}}]}]}",
                        dedupe))
                .isFalse();
    }

    @Test
    void nullIsAValueAndNothingBehindANameIsNothing() {
        String flow = """
                flow: f
                description:
                from: readings
                stages:
                  - log:
                  - map: {a: event.data.a, b: null, c:, late: "has(event.data.none)"}
                  - log: {level:}
                    on-error:
                to: alerts
                tests:
                  - name:
                    begin: 2026-05-05T05:05:05Z
                    given: [{at:, key:, data: {a: [null, 1, ~], none:}}, {data: null}]
                    expect: [{at: 0s, data: {a: [null, 1, null], b: null, c: null, late: true}}]
                    dead-letters: [{stage: map, error: event.data is}]
                """;
        FlowRig.check(flow);
        assertThat(FlowRig.failures(flow.replace("b: null, c: null", "b: 1, none: null")))
                .singleElement()
                .asString()
                .contains("\"b\":1,\"none\":null", "got {", "\"b\":null");
        assertThat(FlowRig.problems(flow.replace("05:05Z", "05 o'clock").replace("log:\n", "filter:\n")))
                .satisfiesExactly(
                        one -> assertThat(one).contains("flow.yaml:5: filter: when is missing"),
                        one -> assertThat(one).contains("flow.yaml:12: begin: ", "write it like 2026-02-28T12:00:00Z"));
    }

    @Test
    void aTestMayExpectDeadLetters() {
        String flow = """
                flow: f
                from: readings
                stages: [filter: event.data.a > 1]
                to: alerts
                tests:
                  - given: [{data: {a: 2}}, {data: {b: 2}}]
                    expect: [{data: {a: 2}}]
                    dead-letters: [{stage: filter, error: event.data.a is missing}]
                """;
        FlowRig.check(flow);
        assertThat(FlowRig.failures(flow.replace("is missing", "is odd")))
                .singleElement()
                .asString()
                .startsWith(
                        "flow.yaml:8: expected a dead letter at 'filter' with 'event.data.a is odd', got a dead letter at 'filter'");
        assertThat(FlowRig.failures(
                        flow.replace("    dead-letters: [{stage: filter, error: event.data.a is missing}]\n", "")))
                .singleElement()
                .asString()
                .startsWith("a dead letter at 'filter': event.data.a is missing");
    }
}
