package dev.weir.observe;

import dev.weir.bus.SpanKind;
import dev.weir.bus.TraceParent;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A step of an event's way, as it was recorded: references to what the event had anyway, put into words when somebody asks.
 * Immutable.
 */
final class Span {
    /** Counts the spans of a recorder, from 0. */
    final long number;

    final SpanKind kind;
    final String name;
    /** The event's id, null for one that was refused without any. */
    final @Nullable String event;

    final @Nullable String correlation;
    /** The {@code traceparent} of the event, null or invalid for one that was refused. */
    final @Nullable String traceparent;
    /** For {@link SpanKind#ACCEPT}: the {@code traceparent} with which it came. */
    final @Nullable String given;
    /** In nanoseconds since 1970. */
    final long began;
    /** In nanoseconds. */
    final long took;

    final @Nullable String error;
    private final Object[] detail;
    private final long random;

    Span(
            long number,
            SpanKind kind,
            String name,
            Subject subject,
            long began,
            long took,
            @Nullable String error,
            Object[] detail,
            long random) {
        this.number = number;
        this.kind = kind;
        this.name = name;
        this.event = subject.event;
        this.correlation = subject.correlation;
        this.traceparent = subject.traceparent;
        this.given = subject.given;
        this.began = began;
        this.took = took;
        this.error = error;
        this.detail = detail.clone();
        this.random = random == 0 ? 1 : random;
    }

    /** What a span is of. */
    record Subject(
            @Nullable String event,
            @Nullable String correlation,
            @Nullable String traceparent,
            @Nullable String given) {}

    /** The trace's id, null when there is none. */
    @Nullable
    String trace() {
        return TraceParent.traceOf(traceparent);
    }

    /** Its own id: that of the event's own span for how it came in. */
    String id() {
        String own = TraceParent.spanOf(traceparent);
        if (own == null || (kind != SpanKind.ACCEPT && kind != SpanKind.FLOW)) {
            return hex(random);
        }
        return kind == SpanKind.ACCEPT ? own : inFlow(own, name);
    }

    /** The id of the span that it is a part of, null when there is none. */
    @Nullable
    String parent() {
        if (kind == SpanKind.ACCEPT) {
            return TraceParent.spanOf(given);
        }
        String own = TraceParent.spanOf(traceparent);
        int flow = name.indexOf('/');
        return own == null || flow < 0 || !TraceParent.isSampled(traceparent)
                ? own
                : inFlow(own, name.substring(0, flow));
    }

    /** What an event is in a flow, so that its stages know it without having been told. */
    private static String inFlow(String event, String flow) {
        long mixed = (Long.parseUnsignedLong(event, 16) ^ flow.hashCode()) * 0x9E3779B97F4A7C15L;
        return hex(mixed == 0 ? 1 : mixed);
    }

    private static String hex(long value) {
        return HexFormat.of().toHexDigits(value);
    }

    /** Takes its details in order. */
    void details(Detail taker) {
        for (int i = 0; i + 1 < detail.length; i += 2) {
            taker.detail(String.valueOf(detail[i]), detail[i + 1]);
        }
    }

    /** Takes one detail. */
    interface Detail {
        /** @param value a string, number or boolean */
        void detail(String name, Object value);
    }

    /** As those see it who ask. */
    JsonObject toJson(String node) {
        JsonObject told = new JsonObject();
        details(told::put);
        JsonObject json = new JsonObject()
                .put("kind", kind.word())
                .put("name", name)
                .put("event", event)
                .put("correlation", correlation)
                .put("trace", trace())
                .put("span", id())
                .put("parent", parent())
                .put("node", node)
                .put("at", began / 1_000_000)
                .put("micros", took / 1_000)
                .put("detail", told);
        return error == null ? json : json.put("error", error);
    }
}
