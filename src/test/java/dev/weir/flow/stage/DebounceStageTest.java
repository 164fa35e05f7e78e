package dev.weir.flow.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.FlowRig;
import org.junit.jupiter.api.Test;

/** A burst becomes one event. */
class DebounceStageTest {
    private static final String FLOW = """
            flow: calm
            from: alerts
            stages:
              - debounce: %s
            to: out
            tests:
              - name: bursts
            """;
    private static final String BURSTS = """
                    given:
                      - {at: 0s, key: a, type: up, data: 1}
                      - {at: 1s, key: a, type: down, data: 2}
                      - {at: 1500ms, key: b, type: up, data: 3}
                      - {at: 2s, key: a, type: flap, data: 4}
                      - {at: 10s, key: a, type: up, data: 5}
                    expect:
                """;

    @Test
    void theLastOfABurstOfEachKey() {
        FlowRig.check(FLOW.formatted("{pause: 2s, by: event.key}") + BURSTS + """
                      - {at: 3500ms, key: b, type: up, data: 3, attributes: {completedby: pause, batchsize: 1}}
                      - {at: 4s, key: a, type: flap, data: 4, attributes: {completedby: pause, batchsize: 3}}
                      - {at: 12s, key: a, type: up, data: 5, attributes: {completedby: pause, batchsize: 1}}
                """);
    }

    @Test
    void theFirstOne() {
        FlowRig.check(FLOW.formatted("{pause: 2s, emit: first}") + BURSTS + """
                      - {at: 4s, key: a, type: up, data: 1, attributes: {batchsize: 4}}
                      - {at: 12s, key: a, type: up, data: 5}
                """);
    }

    @Test
    void theFirstOneAtOnce() {
        FlowRig.check(FLOW.formatted("{pause: 2s, emit: leading, by: event.key}") + BURSTS + """
                      - {at: 0s, key: a, data: 1, attributes: {completedby: leading}}
                      - {at: 1500ms, key: b, data: 3}
                      - {at: 10s, key: a, data: 5}
                """);
    }

    @Test
    void allOfThem() {
        FlowRig.check(FLOW.formatted("{pause: 2s, emit: all}") + BURSTS + """
                      - {at: 4s, key: a, type: flap, data: [1, 2, 3, 4]}
                      - {at: 12s, data: [5]}
                """);
    }

    @Test
    void aSummary() {
        FlowRig.check(FLOW.formatted("{pause: 2s, emit: summary}") + BURSTS + """
                      - {at: 4s, data: {first: 1, last: 4, count: 4}}
                      - {at: 12s, data: {first: 5, last: 5, count: 1}}
                """);
    }

    @Test
    void aBurstThatDoesNotEndIsEndedByTimeOrNumber() {
        FlowRig.check(FLOW.formatted("{pause: 2s, max-wait: 3s, max-size: 4}") + """
                    given:
                      - {at: 0s, data: 1}
                      - {at: 1s, data: 2}
                      - {at: 2s, data: 3}
                      - {at: 4s, data: 4}
                      - {at: 4s, data: 5}
                      - {at: 5s, data: 6}
                      - {at: 6s, data: 7}
                    expect:
                      - {at: 3s, data: 3, attributes: {completedby: max-wait, batchsize: 3}}
                      - {at: 6s, data: 7, attributes: {completedby: max-size, batchsize: 4}}
                """);
    }

    @Test
    void theLongestWaitIsNoShorterThanThePause() {
        assertThat(FlowRig.problems("""
                        flow: calm
                        from: alerts
                        stages:
                          - debounce: {pause: 20s, emit: lst}
                        to: out
                        """))
                .containsExactly(
                        "flow.yaml:4: debounce.max-wait: it is shorter than pause, which would never be waited for\n"
                                + "    make it longer",
                        "flow.yaml:4: debounce.emit: lst is not known\n    did you mean last?");
    }
}
