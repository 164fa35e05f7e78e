package dev.weir.edge.rest;

import dev.weir.bus.Delay;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.bus.Wire;
import dev.weir.event.Attributes;
import dev.weir.event.ContentMode;
import dev.weir.event.EventHeaders;
import dev.weir.event.HttpBinary;
import dev.weir.event.Incoming;
import dev.weir.event.InvalidEventException;
import dev.weir.event.JsonFormat;
import dev.weir.event.MediaType;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows which kind of event a request carries: CloudEvents in structured, batch or binary mode, or plain JSON whose type,
 * subject and delay stand in the query. How each is read, {@link dev.weir.event} knows. Anything that is wrong is a {@link Refusal}.
 */
final class EventRequests {
    private static final String SPEC_VERSION = EventHeaders.PREFIX + Attributes.SPEC_VERSION;

    /**
     * What a request carries.
     *
     * @param list the events
     * @param batch whether they came as a batch, which is answered as one
     */
    record Events(List<Incoming> list, boolean batch) {}

    private EventRequests() {}

    /** Reads what is to be published. */
    static Events read(HttpServerRequest request, Buffer body) {
        MultiMap http = request.headers();
        String contentType = http.get(HttpHeaders.CONTENT_TYPE);
        ContentMode mode = mode(contentType);
        if (mode == ContentMode.BINARY && !http.contains(SPEC_VERSION)) {
            requireJson(contentType);
            if (body.length() == 0) {
                throw new Refusal(
                        FailureCode.INVALID_JSON, "the body is not JSON: there is none; send null for no data");
            }
            return new Events(List.of(plain(request, body)), false);
        }
        try {
            List<Incoming> events =
                    switch (mode) {
                        case BINARY -> List.of(HttpBinary.decode(http, body));
                        case STRUCTURED -> List.of(JsonFormat.decode(body));
                        case BATCH -> JsonFormat.decodeBatch(body);
                    };
            complete(events, mode == ContentMode.BATCH, http);
            return new Events(events, mode == ContentMode.BATCH);
        } catch (InvalidEventException bad) {
            throw Refusal.of(bad);
        }
    }

    private static void complete(List<Incoming> events, boolean batch, MultiMap http) {
        for (int i = 0; i < events.size(); i++) {
            try {
                MultiMap headers = events.get(i).whole().headers();
                HttpBinary.trace(headers, http);
                asked(headers, http);
            } catch (InvalidEventException bad) {
                throw batch ? Refusal.of(bad).ofEvent(i) : Refusal.of(bad);
            }
        }
    }

    /** Reads plain JSON, the data of one event; an empty body is no data. */
    static Incoming plain(HttpServerRequest request, Buffer body) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        try {
            parameter(request, headers, Attributes.TYPE);
            parameter(request, headers, Attributes.SUBJECT);
            parameter(request, headers, Delay.AT);
            parameter(request, headers, Delay.AFTER);
            HttpBinary.trace(headers, request.headers());
            asked(headers, request.headers());
            return new Incoming(headers, data(request, body), body.length());
        } catch (InvalidEventException bad) {
            throw Refusal.of(bad);
        }
    }

    /** Whether steps are to be recorded is said of a request, for all its events. */
    private static void asked(MultiMap headers, MultiMap http) {
        String said = http.get(Wire.TRACE);
        if (said != null) {
            headers.set(Wire.TRACE, said);
        }
    }

    private static void parameter(HttpServerRequest request, MultiMap headers, String name) {
        if (request.query() != null) {
            List<String> values = request.params().getAll(name);
            if (values.size() > 1) {
                throw new InvalidEventException(name, "'" + name + "' is given twice; give it once");
            }
            if (!values.isEmpty()) {
                EventHeaders.accept(headers, name, values.get(0));
            }
        }
    }

    private static @Nullable Object data(HttpServerRequest request, Buffer body) {
        if (body.length() == 0) {
            return null;
        }
        String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
        requireJson(contentType);
        return JsonFormat.decodeData(body);
    }

    private static void requireJson(@Nullable String contentType) {
        if (contentType == null || !MediaType.of(contentType).isJson()) {
            throw unsupported(contentType);
        }
        requireUtf8(contentType);
    }

    private static void requireUtf8(@Nullable String contentType) {
        if (contentType == null || contentType.indexOf(';') < 0) {
            return;
        }
        MediaType media = MediaType.of(contentType);
        if (media.isJson() && !media.isUtf8()) {
            throw new Refusal(
                    FailureCode.UNSUPPORTED_CONTENT, "JSON is UTF-8, not " + media.charset() + "; send it in UTF-8");
        }
    }

    private static ContentMode mode(@Nullable String contentType) {
        requireUtf8(contentType);
        try {
            return ContentMode.of(contentType);
        } catch (InvalidEventException unknownFormat) {
            throw unsupported(contentType);
        }
    }

    private static Refusal unsupported(@Nullable String contentType) {
        String what = contentType == null ? "there is no content type" : "the content type is " + contentType;
        return new Refusal(
                FailureCode.UNSUPPORTED_CONTENT,
                what + "; send application/json, " + JsonFormat.MEDIA_TYPE + " or " + JsonFormat.BATCH_MEDIA_TYPE
                        + ", or any type with ce- headers");
    }
}
