package dev.weir.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.SpanKind;
import dev.weir.config.TracingConfig;
import dev.weir.time.VirtualTime;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpanRecorderTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));

    static TracingConfig config(double sample, int keep, int asked) {
        return new TracingConfig(
                sample, keep, asked, new TracingConfig.OtlpConfig(null, List.of(), "weir", Duration.ofSeconds(10)));
    }

    private SpanRecorder recorder(double sample) {
        return new SpanRecorder(time, config(sample, 1_000, 100));
    }

    static MultiMap headers(String id, boolean sampled) {
        return MultiMap.caseInsensitiveMultiMap()
                .add("ce-id", id)
                .add("ce-correlationid", "c-" + id)
                .add("traceparent", "00-" + TRACE + "-" + SPAN + (sampled ? "-01" : "-00"));
    }

    private static JsonArray of(SpanRecorder recorder, String what, String value) {
        return recorder.answer(new JsonObject().put(what, value), "n1").getJsonArray("spans");
    }

    @Test
    void nodesWithTheSameShareSampleTheSameTraces() {
        SpanRecorder one = recorder(0.25);
        SpanRecorder other = recorder(0.25);
        Random random = new Random(7);
        int sampled = 0;
        for (int i = 0; i < 100_000; i++) {
            long low = random.nextLong();
            assertThat(one.samples(low)).isEqualTo(other.samples(low));
            sampled += one.samples(low) ? 1 : 0;
        }
        assertThat(sampled).isBetween(24_000, 26_000);
    }

    @Test
    void whatALargerShareSamplesHoldsWhatASmallerOneDoes() {
        SpanRecorder few = recorder(0.001);
        SpanRecorder many = recorder(0.1);
        SpanRecorder all = recorder(1);
        SpanRecorder none = recorder(0);
        new Random(7).longs(100_000).forEach(low -> {
            assertThat(many.samples(low) || !few.samples(low)).isTrue();
            assertThat(all.samples(low)).isTrue();
            assertThat(none.samples(low)).isFalse();
        });
    }

    @Test
    void onlyTheFlagSaysWhetherAnEventIsRecorded() {
        SpanRecorder recorder = recorder(0.001);
        assertThat(recorder.isOn(headers("a", true))).isTrue();
        assertThat(recorder.isOn(headers("a", false))).isFalse();
        assertThat(recorder.isOn(MultiMap.caseInsensitiveMultiMap())).isFalse();
        assertThat(recorder.isOn(MultiMap.caseInsensitiveMultiMap().add("traceparent", "x")))
                .isFalse();
        assertThat(recorder(0).isOn(headers("a", true))).isFalse();
    }

    @Test
    void aSpanSaysWhatWhenAndOfWhat() {
        SpanRecorder recorder = recorder(1);
        MultiMap headers = headers("a", true);
        long began = recorder.began(headers);
        time.advance(Duration.ofMillis(3));
        recorder.accepted("orders", headers, "00-" + TRACE + "-00f067aa0ba902b7-01", began, null, "source", "/s");
        recorder.record(SpanKind.COMMIT, "orders", headers, began, 2_000_000, "group", 12);
        time.advance(Duration.ofMillis(4));
        recorder.delivered("orders", headers, "sessions", 3);
        JsonArray spans = of(recorder, "event", "a");
        assertThat(spans.getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("kind", "accept")
                        .put("name", "orders")
                        .put("event", "a")
                        .put("correlation", "c-a")
                        .put("trace", TRACE)
                        .put("span", SPAN)
                        .put("parent", "00f067aa0ba902b7")
                        .put("node", "n1")
                        .put("at", Instant.parse("2026-01-01T00:00:00Z").toEpochMilli())
                        .put("micros", 3_000L)
                        .put("detail", new JsonObject().put("source", "/s")));
        JsonObject commit = spans.getJsonObject(1);
        assertThat(commit.getString("parent")).isEqualTo(SPAN);
        assertThat(commit.getString("span")).matches("[0-9a-f]{16}").isNotEqualTo(SPAN);
        assertThat(commit.getJsonObject("detail").getInteger("group")).isEqualTo(12);
        assertThat(spans.getJsonObject(2).getLong("micros")).isEqualTo(7_000);
    }

    @Test
    void spansAreFoundByEventCorrelationAndTrace() {
        SpanRecorder recorder = recorder(1);
        recorder.record(SpanKind.FEED, "orders", headers("a", true), 0, 0);
        recorder.record(SpanKind.FEED, "orders", headers("b", true), 0, 0);
        assertThat(of(recorder, "event", "b")).hasSize(1);
        assertThat(of(recorder, "correlation", "c-a")).hasSize(1);
        assertThat(of(recorder, "trace", TRACE)).hasSize(2);
        assertThat(of(recorder, "event", "c")).isEmpty();
        assertThat(recorder.answer(new JsonObject(), "n1").getJsonArray("spans"))
                .isEmpty();
    }

    @Test
    void theOldestAreWrittenOverAndAnAnswerHasTheNewest() {
        SpanRecorder recorder = recorder(1);
        for (int i = 0; i < 2_500; i++) {
            recorder.record(SpanKind.FEED, "orders", headers("a", true), 0, 0, "n", i);
        }
        JsonArray spans = of(recorder, "event", "a");
        assertThat(spans).hasSize(SpanRecorder.MOST_ANSWERED);
        assertThat(spans.getJsonObject(0).getJsonObject("detail").getInteger("n"))
                .isEqualTo(2_000);
        assertThat(spans.getJsonObject(499).getJsonObject("detail").getInteger("n"))
                .isEqualTo(2_499);
        assertThat(recorder.ring().get(1_499)).isNull();
        assertThat(recorder.ring().get(1_500)).isNotNull();
    }

    @Test
    void theFailureOfAnEventIsRecordedWhetherItIsSampledOrNot() {
        SpanRecorder recorder = recorder(0.001);
        recorder.failed(SpanKind.RETRY, "large/call", headers("a", false), 0, 0, "no answer", "attempt", 1);
        JsonObject span = of(recorder, "event", "a").getJsonObject(0);
        assertThat(span.getString("error")).isEqualTo("no answer");
        assertThat(span.getString("parent")).isEqualTo(SPAN);
        SpanRecorder off = recorder(0);
        off.failed(SpanKind.RETRY, "large/call", headers("a", false), 0, 0, "no answer");
        off.refused("orders", headers("a", false), "busy");
        assertThat(off.recorded()).isZero();
    }

    @Test
    void whatProducersCanBringAboutIsBoundedPerSecond() {
        SpanRecorder recorder = new SpanRecorder(time, config(0.001, 100_000, 5));
        assertThat(granted(recorder)).isEqualTo(5);
        time.advance(Duration.ofSeconds(1));
        assertThat(granted(recorder)).isEqualTo(5);
        for (int i = 0; i < 50_000; i++) {
            recorder.refused("orders", headers("a", false), "busy");
        }
        assertThat(recorder.recorded()).isEqualTo(100);
        for (int i = 0; i < 50_000; i++) {
            recorder.failed(SpanKind.RETRY, "f/s", headers("a", false), 0, 0, "no");
        }
        assertThat(recorder.recorded()).isEqualTo(2_100);
        for (int i = 0; i < 50_000; i++) {
            recorder.record(SpanKind.FEED, "orders", headers("a", true), 0, 0);
        }
        assertThat(recorder.recorded()).isEqualTo(20_000);
        assertThat(recorder.leftOut()).isEqualTo(130_000);
    }

    private static int granted(SpanRecorder recorder) {
        int granted = 0;
        for (int i = 0; i < 100; i++) {
            granted += recorder.grants() ? 1 : 0;
        }
        return granted;
    }

    @Test
    void stagesArePartsOfTheirFlow() {
        SpanRecorder recorder = recorder(1);
        recorder.record(SpanKind.FLOW, "large", headers("a", true), 0, 0);
        recorder.record(SpanKind.STAGE, "large/filter", headers("a", true), 0, 0);
        recorder.record(SpanKind.STAGE, "other/filter", headers("a", true), 0, 0);
        JsonArray spans = of(recorder, "event", "a");
        String flow = spans.getJsonObject(0).getString("span");
        assertThat(spans.getJsonObject(0).getString("parent")).isEqualTo(SPAN);
        assertThat(spans.getJsonObject(1).getString("parent")).isEqualTo(flow);
        assertThat(spans.getJsonObject(2).getString("parent")).isNotEqualTo(flow);
    }

    @Test
    void aReloadChangesTheShare() {
        SpanRecorder recorder = recorder(0);
        recorder.use(config(1, 1_000, 1));
        assertThat(recorder.samples(1)).isTrue();
        assertThat(recorder.isOn(headers("a", true))).isTrue();
        recorder.use(config(0, 1_000, 1));
        assertThat(recorder.isActive()).isFalse();
    }
}
