package dev.weir.flow.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.FlowRig;
import org.junit.jupiter.api.Test;

/** One event becomes several. */
class SplitStageTest {
    @Test
    void eachItemBecomesAnEvent() {
        FlowRig.check("""
                flow: lines
                from: orders
                stages:
                  - split: event.data.items
                to: lines
                tests:
                  - name: in the order of the list, with the key of the event
                    given:
                      - {key: o1, type: placed, data: {items: [{sku: a}, 2, x]}}
                      - {key: o2, data: {items: []}}
                    expect:
                      - {at: 0s, address: lines, key: o1, type: placed, data: {sku: a}}
                      - {data: 2}
                      - {data: x}
                """);
    }

    @Test
    void itemsAreMadeAnewAndKeepWhatTheirEventHas() {
        FlowRig.check("""
                flow: lines
                from: orders
                stages:
                  - split:
                      each: event.data.items.filter(i, i.qty > 0)
                      data: "{'sku': item.sku, 'place': index + 1, 'of': event.id}"
                      key: item.sku
                      type: "'line'"
                      keep-parent: [order, sku, none]
                to: lines
                tests:
                  - name: fields of the item win
                    given:
                      - {data: {order: 7, sku: x, items: [{sku: a, qty: 1}, {sku: b, qty: 0}, {sku: c, qty: 2}]}}
                    expect:
                      - {key: a, type: line, data: {order: 7, sku: a, place: 1, of: given-1}}
                      - {key: c, type: line, data: {order: 7, sku: c, place: 2, of: given-1}}
                """);
    }

    @Test
    void whatIsNoListIsAnErrorThatNamesThePath() {
        String flow = """
                flow: lines
                from: orders
                stages:
                  - split: %s
                to: lines
                tests:
                  - given: [{data: {items: {a: 1}, list: [1]}}]
                    expect: []
                """;
        assertThat(FlowRig.failures(flow.formatted("event.data.items")))
                .containsExactly(
                        "a dead letter at 'split': event.data.items is an object where split needs a list: name one,"
                                + " or put a filter before this stage");
        assertThat(FlowRig.failures(flow.formatted("{each: event.data.list, keep-parent: [order]}")))
                .containsExactly(
                        "a dead letter at 'split': keep-parent needs objects, and item 0 of event.data.list or the"
                                + " event's data is none: add data: {value: item} or leave keep-parent out");
    }

    @Test
    void anErrorInOneItemLeavesNoneBehind() {
        assertThat(FlowRig.failures("""
                        flow: lines
                        from: orders
                        stages:
                          - split: {each: event.data, data: item.qty * 2}
                        to: lines
                        tests:
                          - given: [{data: [{qty: 1}, {qty: two}]}]
                            expect: []
                        """)).singleElement().asString().startsWith("a dead letter at 'split': ");
    }
}
