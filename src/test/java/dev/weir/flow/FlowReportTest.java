package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.emitter.CircuitBreaker;
import dev.weir.time.VirtualTime;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What those who look on are told of flows: all of it once, then what changed, with rates per second. */
class FlowReportTest {
    private static final String ROUTED = """
            flow: routed
            from: [orders, {timer: {every: 1s}}]
            stages:
              - filter: event.data.total > 10
              - dedupe: {by: event.data.order, within: 1h, repeated: {stages: [{log: {}}]}}
              - route:
                  cases:
                    - {when: event.data.total > 100, stages: [{map: {big: event.data.total}}], to: {address: big}}
                    - {when: event.data.total > 50, stages: [{filter: event.data.ok}]}
                  else: drop
            to: [{address: small}, {webhook: {url: "http://127.0.0.1:1/", secret: abc, timeout: 1s}}]
            """;

    private final VirtualTime time = new VirtualTime(Instant.EPOCH);
    private final FlowReport report = new FlowReport(time);

    private FlowRun run(FlowSpec spec) {
        FlowRun run = new FlowRun(spec.name(), time, FlowMeters.NONE);
        run.state(1, 0, 0);
        return run;
    }

    private static JsonObject first(JsonObject told) {
        return told.getJsonArray("flows").getJsonObject(0);
    }

    @Test
    void theGraphHasAllWaysThatEventsTake() {
        JsonObject graph = FlowDrawing.of(FlowRig.read(ROUTED));
        assertThat(graph.getJsonArray("nodes").stream()
                        .map(JsonObject.class::cast)
                        .map(each -> each.getString("id") + " " + each.getString("kind") + " " + each.getString("type")
                                + " " + each.getString("text")))
                .containsExactly(
                        "from:0 input address orders",
                        "from:1 input timer {every: 1s}",
                        "filter stage filter event.data.total > 10",
                        "dedupe stage dedupe event.data.order, within: 1h",
                        "log stage log ",
                        "route stage route [{when: event.data.total > 100}, {when: event.data.total > 50}], else: drop",
                        "map stage map {big: event.data.total}",
                        "address target address big",
                        "filter-2 stage filter event.data.ok",
                        "address-2 target address small",
                        "webhook target webhook http://127.0.0.1:1/, secret: …, timeout: 1s");
        assertThat(graph.getJsonArray("edges").stream()
                        .map(JsonObject.class::cast)
                        .map(each -> each.getString("from") + " > " + each.getString("to")
                                + (each.containsKey("output") ? " " + each.getString("output") : "")))
                .containsExactlyInAnyOrder(
                        "from:0 > filter",
                        "from:1 > filter",
                        "filter > dedupe",
                        "dedupe > route",
                        "dedupe > log repeated",
                        "log > route",
                        "route > map case-1",
                        "map > address",
                        "route > filter-2 case-2",
                        "filter-2 > address-2",
                        "filter-2 > webhook");
        assertThat(graph.getJsonArray("nodes").getJsonObject(2).getInteger("line"))
                .isEqualTo(4);
    }

    @Test
    void whatChangedIsToldOnceWithItsRates() {
        FlowSpec busy = FlowRig.read("{flow: busy, from: orders, stages: [{filter: event.data.ok}], to: small}");
        FlowSpec idle = FlowRig.read("{flow: idle, from: orders, to: small}");
        FlowRun run = run(busy);
        report.show(List.of(
                new FlowReport.Shown(busy, run, "running", true),
                new FlowReport.Shown(idle, run(idle), "running", false)));
        StageCounts filter = run.counts(busy.stages().get(0));
        assertThat(report.whole().getJsonArray("flows")).hasSize(2);
        assertThat(report.news().getJsonArray("flows"))
                .as("nothing was told yet")
                .hasSize(2);

        for (int i = 0; i < 30; i++) {
            run.taken();
            filter.in.increment();
        }
        filter.out.add(10);
        time.advance(Duration.ofSeconds(2));
        JsonArray changed = report.news().getJsonArray("flows");
        assertThat(changed).as("rates are known now").hasSize(2);
        JsonObject told = changed.getJsonObject(0);
        assertThat(told.getInteger("taken")).isEqualTo(30);
        assertThat(told.getJsonObject("rates").getDouble("taken")).isEqualTo(15.0);
        assertThat(told.getJsonObject("rates").getJsonObject("stages").getJsonObject("filter"))
                .isEqualTo(new JsonObject().put("in", 15.0).put("out", 5.0).put("errors", 0.0));
        assertThat(told.containsKey("graph")).as("told before").isFalse();

        time.advance(Duration.ofSeconds(2));
        JsonObject still = report.news();
        assertThat(still.getJsonArray("flows")).as("one stands still now").hasSize(1);
        assertThat(first(still).getJsonObject("rates").getDouble("taken")).isZero();
        time.advance(Duration.ofSeconds(2));
        assertThat(report.news()).isEqualTo(new JsonObject());
        assertThat(first(report.whole()).getJsonObject("rates").getDouble("taken"))
                .isZero();
    }

    @Test
    void afterATimeWithoutListenersRatesAreOfWhatHappensThen() {
        FlowSpec spec = FlowRig.read("{flow: busy, from: orders, to: small}");
        FlowRun run = run(spec);
        report.show(List.of(new FlowReport.Shown(spec, run, "running", true)));
        report.news();
        run.taken();
        time.advance(Duration.ofMinutes(10));
        assertThat(first(report.whole()).containsKey("rates")).isFalse();
        assertThat(first(report.news()).containsKey("rates")).isFalse();
    }

    @Test
    void pausesStopsErrorsBreakersAndOtherFilesAreNews() {
        FlowSpec spec = FlowRig.read("{flow: one, from: orders, stages: [{filter: event.data.ok}], to: small}");
        FlowRun run = run(spec);
        report.show(List.of(new FlowReport.Shown(spec, run, "running", true)));
        StageCounts filter = run.counts(spec.stages().get(0));
        report.news();
        run.paused(true);
        assertThat(first(report.news()).getString("state")).isEqualTo("paused");
        run.paused(false);
        run.stopped("stage 'filter': no such field");
        assertThat(first(report.news()).getString("stopped")).isEqualTo("stage 'filter': no such field");
        run.resumed();
        filter.breaker(CircuitBreaker.State.HALF_OPEN);
        for (int i = 0; i < 9; i++) {
            filter.lastErrors().note(1_000 + i, "error " + (i < 6 ? i : 1), "e" + i);
        }
        JsonObject stage = first(report.news()).getJsonObject("stages").getJsonObject("filter");
        assertThat(stage.getString("breaker")).isEqualTo("half-open");
        assertThat(stage.getJsonArray("lastErrors")).hasSize(5);
        assertThat(stage.getJsonArray("lastErrors").getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("at", 1_008L)
                        .put("error", "error 1")
                        .put("event", "e8")
                        .put("times", 4L));
        FlowSpec other = FlowRig.read("{flow: one, from: orders, to: small}");
        report.show(List.of(new FlowReport.Shown(other, null, "failed", false)));
        JsonObject told = first(report.news());
        assertThat(told.getString("state")).isEqualTo("failed");
        assertThat(told.getJsonObject("graph").getJsonArray("nodes")).hasSize(2);
        report.show(List.of());
        assertThat(report.news().getJsonArray("gone")).containsExactly("one");
    }
}
