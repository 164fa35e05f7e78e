package dev.weir.flow.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.FlowRig;
import org.junit.jupiter.api.Test;

/** Functions in JavaScript within flows. */
class ScriptStageTest {
    @Test
    void whatItAnswersGoesOn() {
        FlowRig.check("""
                flow: one
                from: orders
                stages:
                  - script: |
                      (event) => ({ ...event, type: 'priced', subject: event.data.sku,
                        data: { ...event.data, total: event.data.price * event.data.qty } })
                to: out
                tests:
                  - name: an object
                    given: [{type: ordered, data: {sku: a, price: 2.5, qty: 2}}]
                    expect: [{type: priced, key: a, data: {sku: a, price: 2.5, qty: 2, total: 5}}]
                """);
    }

    @Test
    void aListIsManyAndNullIsNone() {
        FlowRig.check("""
                flow: one
                from: orders
                stages:
                  - script: |
                      (event) => {
                        if (!event.data.items) return null;
                        return event.data.items.map((item) => ({ ...event, data: item }));
                      }
                to: out
                tests:
                  - name: many
                    given: [{data: {items: [1, a, {b: true}]}}]
                    expect: [{data: 1}, {data: a}, {data: {b: true}}]
                  - name: none
                    given: [{data: {}}, {data: {items: []}}]
                    expect: []
                """);
    }

    @Test
    void promisesAreAwaited() {
        FlowRig.check("""
                flow: one
                from: orders
                stages:
                  - script: "async (event) => { const n = await Promise.resolve(event.data.n); return { ...event, data: { n: n + 1 } }; }"
                to: out
                tests:
                  - name: a promise
                    given: [{data: {n: 1}}]
                    expect: [{data: {n: 2}}]
                """);
    }

    @Test
    void whatIsThrownSaysWhere() {
        assertThat(FlowRig.failures("""
                        flow: one
                        from: orders
                        stages:
                          - script: |
                              (event) => {
                                const n = event.data.missing.field;
                                return event;
                              }
                        to: out
                        tests:
                          - name: throws
                            given: [{data: {}}]
                            expect: []
                        """)).singleElement().asString().contains("TypeError", "flow.yaml:6");
    }

    @Test
    void wrongTextIsAProblemAtItsLine() {
        assertThat(FlowRig.problems("""
                        flow: one
                        from: orders
                        stages:
                          - script: |
                              (event) => {
                                return event.;
                              }
                        to: out
                        """)).singleElement().asString().contains("script.code", "flow.yaml:6:");
        assertThat(FlowRig.problems("flow: one\nfrom: orders\nstages:\n  - script: 1 + 1\nto: out\n"))
                .singleElement()
                .asString()
                .contains("this is no function");
    }

    @Test
    void limitsHold() {
        String endless = """
                flow: one
                from: orders
                stages:
                  - script: "(event) => { while (event.data.loop) { } return event; }"
                    %s
                to: out
                tests:
                  - name: endless
                    given: [{data: {loop: true}}, {data: {loop: false}}]
                    expect: [{data: {loop: false}}]
                """;
        assertThat(FlowRig.failures(endless.formatted("statements: 1000")))
                .singleElement()
                .asString()
                .contains("more than 1000 statements");
        assertThat(FlowRig.failures(endless.formatted("time: 50ms\n    statements: 1000000000")))
                .singleElement()
                .asString()
                .contains("longer than 50 ms");
    }

    @Test
    void whatIsNoEventIsAnError() {
        assertThat(FlowRig.failures("""
                        flow: one
                        from: orders
                        stages:
                          - script: "(event) => ({ n: 1 })"
                        to: out
                        tests:
                          - name: no event
                            given: [{data: {}}]
                            expect: []
                        """)).singleElement().asString().contains("which is no event", "...event");
    }

    @Test
    void nothingButTheLanguageIsThere() {
        assertThat(FlowRig.failures("""
                        flow: one
                        from: orders
                        stages:
                          - script: "(event) => ({ ...event, data: [typeof require, typeof Java, typeof Polyglot, typeof fetch, typeof setTimeout, typeof load] })"
                        to: out
                        tests:
                          - name: nothing
                            given: [{data: {}}]
                            expect: [{data: [undefined, undefined, undefined, undefined, undefined, undefined]}]
                        """)).isEmpty();
    }
}
