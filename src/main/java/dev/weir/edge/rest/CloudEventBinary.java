package dev.weir.edge.rest;

import dev.weir.bus.Draft;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.RFC3986;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the binary mode of the CloudEvents HTTP binding: attributes in {@code ce-} headers, the data as the body. */
final class CloudEventBinary {
    /** The header that tells an event in binary mode from other requests. */
    static final String SPEC_VERSION = EventHeaders.PREFIX + "specversion";

    private static final String DATA_CONTENT_TYPE = "datacontenttype";

    private CloudEventBinary() {}

    static Draft read(MultiMap request, @Nullable String contentType, String media, Buffer body) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, String> header : request) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(EventHeaders.PREFIX)) {
                String attribute = name.substring(EventHeaders.PREFIX.length());
                AttributeRules.put(headers, attribute, decoded(attribute, header.getValue()));
            } else if (name.equals("traceparent") || name.equals("tracestate")) {
                AttributeRules.put(headers, name, header.getValue());
            }
        }
        headers.remove(EventHeaders.PREFIX + DATA_CONTENT_TYPE);
        if (contentType != null) {
            AttributeRules.put(headers, DATA_CONTENT_TYPE, contentType);
        }
        AttributeRules.complete(headers);
        return new Draft(headers, data(media, body), body.length());
    }

    private static @Nullable Object data(String media, Buffer body) {
        if (body.length() == 0) {
            return null;
        }
        if (EventDecoder.isJson(media)) {
            return CloudEventJson.plain(EventDecoder.json(body));
        }
        return media.startsWith("text/") ? text(body) : body;
    }

    private static String text(Buffer body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(body.getBytes()))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw AttributeRules.invalid("the data is text, but not in UTF-8");
        }
    }

    /** One round of percent-decoding; a quoted value loses its quotes first. */
    private static String decoded(String attribute, String value) {
        String bare = value;
        if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
            bare = value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1");
        }
        if (bare.indexOf('%') < 0) {
            return bare;
        }
        try {
            String text = RFC3986.decodeURIComponent(bare, false);
            if (text.indexOf('\uFFFD') >= 0) {
                throw AttributeRules.invalid(attribute + " is percent-encoded, but not in UTF-8");
            }
            return text;
        } catch (IllegalArgumentException notEncoded) {
            throw AttributeRules.invalid(attribute + " holds a % that is no percent-encoding; write %25");
        }
    }
}
