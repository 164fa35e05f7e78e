package dev.weir.flow.stage;

import dev.weir.flow.FlowRig;
import org.junit.jupiter.api.Test;

/** What is the same passes once. */
class DedupeStageTest {
    private static final String FLOW = """
            flow: once
            from: notes
            stages:
              - dedupe: %s
            to: out
            tests:
              - name: once
            """;

    @Test
    void exactlyWithinItsTime() {
        FlowRig.check(FLOW.formatted("{by: event.data.?to, within: 10s}") + """
                    given:
                      - {at: 0s, data: {to: ann, n: 1}}
                      - {at: 1s, data: {to: bob, n: 2}}
                      - {at: 9999ms, data: {to: ann, n: 3}}
                      - {at: 10s, data: {to: ann, n: 4}}
                      - {at: 11s, data: {n: 5}}
                      - {at: 11s, data: {n: 6}}
                      - {at: 19s, data: {to: ann, n: 7}}
                    expect:
                      - {at: 0s, data: {n: 1}}
                      - {at: 1s, data: {n: 2}}
                      - {at: 10s, data: {n: 4}}
                      - {at: 11s, data: {n: 5}}
                      - {at: 11s, data: {n: 6}}
                """);
    }

    @Test
    void byIdWithoutAKeyAndTheRestElsewhere() {
        FlowRig.check(FLOW.formatted("{repeated: {to: again}}") + """
                    given:
                      - {at: 0s, attributes: {id: one}, data: 1}
                      - {at: 1s, attributes: {id: two}, data: 2}
                      - {at: 2s, attributes: {id: one}, data: 3}
                    expect:
                      - {at: 0s, address: out, data: 1}
                      - {at: 1s, address: out, data: 2}
                      - {at: 2s, address: again, data: 3}
                """);
    }

    @Test
    void beyondItsBoundTheOldestIsForgotten() {
        FlowRig.check(FLOW.formatted("{by: event.data, max-keys: 2}") + """
                    given:
                      - {at: 0s, data: a}
                      - {at: 1s, data: b}
                      - {at: 2s, data: c}
                      - {at: 3s, data: c}
                      - {at: 4s, data: a}
                    expect:
                      - {at: 0s, data: a}
                      - {at: 1s, data: b}
                      - {at: 2s, data: c}
                      - {at: 4s, data: a}
                """);
    }
}
