package dev.weir.flow.stage;

import dev.weir.flow.FlowRig;
import org.junit.jupiter.api.Test;

/** Several events become one. */
class BatchStageTest {
    private static final String FLOW = """
            flow: batches
            from: readings
            stages:
              - batch: %s
            to: batches
            tests:
              - name: batches
            """;

    @Test
    void aCountOrTheTimeCompletesIt() {
        FlowRig.check(FLOW.formatted("{count: 2, time: 10s, by: event.key}") + """
                    given:
                      - {at: 0s, key: a, data: 1}
                      - {at: 1s, key: b, data: {x: 2}}
                      - {at: 2s, key: a, data: 3, attributes: {region: north}}
                      - {at: 3s, key: a, data: false}
                    expect:
                      - {at: 2s, key: a, type: batch, data: [1, 3], attributes: {completedby: count, batchsize: 2, region: north}}
                      - {at: 11s, key: b, type: batch, data: [{x: 2}], attributes: {completedby: time, batchsize: 1}}
                      - {at: 13s, key: a, data: [false], attributes: {completedby: time, batchsize: 1}}
                """);
    }

    @Test
    void bytesCompleteItBeforeItBecomesLonger() {
        FlowRig.check(FLOW.formatted("{bytes: 16B, time: 1m, data: event.data.text}") + """
                    given:
                      - {at: 0s, data: {text: abcd}}
                      - {at: 1s, data: {text: efgh}}
                      - {at: 2s, data: {text: öäü}}
                      - {at: 3s, data: {text: much longer than all of it}}
                    expect:
                      - {at: 2s, data: [abcd, efgh], attributes: {completedby: bytes, batchsize: 2}}
                      - {at: 3s, data: [öäü], attributes: {completedby: bytes}}
                      - {at: 3s, data: [much longer than all of it], attributes: {completedby: bytes, batchsize: 1}}
                """);
    }

    @Test
    void whatIsForgottenIsGivenOn() {
        FlowRig.check(FLOW.formatted("{by: event.data, max-keys: 1, time: 5s}") + """
                    given:
                      - {at: 0s, data: a}
                      - {at: 1s, data: a}
                      - {at: 2s, data: b}
                    expect:
                      - {at: 2s, key: a, data: [a, a], attributes: {completedby: evicted, batchsize: 2}}
                      - {at: 7s, key: b, data: [b], attributes: {completedby: time}}
                """);
    }
}
