package dev.weir.flow.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.FlowRig;
import org.junit.jupiter.api.Test;

/** So many pass per time. */
class ThrottleStageTest {
    private static final String FLOW = """
            flow: slowly
            from: notes
            stages:
              - throttle: %s
            to: out
            tests:
              - name: throttled
            """;

    @Test
    void whatIsOverIsDropped() {
        FlowRig.check(FLOW.formatted("{rate: 2/s, burst: 2, by: event.key}") + """
                    given:
                      - {at: 0s, key: a, data: 1}
                      - {at: 0s, key: a, data: 2}
                      - {at: 0s, key: a, data: 3}
                      - {at: 0s, key: b, data: 4}
                      - {at: 499ms, key: a, data: 5}
                      - {at: 500ms, key: a, data: 6}
                      - {at: 600ms, key: a, data: 7}
                      - {at: 5s, key: a, data: 8}
                      - {at: 5s, key: a, data: 9}
                      - {at: 5s, key: a, data: 10}
                    expect:
                      - {at: 0s, data: 1}
                      - {at: 0s, data: 2}
                      - {at: 0s, data: 4}
                      - {at: 500ms, data: 6}
                      - {at: 5s, data: 8}
                      - {at: 5s, data: 9}
                """);
    }

    @Test
    void whatIsOverWaitsInItsOrder() {
        FlowRig.check(FLOW.formatted("{rate: 60/m, over: delay}") + """
                    given:
                      - {at: 0s, key: a, data: 1}
                      - {at: 0s, key: a, data: 2}
                      - {at: 100ms, key: a, data: 3}
                      - {at: 200ms, data: 4}
                      - {at: 2500ms, key: a, data: 5}
                      - {at: 30s, data: 6}
                    expect:
                      - {at: 0s, data: 1}
                      - {at: 1s, data: 2}
                      - {at: 2s, data: 3}
                      - {at: 3s, data: 4}
                      - {at: 4s, data: 5}
                      - {at: 30s, data: 6}
                """);
    }

    @Test
    void whatIsOverGoesItsOwnWay() {
        FlowRig.check(FLOW.formatted("{rate: 1/h, over: {to: over}}") + """
                    given:
                      - {at: 0s, data: 1}
                      - {at: 3599s, data: 2}
                      - {at: 3600s, data: 3}
                    expect:
                      - {at: 0s, address: out, data: 1}
                      - {at: 3599s, address: over, data: 2}
                      - {at: 3600s, address: out, data: 3}
                """);
    }

    @Test
    void wrongOptionsAreProblems() {
        assertThat(FlowRig.problems(FLOW.formatted("{rate: fast, over: dorp, burst: 0}") + """
                            given: [{data: 1}]
                            expect: []
                        """))
                .containsExactly(
                        "flow.yaml:4: throttle.over: found the text 'dorp'\n"
                                + "    write drop, delay or {to: {address: ...}}",
                        "flow.yaml:4: throttle.rate: 'fast' is not a rate; write a positive number per s, m or h, as in"
                                + " 20/s\n    write it like 20/s",
                        "flow.yaml:4: throttle.burst: expected a whole number, found 0\n    write one from 1 to 1000000");
    }
}
