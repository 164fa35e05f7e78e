package dev.weir.event;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The binary mode of CloudEvents over HTTP: attributes in {@code ce-*} headers, the body is the data, its content type is the
 * data's. A plain JSON request without any such header is an event too. Pure functions.
 */
public final class HttpBinary {
    private HttpBinary() {}

    /**
     * Reads one event; id, source, type and time may be absent.
     *
     * @param http the headers of the request
     * @param body its body; an empty one is no data
     * @throws InvalidEventException when an attribute or the body is bad
     */
    public static Incoming decode(MultiMap http, Buffer body) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, String> header : http) {
            if (header.getKey().regionMatches(true, 0, EventHeaders.PREFIX, 0, EventHeaders.PREFIX.length())) {
                attribute(headers, header.getKey(), header.getValue());
            }
        }
        trace(headers, http);
        String contentType = http.get(HttpHeaders.CONTENT_TYPE);
        if (contentType != null) {
            EventHeaders.accept(headers, Attributes.DATA_CONTENT_TYPE, contentType);
        }
        return new Incoming(headers, data(contentType, body), body.length());
    }

    /**
     * Writes one event.
     *
     * @param http gets its attributes as headers
     * @return the body
     */
    public static Buffer encode(Event event, MultiMap http) {
        http.set(EventHeaders.PREFIX + Attributes.SPEC_VERSION, Attributes.SPEC_VERSION_1_0);
        EventHeaders.toHeaders(event).forEach((name, value) -> {
            if (!name.equals(EventHeaders.DATACONTENTTYPE)) {
                http.set(name, HttpHeaderValue.encode(value));
            }
        });
        Object data = event.data();
        String given = event.datacontenttype();
        if (data == null) {
            return Buffer.buffer();
        }
        String type = given != null ? given : data instanceof Buffer ? "application/octet-stream" : "application/json";
        http.set(HttpHeaders.CONTENT_TYPE, type);
        if (data instanceof Buffer bytes) {
            return bytes;
        }
        MediaType media = MediaType.of(type);
        return data instanceof String text && !media.isJson() ? Buffer.buffer(text) : Json.encodeToBuffer(data);
    }

    private static void attribute(MultiMap headers, String header, String value) {
        String name = EventHeaders.attributeOf(header);
        if (name == null || name.equals(Attributes.DATA_CONTENT_TYPE)) {
            throw new InvalidEventException(
                    Attributes.DATA_CONTENT_TYPE,
                    "'ce-datacontenttype' does not exist in HTTP; use the Content-Type header");
        }
        String decoded = HttpHeaderValue.decode(name, value);
        // Many write a URI as it is, though its own percent signs should be encoded once more.
        boolean asItIs = Attributes.isReference(name) && !Attributes.isReferenceText(decoded);
        EventHeaders.accept(headers, name, asItIs ? value : decoded);
    }

    /**
     * Takes over the trace that a request belongs to. What the event itself says goes before; a header that is bad is no matter.
     *
     * @param headers of the event, completed
     * @param http of the request
     */
    public static void trace(MultiMap headers, MultiMap http) {
        String parent = http.get(Attributes.TRACEPARENT);
        if (parent == null || headers.contains(Attributes.TRACEPARENT) || !Attributes.isText(parent)) {
            return;
        }
        headers.set(Attributes.TRACEPARENT, parent);
        String state = http.get(Attributes.TRACESTATE);
        if (state != null && !headers.contains(Attributes.TRACESTATE) && Attributes.isText(state)) {
            headers.set(Attributes.TRACESTATE, state);
        }
    }

    private static @Nullable Object data(@Nullable String contentType, Buffer body) {
        if (body.length() == 0) {
            return null;
        }
        if (contentType == null) {
            return body;
        }
        MediaType type = MediaType.of(contentType);
        if (type.isJson()) {
            return JsonFormat.decodeData(body);
        }
        return type.isText() ? text(type, body) : body;
    }

    private static String text(MediaType type, Buffer body) {
        String charset = type.charset();
        try {
            Charset set = charset == null ? StandardCharsets.UTF_8 : Charset.forName(charset);
            return set.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body.getBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidEventException(
                    Attributes.DATA, "the body is not text in " + (charset == null ? "UTF-8" : charset));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new InvalidEventException(
                    Attributes.DATA_CONTENT_TYPE, "the charset '" + charset + "' is unknown; send UTF-8");
        }
    }
}
