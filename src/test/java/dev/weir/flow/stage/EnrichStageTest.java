package dev.weir.flow.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.FlowRig;
import org.junit.jupiter.api.Test;

/** Events get what another address says last. */
class EnrichStageTest {
    private static final String FLOW = """
            flow: named
            from: orders
            stages:
              - enrich: {from: customers, key: event.data.customer, %s}
            to: out
            tests:
              - name: enriched
                given:
                  - {at: 0s, address: customers, key: c1, data: {name: Ann}}
                  - {at: 1s, data: {customer: c1, n: 1}}
                  - {at: 2s, address: customers, key: c1, data: {name: Anna}}
                  - {at: 3s, data: {customer: c1, n: 2}}
                  - {at: 4s, data: {customer: c2, n: 3}}
                  - {at: 5s, address: customers, key: c2, data: {name: Bob}}
                  - {at: 6s, address: customers, key: c1}
                  - {at: 7s, data: {customer: c1, n: 4}}
                expect:
            """;

    @Test
    void theNewestOfItsKeyBecomesAField() {
        FlowRig.check(FLOW.formatted("as: who") + """
                  - {at: 1s, data: {customer: c1, n: 1, who: {name: Ann}}}
                  - {at: 3s, data: {n: 2, who: {name: Anna}}}
                  - {at: 4s, data: {customer: c2, n: 3}}
                  - {at: 7s, data: {n: 4}}
                """.indent(4));
    }

    @Test
    void orOtherDataIsMade() {
        FlowRig.check(FLOW.formatted("data: \"{'n': event.data.n, 'who': found == null ? 'nobody' : found.name}\"")
                + """
                  - {at: 1s, data: {n: 1, who: Ann}}
                  - {at: 3s, data: {n: 2, who: Anna}}
                  - {at: 4s, data: {n: 3, who: nobody}}
                  - {at: 7s, data: {n: 4, who: nobody}}
                """.indent(4));
    }

    @Test
    void whereNothingIsItIsDropped() {
        FlowRig.check(FLOW.formatted("as: who, on-missing: drop") + """
                  - {at: 1s, data: {n: 1}}
                  - {at: 3s, data: {n: 2}}
                """.indent(4));
    }

    @Test
    void whereNothingIsItIsAnError() {
        assertThat(FlowRig.failures(FLOW.formatted("as: who, on-missing: error") + """
                  - {at: 1s, data: {n: 1}}
                  - {at: 3s, data: {n: 2}}
                """.indent(4)))
                .containsExactly(
                        "a dead letter at 'enrich': there is nothing on customers for the key 'c2', which event.data.customer"
                                + " gave: emit it there first, or say what to do with on-missing",
                        "a dead letter at 'enrich': there is nothing on customers for the key 'c1', which event.data.customer"
                                + " gave: emit it there first, or say what to do with on-missing");
    }

    @Test
    void itIsWaitedForUntilItComes() {
        String flow = FLOW.formatted("as: who, on-missing: wait");
        int last = flow.indexOf("      - {at: 6s");
        FlowRig.check(flow.substring(0, last) + """
                expect:
                  - {at: 1s, data: {n: 1}}
                  - {at: 3s, data: {n: 2}}
                  - {at: 5s, data: {n: 3, who: {name: Bob}}}
                """.indent(4));
    }

    @Test
    void itIsNotWaitedForForEver() {
        assertThat(FlowRig.failures("""
                        flow: named
                        from: orders
                        on-error: {then: dead-letter}
                        stages:
                          - enrich: {from: customers, key: event.data, as: who, on-missing: wait, wait: 5s}
                        to: out
                        tests:
                          - given: [{data: c1}]
                            expect: []
                        """))
                .containsExactly(
                        "a dead letter at 'enrich': there is nothing on customers for the key 'c1', which event.data"
                                + " gave, and nothing came within 5000 ms");
    }

    @Test
    void wrongOptionsAreProblems() {
        assertThat(FlowRig.problems("""
                        flow: named
                        from: orders
                        stages:
                          - enrich: {from: customers.*, key: event.key}
                        to: out
                        """))
                .containsExactly(
                        "flow.yaml:4: enrich.from: 'customers.*' is no address\n    write one, as in customers; no pattern",
                        "flow.yaml:4: enrich.as: either as or data says what becomes of what is found\n"
                                + "    write as: FIELD or data: EXPRESSION");
    }
}
