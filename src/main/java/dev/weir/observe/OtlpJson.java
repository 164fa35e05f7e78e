package dev.weir.observe;

import dev.weir.bus.SpanKind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Spans as a collector reads them: an {@code ExportTraceServiceRequest} of OTLP 1 in its JSON encoding, in which ids are hexadecimal
 * and 64-bit numbers are text (opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding"). Attributes have the names of the semantic
 * conventions for messaging where these know one. Pure functions, but for ids of refused events that had none.
 */
final class OtlpJson {
    private static final int INTERNAL = 1;
    private static final int CLIENT = 3;
    private static final int PRODUCER = 4;
    private static final int CONSUMER = 5;
    private static final int ERROR = 2;

    private OtlpJson() {}

    /**
     * One request.
     *
     * @param service what the spans' service is called
     * @param node which instance of it
     */
    static JsonObject request(String service, String node, List<Span> spans) {
        JsonArray resource = new JsonArray();
        add(resource, "service.name", service);
        add(resource, "service.instance.id", node);
        JsonArray all = new JsonArray();
        spans.forEach(span -> all.add(span(span)));
        JsonObject scope = new JsonObject()
                .put("scope", new JsonObject().put("name", "dev.weir"))
                .put("spans", all);
        JsonObject spansOfNode = new JsonObject()
                .put("resource", new JsonObject().put("attributes", resource))
                .put("scopeSpans", new JsonArray().add(scope));
        return new JsonObject().put("resourceSpans", new JsonArray().add(spansOfNode));
    }

    private static JsonObject span(Span span) {
        String trace = span.trace();
        JsonObject json = new JsonObject()
                .put("traceId", trace == null ? randomTrace() : trace)
                .put("spanId", span.id());
        String parent = span.parent();
        if (parent != null) {
            json.put("parentSpanId", parent);
        }
        json.put("name", span.kind.word() + " " + span.name)
                .put("kind", kindOf(span.kind))
                .put("startTimeUnixNano", Long.toString(span.began))
                .put("endTimeUnixNano", Long.toString(span.began + span.took))
                .put("attributes", attributes(span));
        return span.error == null
                ? json
                : json.put("status", new JsonObject().put("code", ERROR).put("message", span.error));
    }

    private static String randomTrace() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return HexFormat.of().toHexDigits(random.nextLong() | 1)
                + HexFormat.of().toHexDigits(random.nextLong());
    }

    private static int kindOf(SpanKind kind) {
        return switch (kind) {
            case ACCEPT -> PRODUCER;
            case DELIVER, HANDLE, SUBSCRIPTION -> CONSUMER;
            case REQUEST, REPLY -> CLIENT;
            default -> INTERNAL;
        };
    }

    private static @Nullable String operationOf(SpanKind kind) {
        return switch (kind) {
            case ACCEPT -> "send";
            case FLOW, STAGE, HANDLE -> "process";
            case DELIVER, SUBSCRIPTION -> "receive";
            default -> null;
        };
    }

    private static JsonArray attributes(Span span) {
        JsonArray attributes = new JsonArray();
        add(attributes, "messaging.system", "weir");
        add(attributes, "messaging.operation.name", span.kind.word());
        add(attributes, "messaging.operation.type", operationOf(span.kind));
        add(attributes, destinationOf(span.kind), span.name);
        add(attributes, "messaging.message.id", span.event);
        add(attributes, "messaging.message.conversation_id", span.correlation);
        add(attributes, "error.type", span.error == null ? null : "_OTHER");
        span.details((name, value) -> add(attributes, "weir." + name, value));
        return attributes;
    }

    private static String destinationOf(SpanKind kind) {
        return switch (kind) {
            case FLOW, STAGE, RETRY, DEAD_LETTER -> "weir.part";
            case SUBSCRIPTION -> "messaging.destination.subscription.name";
            default -> "messaging.destination.name";
        };
    }

    private static void add(JsonArray attributes, String name, @Nullable Object value) {
        if (value != null) {
            attributes.add(new JsonObject().put("key", name).put("value", valueOf(value)));
        }
    }

    private static JsonObject valueOf(Object value) {
        if (value instanceof Boolean) {
            return new JsonObject().put("boolValue", value);
        }
        if (value instanceof Integer || value instanceof Long) {
            return new JsonObject().put("intValue", value.toString());
        }
        return value instanceof Number
                ? new JsonObject().put("doubleValue", value)
                : new JsonObject().put("stringValue", value.toString());
    }
}
