package dev.weir.flow.outside;

import dev.weir.event.Attributes;
import dev.weir.event.InvalidEventException;
import dev.weir.event.JsonFormat;
import dev.weir.event.MediaType;
import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.StageException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks an HTTP service. Owned by the lane's event loop. */
public final class HttpOutside implements Outside {
    private static final String JSON = "application/json";

    /**
     * What is asked.
     *
     * @param body null for none
     * @param token for {@code authorization: Bearer}, null for none
     */
    public record Request(
            HttpMethod method,
            Template url,
            Map<String, Template> headers,
            @Nullable Expression body,
            @Nullable String token) {
        /** Copies what it is given. */
        public Request {
            headers = Map.copyOf(headers);
        }

        /** Says nothing of the token. */
        @Override
        public String toString() {
            return method + " " + url.beginning();
        }
    }

    private final Http http;
    private final Request request;

    /** The client is its own from now on. */
    public HttpOutside(Http http, Request request) {
        this.http = http;
        this.request = request;
    }

    @Override
    public Call ask(FlowEvent event) {
        MultiMap headers = HttpHeaders.headers();
        for (Map.Entry<String, Template> header : request.headers().entrySet()) {
            headers.set(header.getKey(), Template.inHeader(header.getValue().text(event, value -> value)));
        }
        if (request.token() != null) {
            headers.set(HttpHeaders.AUTHORIZATION, "Bearer " + request.token());
        }
        trace(event, headers);
        Buffer body = body(event, headers);
        return http.send(
                request.method(), request.url().text(event, Template::inUrl), headers, body, HttpOutside::read);
    }

    /** The call belongs to the trace that the event belongs to. */
    private static void trace(FlowEvent event, MultiMap headers) {
        for (String name : new String[] {Attributes.TRACEPARENT, Attributes.TRACESTATE}) {
            String value = event.arrival().headers().get(name);
            if (value != null && !headers.contains(name)) {
                headers.set(name, value);
            }
        }
    }

    private @Nullable Buffer body(FlowEvent event, MultiMap headers) {
        if (request.body() == null) {
            return null;
        }
        Object value = Expressions.toJson(request.body().evaluate(event));
        if (value instanceof Buffer bytes) {
            type(headers, "application/octet-stream");
            return bytes;
        }
        type(headers, JSON);
        boolean isJson = MediaType.of(headers.get(HttpHeaders.CONTENT_TYPE)).isJson();
        return value instanceof String text && !isJson ? Buffer.buffer(text) : Json.encodeToBuffer(value);
    }

    private static void type(MultiMap headers, String absent) {
        if (!headers.contains(HttpHeaders.CONTENT_TYPE)) {
            headers.set(HttpHeaders.CONTENT_TYPE, absent);
        }
    }

    private static @Nullable Object read(Http.Answer answer) {
        Buffer body = answer.body();
        if (body.length() == 0) {
            return null;
        }
        String type = answer.headers().get(HttpHeaders.CONTENT_TYPE);
        MediaType media = MediaType.of(type == null ? "application/octet-stream" : type);
        if (!media.isJson()) {
            return media.essence().startsWith("text/") ? body.toString() : body;
        }
        try {
            return JsonFormat.decodeData(body);
        } catch (InvalidEventException bad) {
            throw new StageException("the answer says that it is JSON and is not: " + bad.getMessage(), bad);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
