package dev.weir.node;

import dev.weir.bus.LocalAnswers;
import dev.weir.config.LoadedConfig;
import dev.weir.config.TracingConfig;
import dev.weir.observe.SpanExport;
import dev.weir.observe.SpanRecorder;
import dev.weir.time.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.util.function.ToDoubleFunction;

/** What the node records of events on their way, and where that goes. Owned by the node verticle's event loop. */
final class NodeTracing {
    private final String id;
    private final SpanRecorder recorder;
    private final SpanExport export;

    private NodeTracing(String id, SpanRecorder recorder, SpanExport export) {
        this.id = id;
        this.recorder = recorder;
        this.export = export;
    }

    /** Makes the recorder and leaves it where the node's other parts find it; so it comes before them. */
    static NodeTracing begin(Vertx vertx, String id, LoadedConfig loaded) {
        TracingConfig config = loaded.config().tracing();
        SpanRecorder recorder = new SpanRecorder(Clock.of(vertx), config);
        recorder.share(vertx);
        SpanExport export = new SpanExport(vertx, recorder, id);
        export.use(config.otlp());
        return new NodeTracing(id, recorder, export);
    }

    /** Answers those who ask, and shows what is counted. */
    void serve(Node node, MeterRegistry metrics) {
        node.answers().answer(LocalAnswers.SPANS, asked -> recorder.answer(asked, id));
        counter(metrics, "weir_spans_recorded", "Steps of events that were recorded", each -> recorder.recorded());
        counter(metrics, "weir_spans_left_out", "Steps too many in one second", each -> recorder.leftOut());
        counter(metrics, "weir_spans_exported", "Steps that a collector has taken", each -> export.exported());
        counter(metrics, "weir_spans_dropped", "Steps that no collector got", each -> export.dropped());
    }

    private void counter(MeterRegistry metrics, String name, String description, ToDoubleFunction<NodeTracing> value) {
        FunctionCounter.builder(name, this, value).description(description).register(metrics);
    }

    /** After a reload. */
    void use(LoadedConfig loaded) {
        recorder.use(loaded.config().tracing());
        export.use(loaded.config().tracing().otlp());
    }
}
