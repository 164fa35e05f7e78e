package dev.weir.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is recorded of events on their way. */
@Doc("What is recorded of events on their way.")
public record TracingConfig(
        @Doc(
                "Share of all traces of which every step is recorded, told by the trace's id so that all nodes agree; the failures"
                        + " of all events are recorded beside. 0 records nothing at all.")
        @Default("0.001")
        @Range(max = 1)
        double sample,

        @Doc("Steps that a node remembers; the oldest go. Each takes some hundred bytes.")
        @Default("50000")
        @Range(min = 1_000, max = 2_000_000)
        int keep,

        @Doc(
                "Events a second that a node records because their producer asks for it, with the header weir-trace or a traceparent"
                        + " whose sampled flag is set; above it the share decides.")
        @Default("100")
        @Range(max = 100_000)
        int asked,

        @Doc("Where the steps go as OpenTelemetry spans.") OtlpConfig otlp) {
    /** A collector that speaks OTLP over HTTP. */
    @Doc("A collector that takes OTLP over HTTP in JSON.")
    public record OtlpConfig(
            @Doc(
                    value = "Its address; /v1/traces is added where there is no path. Absent sends nothing.",
                    example = "http://127.0.0.1:4318")
            @Nullable
            String url,

            @Doc(value = "Headers of each request, as in name: value.", example = "[\"authorization: Bearer secret\"]")
            @Default("[]")
            @Secret
            List<String> headers,

            @Doc("What the spans' service is called.") @Default("weir")
            String service,

            @Doc("How long the collector may take to answer.") @Default("10s") @Range(min = 100, max = 120_000)
            Duration timeout) {}
}
