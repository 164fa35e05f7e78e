package dev.weir.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weir.bus.SpanKind;
import dev.weir.config.TracingConfig.OtlpConfig;
import dev.weir.time.JumpingTime;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Spans on their way to a collector that is a real server, over a time that jumps. */
class SpanExportTest {
    private final Vertx vertx = Vertx.vertx();
    private final JumpingTime time = JumpingTime.install(vertx);
    private final Context context = vertx.getOrCreateContext();
    private final SpanRecorder recorder = new SpanRecorder(time, SpanRecorderTest.config(1, 1_000, 1));
    private SpanExport export;
    private FakeCollector collector;

    @BeforeEach
    void start() throws Exception {
        collector = new FakeCollector(vertx);
        export = on(() -> new SpanExport(vertx, recorder, "node-1"));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    private <T> T on(java.util.function.Supplier<T> action) throws Exception {
        Promise<T> done = Promise.promise();
        context.runOnContext(go -> done.complete(action.get()));
        return done.future().await(30, TimeUnit.SECONDS);
    }

    private void use(String url, String... headers) throws Exception {
        OtlpConfig config = new OtlpConfig(url, List.of(headers), "shop", Duration.ofSeconds(10));
        on(() -> {
            export.use(config);
            return true;
        });
    }

    private void record(int count) {
        MultiMap headers = SpanRecorderTest.headers("a", true);
        for (int i = 0; i < count; i++) {
            recorder.record(SpanKind.FEED, "orders", headers, recorder.nanos(), 0, "offset", (long) i);
        }
    }

    private void pass(Duration by) {
        try {
            time.advance(by).await(30, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets time pass until it is so. */
    private void until(Runnable assertion) {
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(1));
            assertion.run();
        });
    }

    private static Consumer<HttpServerResponse> status(int status) {
        return response -> response.setStatusCode(status).end();
    }

    @Test
    void aCollectorReadsWhatOpenTelemetryDefines() throws Exception {
        use(collector.url(), "authorization: Bearer secret", "x-scope: a:b");
        MultiMap headers = SpanRecorderTest.headers("a", true);
        long began = recorder.began(headers);
        recorder.accepted(
                "orders",
                headers,
                "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01",
                began,
                null,
                "source",
                "/s",
                "repeated",
                true);
        recorder.record(SpanKind.COMMIT, "orders", headers, began, 2_000_000, "group", 12, "share", 0.5);
        recorder.failed(SpanKind.RETRY, "large/call", headers, began, 1_000, "it said \"no\"\n\u0001", "attempt", 1);
        recorder.refused("orders", MultiMap.caseInsensitiveMultiMap(), "too_large");
        until(() -> assertThat(collector.spans()).hasSize(4));
        assertThat(collector.paths).containsOnly("/v1/traces");
        MultiMap sent = collector.headers.get(0);
        assertThat(sent.get("content-type")).isEqualTo("application/json");
        assertThat(sent.get("authorization")).isEqualTo("Bearer secret");
        assertThat(sent.get("x-scope")).isEqualTo("a:b");
        ResourceSpans resource = collector.requests.get(0).getResourceSpans(0);
        assertThat(attributes(resource.getResource().getAttributesList()))
                .isEqualTo(Map.of("service.name", "shop", "service.instance.id", "node-1"));
        accepted(collector.spans().get(0));
        Span commit = collector.spans().get(1);
        assertThat(commit.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_INTERNAL);
        assertThat(commit.getEndTimeUnixNano() - commit.getStartTimeUnixNano()).isEqualTo(2_000_000);
        assertThat(hex(commit.getParentSpanId())).isEqualTo("b7ad6b7169203331");
        assertThat(attributes(commit.getAttributesList()))
                .containsEntry("weir.group", 12L)
                .containsEntry("weir.share", 0.5);
        Span retry = collector.spans().get(2);
        assertThat(retry.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(retry.getStatus().getMessage()).isEqualTo("it said \"no\"\n\u0001");
        assertThat(collector.spans().get(3).getTraceId().size()).isEqualTo(16);
        await().untilAsserted(() -> assertThat(export.exported()).isEqualTo(4));
        assertThat(export.dropped()).isZero();
    }

    private static void accepted(Span accept) {
        assertThat(hex(accept.getTraceId())).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(hex(accept.getSpanId())).isEqualTo("b7ad6b7169203331");
        assertThat(hex(accept.getParentSpanId())).isEqualTo("00f067aa0ba902b7");
        assertThat(accept.getName()).isEqualTo("accept orders");
        assertThat(accept.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_PRODUCER);
        assertThat(accept.getStatus()).isEqualTo(Status.getDefaultInstance());
        assertThat(accept.getStartTimeUnixNano()).isPositive().isLessThanOrEqualTo(accept.getEndTimeUnixNano());
        assertThat(attributes(accept.getAttributesList()))
                .isEqualTo(Map.of(
                        "messaging.system", "weir",
                        "messaging.operation.name", "accept",
                        "messaging.operation.type", "send",
                        "messaging.destination.name", "orders",
                        "messaging.message.id", "a",
                        "messaging.message.conversation_id", "c-a",
                        "weir.source", "/s",
                        "weir.repeated", true));
    }

    private static String hex(ByteString bytes) {
        return java.util.HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static Map<String, Object> attributes(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, each -> valueOf(each.getValue())));
    }

    private static Object valueOf(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> value.getBoolValue();
            case INT_VALUE -> value.getIntValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            default -> throw new IllegalStateException(value.toString());
        };
    }

    @Test
    void manyGoInBatchesAndFewWaitForMore() throws Exception {
        use(collector.url() + "/otlp/traces");
        record(3);
        pass(Duration.ofMillis(3_900));
        assertThat(collector.requests).isEmpty();
        until(() -> assertThat(collector.spans()).hasSize(3));
        record(900);
        until(() -> assertThat(collector.spans()).hasSize(903));
        assertThat(collector.requests).hasSize(3);
        assertThat(collector
                        .requests
                        .get(1)
                        .getResourceSpans(0)
                        .getScopeSpans(0)
                        .getSpansCount())
                .isEqualTo(512);
        assertThat(collector.paths).containsOnly("/otlp/traces");
    }

    @Test
    void aBusyCollectorIsAskedAgainNoSoonerThanItSaysAndNothingIsLost() throws Exception {
        collector.answers.add(response ->
                response.setStatusCode(429).putHeader("retry-after", "100").end());
        collector.answers.add(status(503));
        collector.answers.add(status(502));
        use(collector.url());
        record(10);
        until(() -> assertThat(collector.requests).hasSize(1));
        // The answer is here once the pause has begun.
        await().untilAsserted(() -> assertThat(on(() -> export.isSending())).isFalse());
        pass(Duration.ofSeconds(90));
        assertThat(collector.requests).hasSize(1);
        until(() -> assertThat(collector.requests).hasSize(4));
        await().untilAsserted(() -> assertThat(export.exported()).isEqualTo(10));
        assertThat(export.dropped()).isZero();
        assertThat(collector.requests).containsOnly(collector.requests.get(0));
    }

    @Test
    void whatACollectorRefusesForGoodIsDroppedAndCounted() throws Exception {
        collector.answers.add(status(400));
        collector.answers.add(response -> response.end("{\"partialSuccess\":{\"rejectedSpans\":\"2\"}}"));
        use(collector.url());
        record(10);
        until(() -> assertThat(export.dropped()).isEqualTo(10));
        record(5);
        until(() -> assertThat(export.exported()).isEqualTo(3));
        assertThat(export.dropped()).isEqualTo(12);
    }

    @Test
    void whileNobodyAnswersTheRingIsTheQueueAndWhatIsWrittenOverIsCounted() throws Exception {
        use("http://127.0.0.1:1");
        record(1_000);
        pass(Duration.ofSeconds(10));
        record(1_500);
        pass(Duration.ofSeconds(10));
        await().untilAsserted(() -> assertThat(on(() -> export.isSending())).isFalse());
        use(collector.url());
        record(7);
        until(() -> assertThat(collector.spans()).hasSize(7));
        assertThat(export.exported()).isEqualTo(7);
    }

    @Test
    void oneThatIsBackGetsWhatIsStillThere() throws Exception {
        collector.answers.add(response ->
                response.setStatusCode(503).putHeader("retry-after", "200").end());
        use(collector.url());
        record(900);
        until(() -> assertThat(collector.requests).hasSize(1));
        await().untilAsserted(() -> assertThat(on(() -> export.isSending())).isFalse());
        record(1_100);
        pass(Duration.ofSeconds(200));
        until(() -> assertThat(export.exported()).isEqualTo(1_000));
        assertThat(export.dropped()).isEqualTo(1_000);
    }

    @Test
    void aCollectorThatHangsIsGivenUpInTime() throws Exception {
        collector.answers.add(response -> {});
        on(() -> {
            export.use(new OtlpConfig(collector.url(), List.of(), "weir", Duration.ofMillis(100)));
            return true;
        });
        record(1);
        until(() -> assertThat(collector.requests).hasSize(1));
        until(() -> assertThat(export.exported()).isEqualTo(1));
    }

    @Test
    void withoutACollectorNothingIsSent() throws Exception {
        use(collector.url());
        use(null);
        record(600);
        pass(Duration.ofSeconds(30));
        assertThat(collector.requests).isEmpty();
        assertThat(export.dropped()).isZero();
    }
}
