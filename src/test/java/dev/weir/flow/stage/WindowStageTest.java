package dev.weir.flow.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.FlowRig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows from the YAML a user would write, on a virtual clock that begins at midnight UTC. */
class WindowStageTest {
    private static void check(String window, String tests) {
        FlowRig.check(flow(window, tests));
    }

    private static String flow(String window, String tests) {
        return "flow: w\nfrom: in\nstages:\n  - window: " + window + "\nto: out\ntests:\n" + tests.indent(2);
    }

    @Test
    void theFlowOfTheDesign() {
        String yaml = """
                flow: slow-requests
                from: {address: access}
                stages:
                  - filter: event.data.millis > 500
                  - window: {every: 10s, by: event.data.path, compute: {n: count(), p99: "quantile(event.data.millis, 0.99)"}}
                to: {address: alerts.slow}
                on-error: {retry: {backoff: [200ms, 1s, 5s], attempts: 5}, then: dead-letter}
                tests:
                  - name: counts slow requests per path
                    given: [{at: 0s, data: {path: /a, millis: 700}}]
                    expect: [{at: 10s, data: {path: /a, n: 1, p99: 700}}]
                """;
        FlowRig.check(yaml);
    }

    @Test
    void windowsOfProcessingTimeEndWithTheClock() {
        check("{every: 10s, by: event.data.k, compute: {n: count(), total: sum(event.data.x)}}", """
                - name: per key and window
                  given:
                    - {at: 9s, data: {k: a, x: 1}}
                    - {at: 9999ms, data: {k: a, x: 2}}
                    - {at: 10s, data: {k: a, x: 4}}
                    - {at: 11s, data: {k: b, x: 0.5}}
                    - {at: 35s, data: {k: a, x: 8}}
                  expect:
                    - {at: 10s, type: window, key: a, data: {k: a, start: "2026-01-01T00:00:00.000Z", end: "2026-01-01T00:00:10.000Z", n: 2, total: 3}}
                    - {at: 20s, key: a, data: {k: a, start: "2026-01-01T00:00:10.000Z", n: 1, total: 4}}
                    - {at: 20s, key: b, data: {k: b, n: 1, total: 0.5}}
                    - {at: 40s, key: a, data: {k: a, n: 1, total: 8}}
                """);
    }

    @Test
    void hoppingWindowsOverlap() {
        check("{every: 30s, hop: 10s, by: event.data.k, compute: {n: count(), all: collect(event.data.x)}}", """
                - name: each event counts in three windows
                  given:
                    - {at: 5s, data: {k: a, x: 1}}
                    - {at: 15s, data: {k: a, x: 2}}
                    - {at: 16s, data: {k: a, x: 3}}
                    - {at: 95s, data: {k: a, x: 4}}
                  expect:
                    - {at: 10s, data: {start: "2025-12-31T23:59:40.000Z", end: "2026-01-01T00:00:10.000Z", n: 1, all: [1]}}
                    - {at: 20s, data: {n: 3, all: [1, 2, 3]}}
                    - {at: 30s, data: {n: 3, all: [1, 2, 3]}}
                    - {at: 40s, data: {n: 2, all: [2, 3]}}
                    - {at: 100s, data: {n: 1, all: [4]}}
                    - {at: 110s, data: {n: 1, all: [4]}}
                    - {at: 120s, data: {n: 1, all: [4]}}
                """);
    }

    @Test
    void sessionsEndWithAPause() {
        check("{session: 10s, by: event.data.k, compute: {n: count()}}", """
                - name: a pause ends them
                  given:
                    - {at: 1s, data: {k: a}}
                    - {at: 8s, data: {k: a}}
                    - {at: 9s, data: {k: b}}
                    - {at: 18s, data: {k: a}}
                  expect:
                    - {at: 18s, key: a, data: {start: "2026-01-01T00:00:01.000Z", end: "2026-01-01T00:00:18.000Z", n: 2}}
                    - {at: 19s, key: b, data: {n: 1}}
                    - {at: 28s, key: a, data: {start: "2026-01-01T00:00:18.000Z", end: "2026-01-01T00:00:28.000Z", n: 1}}
                """);
    }

    @Test
    void sessionsOfEventTimeGrowTogether() {
        check(
                "{session: 10s, time: event.data.t, lateness: 40s, compute: {n: count(), first: first(event.data.t), last: last(event.data.t)}}",
                """
                - name: what comes between makes two one
                  given:
                    - {at: 1s, data: {t: 1000}}
                    - {at: 1s, data: {t: 17000}}
                    - {at: 1s, data: {t: 45000}}
                    - {at: 2s, data: {t: 9000}}
                    - {at: 3s, data: {t: 70000}}
                  expect:
                    - {at: 3s, data: {start: "1970-01-01T00:00:01.000Z", end: "1970-01-01T00:00:27.000Z", n: 3, first: 1000, last: 17000}}
                    - {data: {start: "1970-01-01T00:00:45.000Z", n: 1}}
                    - {data: {start: "1970-01-01T00:01:10.000Z", n: 1}}
                """);
    }

    @Test
    void eventsOutOfOrderCountWhereTheyBelongAndLateOnesGoAside() {
        check(
                "{every: 10s, by: event.data.k, time: event.data.t, lateness: 5s, late: {to: {address: late}}, compute: {n: count()}}",
                """
                - name: out of order
                  begin: 2026-03-29T01:00:00Z
                  given:
                    - {at: 0s, data: {k: a, t: "2026-03-29T00:59:51Z"}}
                    - {at: 0s, data: {k: b, t: "2026-03-29T00:59:52Z"}}
                    - {at: 1s, data: {k: a, t: "2026-03-29T01:00:04Z"}}
                    - {at: 1s, data: {k: a, t: "2026-03-29T00:59:59.999Z"}}
                    - {at: 2s, data: {k: c, t: "2026-03-29T01:00:05Z"}}
                    - {at: 3s, data: {k: b, t: "2026-03-29T00:59:59Z"}}
                    - {at: 3s, data: {k: c, t: "2026-03-29T01:00:00Z"}}
                    - {at: 4s, data: {k: d, t: "2026-03-29T01:00:15Z"}}
                  expect:
                    - {at: 2s, address: out, key: a, data: {start: "2026-03-29T00:59:50.000Z", n: 2}}
                    - {at: 2s, address: out, key: b, data: {n: 1}}
                    - {at: 3s, address: late, type: message, data: {k: b, t: "2026-03-29T00:59:59Z"}}
                    - {at: 4s, address: out, key: a, data: {start: "2026-03-29T01:00:00.000Z", n: 1}}
                    - {at: 4s, address: out, key: c, data: {n: 2}}
                """);
    }

    @Test
    void aWindowThatWasClosedStaysClosed() {
        // A node that starts anew waits the whole of idle before it believes in silence.
        FlowRig.checkWithoutRestarts(flow(
                "{every: 10s, by: event.data.k, time: event.data.t, idle: 20s, late: {to: {address: late}}, compute: {n: count()}}",
                """
                - name: silence closes windows, and what comes then is late
                  given:
                    - {at: 0s, data: {k: a, t: 1000}}
                    - {at: 0s, data: {k: b, t: 2000}}
                    - {at: 30s, data: {k: b, t: 5000}}
                    - {at: 31s, data: {k: b, t: 35000}}
                  expect:
                    - {at: 20s, key: a, data: {n: 1}}
                    - {at: 20s, key: b, data: {n: 1}}
                    - {at: 30s, address: late, data: {t: 5000}}
                    - {at: 51s, key: b, data: {n: 1}}
                """));
    }

    @Test
    void theTimeOfEventsIsTheirAttribute() {
        check("{every: 1h, time: event, compute: {n: count()}}", """
                - name: an hour is an hour whatever clocks of a country do
                  begin: 2026-10-25T02:00:00Z
                  given:
                    - {at: 1s, attributes: {time: "2026-10-25T00:59:59Z"}, data: 1}
                    - {at: 2s, attributes: {time: "2026-10-25T01:00:00Z"}, data: 1}
                    - {at: 3s, attributes: {time: "2026-10-25T02:00:00Z"}, data: 1}
                  expect:
                    - {at: 2s, data: {start: "2026-10-25T00:00:00.000Z", end: "2026-10-25T01:00:00.000Z", n: 1}}
                    - {at: 3s, data: {start: "2026-10-25T01:00:00.000Z", n: 1}}
                """);
    }

    @Test
    void anEventFromTheFutureMakesNoOtherLate() {
        check("{every: 10s, time: event, ahead: 1m, compute: {n: count()}}", """
                - name: what is ahead of the clock dies, whatever is said of the past
                  given:
                    - {at: 1s, data: 1}
                    - {at: 2s, data: 1, attributes: {time: "2026-01-02T00:00:00Z"}}
                    - {at: 3s, data: 1, attributes: {time: "2026-01-01T00:01:03.001Z"}}
                    - {at: 4s, data: 1}
                    - {at: 5s, data: 1, attributes: {time: "2026-01-01T00:01:05Z"}}
                  dead-letters:
                    - {stage: window, error: its time is more than 1m ahead of the clock}
                    - {stage: window, error: "mend the clock of who sends it, or allow more with ahead"}
                  expect:
                    - {at: 5s, data: {start: "2026-01-01T00:00:00.000Z", n: 2}}
                    - {data: {start: "2026-01-01T00:01:00.000Z", n: 1}}
                """);
    }

    @Test
    void windowsOfEventTimeAreOverWithTheirInput() {
        check("{every: 30s, hop: 10s, by: event.data.k, time: event.data.t, lateness: 1m, compute: {n: count()}}", """
                - name: nothing more comes
                  given: [{data: {k: a, t: 1000}}, {data: {k: b, t: 12000}}]
                  end: 2s
                  expect:
                    - {at: 2s, key: a, data: {end: "1970-01-01T00:00:10.000Z", n: 1}}
                    - {at: 2s, key: a, data: {end: "1970-01-01T00:00:20.000Z", n: 1}}
                    - {at: 2s, key: a, data: {end: "1970-01-01T00:00:30.000Z", n: 1}}
                    - {at: 2s, key: b, data: {end: "1970-01-01T00:00:20.000Z", n: 1}}
                    - {at: 2s, key: b, data: {end: "1970-01-01T00:00:30.000Z", n: 1}}
                    - {at: 2s, key: b, data: {end: "1970-01-01T00:00:40.000Z", n: 1}}
                """);
    }

    @Test
    void aResultThatIsGivenEarlyIsNotFromTheFuture() {
        FlowRig.check("""
                flow: w
                from: in
                stages:
                  - {window: {session: 1d, time: event, compute: {n: count()}}, id: days}
                  - {window: {every: 1d, time: event, compute: {n: sum(event.data.n)}}, id: days-of-days}
                to: out
                tests:
                  - name: what ends in the future is not from there
                    given: [{at: 1s, data: 1}, {at: 2s, data: 1}]
                    end: 3s
                    expect: [{at: 3s, data: {start: "2026-01-01T00:00:00.000Z", n: 2}}]
                """);
    }

    @Test
    void theEndGoesThroughTheFlowBehindTheLastEvents() {
        FlowRig.check("""
                flow: w
                from: in
                stages:
                  - {window: {every: 1h, time: event, by: event.data.k, compute: {n: count()}}, id: hours}
                  - call: {address: names, as: name}
                  - {window: {every: 1d, time: event, compute: {names: collect(event.data.name), n: sum(event.data.n)}}, id: days}
                to: out
                tests:
                  - name: with what was still asked for
                    begin: 2026-01-01T12:00:00Z
                    answers: {call: [{data: x, after: 2s}, {data: y, after: 1s}]}
                    given: [{at: 1s, data: {k: a}}, {at: 2s, data: {k: b}}, {at: 2s, data: {k: a}}]
                    end: 3s
                    expect: [{at: 5s, data: {names: [y, x], n: 3}}]
                """);
    }

    @Test
    void resultsSoFar() {
        check("{every: 10s, update: 3s, compute: {n: count()}}", """
                - name: while there is something new
                  given:
                    - {at: 1s, data: 1}
                    - {at: 2s, data: 1}
                    - {at: 8s, data: 1}
                  expect:
                    - {at: 4s, data: {n: 2, final: false}}
                    - {at: 10s, data: {n: 3, final: true}}
                """);
    }

    @Test
    void groupsOfSeveralValues() {
        check("{every: 10s, type: load, by: {host: event.data.h, path: event.data.p}, compute: {n: count()}}", """
                - name: one key of all
                  given:
                    - {data: {h: "a,b", p: c}}
                    - {data: {h: a, p: "b,c"}}
                    - {data: {h: a, p: "b,c"}}
                    - {data: {h: 7, p: ""}}
                  expect:
                    - {key: "7,", data: {host: 7, path: "", n: 1}}
                    - {key: "a,b\\\\,c", data: {host: a, path: "b,c", n: 2}}
                    - {type: load, key: "a\\\\,b,c", data: {host: "a,b", path: c, n: 1}}
                """);
    }

    @Test
    void allAggregates() {
        check("""
                {every: 1m, compute: {n: count(), big: count(event.data.x >= 3), sum: sum(event.data.x), avg: avg(event.data.x),
                      min: min(event.data.x), max: max(event.data.x), sd: stddev(event.data.x), kinds: distinct(event.data.k),
                      p50: "quantile(event.data.x, 0.5)", p90: "quantile(event.data.x, 0.9)", top: "top(event.data.k, 1)",
                      first: first(event.data.x), last: last(event.data.x), some: "collect(event.data.x, 2)",
                      spread: max(event.data.x) - min(event.data.x), none: sum(event.data.x) / count(event.data.x > 9)}}""", """
                - name: four values
                  given:
                    - {at: 1s, data: {x: 2, k: a}}
                    - {at: 2s, data: {x: 4, k: b}}
                    - {at: 3s, data: {x: 3, k: a}}
                    - {at: 4s, data: {x: 1, k: a}}
                  expect:
                    - at: 1m
                      data: {n: 4, big: 2, sum: 10, avg: 2.5, min: 1, max: 4, sd: 1.2909944487358056, kinds: 2, p50: 2, p90: 4,
                        top: [{value: a, count: 3}], first: 2, last: 1, some: [2, 4], spread: 3, none: null}
                """);
    }

    @Test
    void theKeyThatWasQuietLongestGivesItsResultEarly() {
        // Which key was quiet longest is not remembered over a restart.
        FlowRig.checkWithoutRestarts(flow("{every: 10s, by: event.key, max-keys: 2, compute: {n: count()}}", """
                - name: two keys at most
                  given:
                    - {at: 1s, key: a}
                    - {at: 2s, key: b}
                    - {at: 3s, key: a}
                    - {at: 4s, key: c}
                  expect:
                    - {at: 4s, key: b, data: {n: 1, final: false}}
                    - {at: 10s, key: a, data: {n: 2}}
                    - {at: 10s, key: c, data: {n: 1}}
                """));
    }

    @Test
    void anEventThatDoesNotFitIsNotCountedAtAll() {
        String flow = """
                flow: w
                from: in
                stages:
                  - window: {every: 10s, compute: {n: count(), total: sum(event.data.?x)}}
                to: out
                tests:
                  - name: one is wrong
                    given: [{data: {x: 1}}, {data: {x: many}}, {data: {y: 1}}]
                    expect: [{at: 10s, data: {n: 2, total: 1}}]
                """;
        assertThat(FlowRig.failures(flow))
                .containsExactly("a dead letter at 'window': sum needs a number, found 'many' in event.data.?x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{compute: {n: count()}} | window.every: how long is a window?",
                "{every: 1s, session: 1s, compute: {n: count()}} | window.session: a window has a length or ends with a pause",
                "{every: 10s, hop: 3s, compute: {n: count()}} | window.hop: every is no whole multiple of it",
                "{every: 10s, hop: 0s, compute: {n: count()}} | window.hop: every is no whole multiple of it",
                "{every: 10d, hop: 1s, compute: {n: count()}} | window.hop: more than 10000 windows of a key may be open at once",
                "{every: 10s, lateness: 1s, compute: {n: count()}} | window.lateness: with processing time no event is late or early",
                "{every: 10s, ahead: 1s, compute: {n: count()}} | window.ahead: with processing time no event is late or early",
                "{every: 10s, compute: {}} | window.compute: nothing is computed",
                "{every: 10s} | window: compute is missing",
                "{every: 10s, compute: {n: sum()}} | window.compute: sum of what?",
                "{every: 10s, compute: {n: event.data.x}} | window.compute: n: event.data.x is of one event, and a window has many",
                "{every: 10s, compute: {end: count()}} | window.compute: the field end is the window's own",
                "{every: 10s, by: event.data.n, compute: {n: count()}} | window.by: two fields are named n",
                "{every: 10s, compute: {n: 'quantile(event.data.x, 99)'}} | quantile: q must be a number from 0 to 1, not 99",
                "{every: 10s, compute: {n: 'top(event.data.x, event.data.n)'}} | top: n must be a whole number from 1 to 1000, not"
                        + " 'event.data.n'"
            })
    void whatIsWrongIsSaid(String window, String problem) {
        assertThat(FlowRig.problems("flow: w\nfrom: in\nstages:\n  - window: " + window + "\nto: out\n"))
                .hasSize(1)
                .allSatisfy(text -> assertThat(text).contains(problem));
    }
}
