package dev.weir.flow.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.FlowRig;
import org.junit.jupiter.api.Test;

/** The stage call on a virtual clock, from the YAML a user would write. */
class CallStageTest {
    @Test
    void theAnswerIsAddedReplacesOrIsComputedWith() {
        FlowRig.check("""
                flow: priced
                from: orders
                stages:
                  - call: {address: pricing, as: price}
                  - id: stock
                    call: {url: "https://stock.example/items/{event.data.sku}", data: "{'sku': event.data.sku, 'left': answer.left, 'price': event.data.price}"}
                  - id: last
                    call: names
                to: out
                tests:
                  - name: three answers
                    answers: {call: [{data: 12}], stock: [{data: {left: 3}, after: 50ms}], last: [{data: {name: a}}]}
                    given: [{data: {sku: x}}]
                    expect: [{at: 50ms, address: out, data: {name: a}}]
                """);
        FlowRig.check("""
                flow: priced
                from: orders
                stages: [{call: {address: pricing, as: price}}]
                to: out
                tests:
                  - name: added, also to nothing
                    answers: {call: [{data: 12}]}
                    given: [{data: {sku: x}}, {}]
                    expect: [{data: {sku: x, price: 12}}, {data: {price: 12}}]
                """);
    }

    @Test
    void itIsTriedAgainAndThenTheFallbackAnswers() {
        FlowRig.check("""
                flow: priced
                from: orders
                stages:
                  - call:
                      address: pricing
                      as: price
                      timeout: 1s
                      retry: {backoff: [100ms, 1s], attempts: 3}
                      fallback: "-1"
                to: out
                tests:
                  - name: the third attempt is answered
                    answers: {call: [{error: broken}, {after: 5s, data: 1}, {data: 12}]}
                    given: [{data: {}}]
                    expect: [{at: 2100ms, data: {price: 12}}]
                  - name: none is
                    answers: {call: [{error: broken}]}
                    given: [{data: {}}]
                    expect: [{at: 1100ms, data: {price: -1}}]
                  - name: what is refused is not asked again
                    answers: {call: [{error: 404 unknown}, {data: 7}]}
                    given: [{data: {}}]
                    expect: [{at: 0s, data: {price: -1}}]
                """);
    }

    @Test
    void theFallbackSeesTheErrorOrIsABranch() {
        FlowRig.check("""
                flow: priced
                from: orders
                stages: [{call: {address: pricing, fallback: "{'why': error, 'sku': event.data.sku}"}}]
                to: out
                tests:
                  - name: why
                    answers: {call: [{error: broken}]}
                    given: [{data: {sku: x}}]
                    expect: [{data: {why: broken, sku: x}}]
                """);
        FlowRig.check("""
                flow: priced
                from: orders
                stages:
                  - call:
                      address: pricing
                      fallback: {stages: [{map: {lost: event.data.sku}}], to: unpriced}
                to: out
                tests:
                  - name: elsewhere
                    answers: {call: [{error: broken}, {data: 3}]}
                    given: [{data: {sku: x}}, {data: {sku: y}}]
                    expect: [{address: unpriced, data: {lost: x}}, {address: out, data: 3}]
                """);
    }

    @Test
    void withoutFallbackOnErrorSaysWhatHappens() {
        FlowRig.check("""
                flow: priced
                from: orders
                stages: [{call: {address: pricing, timeout: 1s}}]
                to: out
                on-error: {retry: {backoff: [2s], attempts: 2}, then: {emit: {address: failed}}}
                tests:
                  - name: tried again, then told
                    answers: {call: [{after: 10s}, {error: 503 busy}]}
                    given: [{data: 1}]
                    expect: [{at: 3s, address: failed, data: {stage: call, error: 503 busy, attempts: 2}}]
                """);
        assertThat(FlowRig.failures("""
                flow: priced
                from: orders
                stages: [{call: pricing}]
                to: out
                tests:
                  - {name: no answer, given: [{data: 1}], expect: []}
                """))
                .singleElement()
                .asString()
                .contains("there is no answer for it: add answers: {call:");
    }

    @Test
    void theBreakerOpensProbesAndClosesAndSaysSo() {
        FlowRig.check("""
                flow: priced
                from: orders
                stages:
                  - call:
                      address: pricing
                      breaker: {failures: 50%, of: 2, pause: 10s, probes: 1}
                      fallback: error
                to: out
                tests:
                  - name: all states
                    answers: {call: [{error: a}, {error: b}, {error: c}, {data: ok}]}
                    given:
                      - {at: 0s, data: 1}
                      - {at: 1s, data: 2}
                      - {at: 2s, data: 3}
                      - {at: 11s, data: 4}
                      - {at: 20s, data: 5}
                      - {at: 21s, data: 6}
                    expect:
                      - {at: 0s, data: a}
                      - {at: 1s, address: weir.breaker.priced.call, type: open, data: {from: closed, to: open, failed: 2, calls: 2}}
                      - {at: 1s, data: b}
                      - {at: 2s, data: the circuit breaker priced.call is open}
                      - {at: 11s, address: weir.breaker.priced.call, type: half-open}
                      - {at: 11s, address: weir.breaker.priced.call, type: open, data: {failed: 1, calls: 1}}
                      - {at: 11s, data: c}
                      - {at: 20s, data: the circuit breaker priced.call is open}
                      - {at: 21s, address: weir.breaker.priced.call, type: half-open}
                      - {at: 21s, address: weir.breaker.priced.call, type: closed}
                      - {at: 21s, data: ok}
                  - name: who does not ask does not see them
                    answers: {call: [{error: a}]}
                    given: [{data: 1}, {data: 2}]
                    expect: [{data: a}, {data: a}]
                """);
    }

    @Test
    void refusalsSayThatTheServiceWorks() {
        FlowRig.check("""
                flow: priced
                from: orders
                stages:
                  - call: {address: pricing, breaker: {of: 1}, fallback: error}
                to: out
                tests:
                  - name: stays closed
                    answers: {call: [{error: 404 unknown}, {error: 429 slower}, {data: 3}]}
                    given: [{data: 1}, {data: 2}, {data: 3}]
                    expect: [{data: 404 unknown}, {data: 429 slower}, {data: the circuit breaker priced.call is open}]
                """);
    }

    @Test
    void someAreUnderWayAndTheRestWaitsInOrder() {
        FlowRig.check("""
                flow: priced
                from: orders
                stages: [{call: {address: pricing, in-flight: 2, as: n}}]
                to: out
                tests:
                  - name: two at once
                    answers: {call: [{after: 1s, data: a}]}
                    given: [{key: a, data: {i: 1}}, {key: b, data: {i: 2}}, {key: c, data: {i: 3}}, {key: d, data: {i: 4}}, {key: e, data: {i: 5}}]
                    expect:
                      - {at: 1s, data: {i: 1}}
                      - {at: 1s, data: {i: 2}}
                      - {at: 2s, data: {i: 3}}
                      - {at: 2s, data: {i: 4}}
                      - {at: 3s, data: {i: 5}}
                """);
    }

    @Test
    void eventsOfAKeyKeepTheirOrderUnlessItIsFree() {
        String yaml = """
                flow: priced
                from: orders
                stages: [{call: {address: pricing, data: event.data%s}}]
                to: out
                tests:
                  - name: order
                    answers: {call: [{after: 2s}, {after: 1s}, {after: 500ms}]}
                    given: [{key: a, data: 1}, {key: a, data: 2}, {key: b, data: 3}]
                    expect: [%s]
                """;
        FlowRig.check(yaml.formatted("", "{at: 1s, data: 3}, {at: 2s, data: 1}, {at: 2500ms, data: 2}"));
        FlowRig.check(yaml.formatted(", order: free", "{at: 500ms, data: 3}, {at: 1s, data: 2}, {at: 2s, data: 1}"));
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThat(FlowRig.problems("""
                flow: priced
                from: orders
                stages:
                  - call: {as: price}
                  - call: {address: "a b", method: PUT}
                  - call: {url: "http://{event.data.host}/x", as: a, data: answer}
                  - call: {url: ftp://x/y}
                  - call: {url: "http://x/{event.data.", headers: {"a b": c}, token-file: no/such}
                  - call: {address: x, breaker: {failures: 0, off: 2, of: 0, pause: never}, timeout: 1, in-flight: 0}
                  - call: {address: x, fallback: "answer + 1", order: none}
                to: out
                """))
                .satisfiesExactly(
                        one -> assertThat(one)
                                .isEqualTo(
                                        "flow.yaml:4: call.address: an address, or a URL\n    write address: NAME or url: https://..."),
                        one -> assertThat(one).contains("flow.yaml:5: call.address: 'a b' is no address"),
                        one -> assertThat(one).contains("flow.yaml:5: call.method: is for HTTP only"),
                        one -> assertThat(one)
                                .contains("flow.yaml:6: call.url: an event cannot say which host is asked"),
                        one -> assertThat(one).contains("flow.yaml:6: call.as: the answer cannot go both ways"),
                        one -> assertThat(one)
                                .contains("flow.yaml:7: call.url: 'ftp://x' is no URL of an HTTP service"),
                        one -> assertThat(one).contains("call.headers: 'a b' is no name of a header"),
                        one -> assertThat(one).contains("call.url: a { without its }"),
                        one -> assertThat(one).contains("call.token-file: no/such cannot be read"),
                        one -> assertThat(one).contains("call.timeout"),
                        one -> assertThat(one).contains("call.breaker: unknown key off\n    did you mean of?"),
                        one -> assertThat(one).contains("call.breaker: failures: '0' is no share"),
                        one -> assertThat(one).contains("call.breaker: of: found 0"),
                        one -> assertThat(one).contains("call.breaker: pause: 'never' is not a duration"),
                        one -> assertThat(one).contains("call.in-flight"),
                        one -> assertThat(one).contains("flow.yaml:10: call.order: none is not known"),
                        one -> assertThat(one).contains("flow.yaml:10:").contains("answer"));
    }
}
