package dev.weir.flow.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.FlowRig;
import org.junit.jupiter.api.Test;

/** Events go different ways. */
class RouteStageTest {
    private static final String THREE_WAYS = """
            flow: ways
            from: logs
            stages:
              - route:
                  match: %s
                  cases:
                    - {when: event.data.level == 'error', to: {address: alerts}}
                    - when: event.data.millis > 100
                      stages: [{map: {slow: event.data.millis}}]
                  else: %s
            to: rest
            tests:
              - name: one by one
                given:
                  - {at: 0s, data: {level: error, millis: 5}}
                  - {at: 1s, data: {level: info, millis: 500}}
                  - {at: 2s, data: {level: error, millis: 900}}
                  - {at: 3s, data: {level: info, millis: 1}}
                expect:
            """;

    @Test
    void theFirstCaseThatHoldsTakesTheEvent() {
        FlowRig.check(THREE_WAYS.formatted("first", "{stages: [{map: {level: event.data.level}}], to: others}") + """
                      - {at: 0s, address: alerts}
                      - {at: 1s, address: rest, data: {slow: 500}}
                      - {at: 2s, address: alerts}
                      - {at: 3s, address: others, data: {level: info}}
                """);
    }

    @Test
    void everyCaseThatHoldsTakesTheEvent() {
        FlowRig.check(THREE_WAYS.formatted("all", "drop") + """
                      - {at: 0s, address: alerts}
                      - {at: 1s, address: rest, data: {slow: 500}}
                      - {at: 2s, address: alerts}
                      - {at: 2s, address: rest, data: {slow: 900}}
                """);
    }

    @Test
    void withoutElseTheRestGoesOn() {
        FlowRig.check("""
                flow: ways
                from: logs
                stages:
                  - route: [{when: event.data > 5, to: high}]
                to: rest
                tests:
                  - given: [{data: 3}, {data: 9}]
                    expect: [{address: rest, data: 3}, {address: high, data: 9}]
                """);
    }

    @Test
    void waysThatNoEventGoesAreProblems() {
        assertThat(FlowRig.problems("""
                        flow: ways
                        from: logs
                        stages:
                          - route:
                              cases:
                                - {when: event.data.a, to: x}
                                - {when: 1 > 2, to: x}
                                - {when: event.data.a, to: y}
                                - {when: "true", to: y}
                                - {when: event.data.b, to: y}
                                - {to: y}
                              else: dropp
                        to: z
                        """))
                .containsExactly(
                        "flow.yaml:7: route.cases: 1 > 2 holds for no event\n    mend the condition, or remove the case",
                        "flow.yaml:8: route.cases: the condition event.data.a is there twice\n    remove one of the cases",
                        "flow.yaml:10: route.cases: this case is never reached, since one before it takes every event\n"
                                + "    put the case that takes every event last, or make it else:",
                        "flow.yaml:11: route.cases: this case is never reached, since one before it takes every event\n"
                                + "    put the case that takes every event last, or make it else:",
                        "flow.yaml:11: route.cases: when is missing\n"
                                + "    write each case as in {when: event.data.ok, to: {address: good}}",
                        "flow.yaml:12: route.else: found the text 'dropp'\n    write drop or {to: {address: ...}}",
                        "flow.yaml:12: route.else: it is never reached, since a case takes every event\n    remove it");
    }
}
