package dev.weir.flow.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.FlowRig;
import org.junit.jupiter.api.Test;

/** Events that belong together become one. */
class JoinStageTest {
    private static final String FLOW = """
            flow: fulfil
            from: [orders, stock]
            stages:
              - join:
                  by: event.data.order
                  on:
                    payment: event.type == 'paid'
                    stock: {when: event.address == 'stock', many: true}
                  timeout: 1m
                  %s
            to: out
            tests:
              - name: joined
            """;

    @Test
    void itIsCompleteWhenAllHasCome() {
        FlowRig.check(FLOW.formatted("keep: last") + """
                    given:
                      - {at: 0s, type: paid, data: {order: 1, sum: 10}}
                      - {at: 1s, type: paid, data: {order: 2, sum: 20}}
                      - {at: 2s, type: seen, data: {order: 1}}
                      - {at: 3s, type: paid, data: {order: 1, sum: 11}}
                      - {at: 4s, address: stock, data: {order: 1, sku: a}}
                      - {at: 5s, address: stock, data: {order: 1, sku: b}}
                    expect:
                      - at: 4s
                        type: join
                        key: 1
                        attributes: {completedby: all, batchsize: 3}
                        data: {payment: {order: 1, sum: 11}, stock: [{order: 1, sku: a}]}
                      - {at: 61s, key: 2, data: {payment: {sum: 20}}, attributes: {completedby: timeout, missing: stock}}
                      - {at: 65s, key: 1, data: {stock: [{sku: b}]}, attributes: {completedby: timeout, missing: payment}}
                """);
    }

    @Test
    void itIsCompleteWhenAConditionHolds() {
        FlowRig.check(FLOW.formatted("complete: payment != null && size(stock) >= payment.items") + """
                    given:
                      - {at: 0s, address: stock, data: {order: 1, sku: a}}
                      - {at: 1s, type: paid, data: {order: 1, items: 2}}
                      - {at: 2s, address: stock, data: {order: 1, sku: b}}
                    expect:
                      - {at: 2s, data: {stock: [{sku: a}, {sku: b}]}, attributes: {completedby: predicate, batchsize: 3}}
                """);
    }

    @Test
    void itIsCompleteWithANumberOfEventsAndLateOnesAreDropped() {
        FlowRig.check(FLOW.formatted("complete: 2\n      quiet: 10s") + """
                    given:
                      - {at: 0s, address: stock, data: {order: 1, sku: a}}
                      - {at: 1s, address: stock, data: {order: 1, sku: b}}
                      - {at: 2s, address: stock, data: {order: 1, sku: late}}
                      - {at: 11s, address: stock, data: {order: 1, sku: c}}
                    expect:
                      - {at: 1s, data: {stock: [{sku: a}, {sku: b}]}, attributes: {completedby: size, missing: payment}}
                      - {at: 71s, data: {stock: [{sku: c}]}, attributes: {completedby: timeout}}
                """);
    }

    @Test
    void theFirstIsKeptAndWhatIsIncompleteGoesItsOwnWay() {
        FlowRig.check(FLOW.formatted("keep: first\n      incomplete: {to: late}\n      other: {to: rest}") + """
                    given:
                      - {at: 0s, type: paid, data: {order: 1, sum: 1}}
                      - {at: 1s, type: paid, data: {order: 1, sum: 2}}
                      - {at: 2s, type: seen, data: {order: 1}}
                    expect:
                      - {at: 2s, address: rest, type: seen}
                      - {at: 60s, address: late, data: {payment: {sum: 1}}, attributes: {missing: stock, batchsize: 1}}
                """);
    }

    @Test
    void anEventWhoseConditionFailsHasNotCome() {
        assertThat(FlowRig.failures(FLOW.formatted("complete: size(stock) > 0 && stock.all(s, s.n > 0)") + """
                    given:
                      - {at: 0s, address: stock, data: {order: 1}}
                      - {at: 1s, address: stock, data: {order: 1, n: 1}}
                    expect:
                      - {at: 1s, data: {stock: [{n: 1}]}, attributes: {completedby: predicate, batchsize: 1}}
                """))
                .singleElement()
                .asString()
                .startsWith("a dead letter at 'join': s.n is missing");
    }

    @Test
    void wrongOptionsAreProblems() {
        assertThat(FlowRig.problems("""
                        flow: fulfil
                        from: orders
                        stages:
                          - join:
                              by: event.key
                              on:
                                my-stock: {many: 1, wen: x}
                                paid: "true"
                              complete: size(stok) > 1
                              on-timeout: incomplete
                        to: out
                        """))
                .satisfiesExactly(
                        problem -> assertThat(problem).startsWith("flow.yaml:7: join.on: 'my-stock' is no name"),
                        problem -> assertThat(problem).startsWith("flow.yaml:7: join.on.my-stock: unknown key wen"),
                        problem -> assertThat(problem).startsWith("flow.yaml:7: join.on.my-stock: when is missing"),
                        problem -> assertThat(problem).startsWith("flow.yaml:9: "),
                        problem -> assertThat(problem)
                                .startsWith(
                                        "flow.yaml:10: join.on-timeout: on-timeout: incomplete and the side output"));
    }
}
