package dev.weir.edge.rest;

import dev.weir.bus.Draft;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads events out of a request: CloudEvents in structured, batch and binary mode, and plain JSON whose type and subject stand in
 * the query. Anything that is wrong is a {@link Refusal}.
 */
final class EventDecoder {
    private static final String JSON = "application/json";
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final String ANY_CLOUD_EVENTS = "application/cloudevents";

    /**
     * What a request carries.
     *
     * @param drafts the events
     * @param batch whether they came as a batch, which is answered as one
     */
    record Events(List<Draft> drafts, boolean batch) {}

    private EventDecoder() {}

    static Events decode(HttpServerRequest request, Buffer body) {
        String full = request.getHeader(HttpHeaders.CONTENT_TYPE);
        String media = mediaType(full);
        if (media.equals(BATCH)) {
            return new Events(batch(body), true);
        }
        if (media.equals(STRUCTURED)) {
            return single(structured(json(body), body.length()));
        }
        if (media.startsWith(ANY_CLOUD_EVENTS)) {
            throw unsupported(media);
        }
        if (request.headers().contains(CloudEventBinary.SPEC_VERSION)) {
            return single(CloudEventBinary.read(request.headers(), full, media, body));
        }
        if (!isJson(media)) {
            throw unsupported(media);
        }
        return single(plain(request, body));
    }

    private static Events single(Draft draft) {
        return new Events(List.of(draft), false);
    }

    private static Draft plain(HttpServerRequest request, Buffer body) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        attributes(request, headers);
        return new Draft(headers, CloudEventJson.plain(json(body)), body.length());
    }

    /** Takes over what the query and the tracing headers of a request say of its event. */
    static void attributes(HttpServerRequest request, MultiMap headers) {
        parameter(request, headers, "type");
        parameter(request, headers, "subject");
        tracing(request, headers, "traceparent");
        tracing(request, headers, "tracestate");
    }

    private static void parameter(HttpServerRequest request, MultiMap headers, String name) {
        if (request.query() != null) {
            String value = request.getParam(name);
            if (value != null) {
                AttributeRules.put(headers, name, value);
            }
        }
    }

    private static void tracing(HttpServerRequest request, MultiMap headers, String name) {
        String value = request.getHeader(name);
        if (value != null) {
            AttributeRules.put(headers, name, value);
        }
    }

    private static List<Draft> batch(Buffer body) {
        if (!(json(body) instanceof JsonArray events)) {
            throw AttributeRules.invalid("a batch is a JSON array of events");
        }
        List<Draft> drafts = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            try {
                drafts.add(structured(events.getValue(i), body.length()));
            } catch (Refusal refusal) {
                throw refusal.ofEvent(i);
            }
        }
        return drafts;
    }

    private static Draft structured(@Nullable Object json, int bytes) {
        if (!(json instanceof JsonObject event)) {
            throw AttributeRules.invalid("an event is a JSON object");
        }
        return CloudEventJson.read(event, bytes);
    }

    /** The body as a JSON value. */
    static @Nullable Object json(Buffer body) {
        try {
            return Json.decodeValue(body);
        } catch (DecodeException notJson) {
            throw new Refusal(FailureCode.INVALID_JSON, "the body is not JSON: " + firstLine(notJson));
        }
    }

    private static String firstLine(Exception failure) {
        String message = String.valueOf(failure.getMessage()).replace("Failed to decode:", "");
        int end = message.indexOf('\n');
        return (end < 0 ? message : message.substring(0, end)).trim();
    }

    /** The media type in small letters without parameters, after its charset was checked; empty when there is none. */
    static String mediaType(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int end = contentType.indexOf(';');
        if (end < 0) {
            return contentType.trim().toLowerCase(Locale.ROOT);
        }
        String parameters =
                contentType.substring(end + 1).toLowerCase(Locale.ROOT).replace("\"", "");
        if (parameters.contains("charset=") && !parameters.contains("charset=utf-8")) {
            throw new Refusal(FailureCode.UNSUPPORTED_CONTENT, "the text must be in UTF-8");
        }
        return contentType.substring(0, end).trim().toLowerCase(Locale.ROOT);
    }

    static boolean isJson(String media) {
        return media.equals(JSON) || media.endsWith("+json");
    }

    private static Refusal unsupported(String media) {
        String what = media.isEmpty() ? "there is no content type" : "the content type is " + media;
        return new Refusal(
                FailureCode.UNSUPPORTED_CONTENT,
                what + "; send " + JSON + ", " + STRUCTURED + " or " + BATCH + ", or any type with ce- headers");
    }
}
