package dev.weir.edge.bridge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.QuickJson;
import dev.weir.bus.Refusal;
import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One frame a client sent.
 *
 * @param type ping, register, unregister, publish or send
 * @param address empty for ping
 * @param replyAddress where the client awaits an answer
 * @param headers as the client sent them, values as strings
 * @param body a JSON value, or bytes
 * @param bytes size of the whole frame, an upper bound of the body's
 * @param fault why this is no event, null when it may be one; counts only for frames that emit something
 */
record Frame(
        String type,
        String address,
        @Nullable String replyAddress,
        MultiMap headers,
        @Nullable Object body,
        int bytes,
        @Nullable Refusal fault) {
    private static final Set<String> ADDRESSED = Set.of("register", "unregister", "publish", "send");
    private static final int MAX_REPLY_ADDRESS = 36;
    private static final String BASE64 = "data_base64";

    /**
     * Reads a frame.
     *
     * @throws Refusal with the code the stock bridge answers in the same case
     */
    static Frame parse(String text) {
        JsonObject json = object(text);
        String type = text(json, "type", FailureCode.MISSING_TYPE);
        if (type.equals("ping")) {
            return new Frame(type, "", null, FrameHeaders.of(json).map(), null, text.length(), null);
        }
        String address = text(json, "address", FailureCode.MISSING_ADDRESS);
        if (!ADDRESSED.contains(type)) {
            throw new Refusal(FailureCode.INVALID_TYPE);
        }
        String reply = json.getString("replyAddress");
        if (reply != null && reply.length() > MAX_REPLY_ADDRESS && (type.equals("send") || type.equals("publish"))) {
            throw new Refusal(FailureCode.INVALID_REPLY_ADDRESS);
        }
        FrameHeaders headers = FrameHeaders.of(json);
        Refusal fault = headers.fault();
        Object body = json.getValue("body");
        try {
            body = body(body, headers.map());
        } catch (Refusal notBase64) {
            fault = notBase64;
        }
        return new Frame(type, address, reply, headers.map(), body, text.length(), fault);
    }

    /** The bearer token on this frame. */
    @Nullable
    String token() {
        String value = headers.get(Wire.AUTHORIZATION);
        return value != null && value.regionMatches(true, 0, "Bearer ", 0, 7)
                ? value.substring(7).trim()
                : null;
    }

    /** Whether the client knows Weir's additions to the protocol. */
    boolean speaksWeir() {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().toLowerCase(Locale.ROOT).startsWith(Wire.PREFIX)) {
                return true;
            }
        }
        return false;
    }

    private static JsonObject object(String text) {
        try {
            // Not the constructor: it makes an object around nothing of the text null.
            if (QuickJson.decode(text) instanceof JsonObject json) {
                return json;
            }
        } catch (DecodeException notJson) {
            throw new Refusal(FailureCode.INVALID_JSON);
        }
        throw new Refusal(FailureCode.INVALID_JSON);
    }

    /** A number or a boolean counts as its text, as for the stock bridge. */
    private static String text(JsonObject json, String name, FailureCode missing) {
        String value = json.getString(name);
        if (value == null) {
            throw new Refusal(missing);
        }
        return value;
    }

    /** Bytes travel as {@code {"data_base64": "..."}} with a content type that is not JSON. */
    private static @Nullable Object body(@Nullable Object body, MultiMap headers) {
        if (!(body instanceof JsonObject json) || json.size() != 1 || !headers.contains(EventHeaders.DATACONTENTTYPE)) {
            return body;
        }
        if (!(json.getValue(BASE64) instanceof String encoded)) {
            return body;
        }
        try {
            return Buffer.buffer(Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException notBase64) {
            throw new Refusal(FailureCode.INVALID_EVENT, "the body's data_base64 is not base64 (RFC 4648, section 4)");
        }
    }
}
