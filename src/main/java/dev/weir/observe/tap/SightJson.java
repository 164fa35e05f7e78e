package dev.weir.observe.tap;

import dev.weir.bus.KeptEvent;
import dev.weir.bus.QuickJson;
import dev.weir.bus.Redaction;
import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event as a tap shows it. Data that is large is cut, and said so; what opens doors is not shown at all. Stateless. */
final class SightJson {
    /** How much of its data is shown, in bytes of JSON. */
    static final int MOST_BYTES = 16 * 1024;

    /** How large an event without data is at most in JSON, about. */
    private static final int REST = 512;

    /**
     * What is shown of an event.
     *
     * @param weight about how many bytes it takes
     */
    record Shown(JsonObject json, int weight) {}

    private SightJson() {}

    static Shown of(Sight event, Selection selection) {
        JsonObject attributes = new JsonObject();
        JsonObject headers = new JsonObject();
        for (Map.Entry<String, String> header : event.headers()) {
            String attribute = EventHeaders.attributeOf(header.getKey());
            if (attribute != null) {
                if (selection.hasAttribute(attribute)) {
                    attributes.put(attribute, header.getValue());
                }
            } else if (selection.hasHeaders() && !isSecret(header.getKey()) && !isPlace(header.getKey())) {
                headers.put(header.getKey(), header.getValue());
            }
        }
        JsonObject json = new JsonObject()
                .put("address", event.address())
                .put("at", event.at())
                .put("via", event.via())
                .put("attributes", attributes);
        if (!headers.isEmpty()) {
            json.put("headers", headers);
        }
        KeptEvent kept = event.kept();
        if (kept != null) {
            json.put("epoch", event.headers().get(Wire.EPOCH)).put("offset", kept.offset());
        }
        int weight = selection.hasAllData()
                ? putData(json, event.data(), kept == null ? null : kept.json())
                : putData(json, selection.of(event.data()), null);
        return new Shown(json, REST + weight);
    }

    private static boolean isSecret(String header) {
        return Redaction.isSecret(header) || header.equalsIgnoreCase("cookie");
    }

    private static boolean isPlace(String header) {
        return header.equalsIgnoreCase(Wire.EPOCH) || header.equalsIgnoreCase(Wire.OFFSET);
    }

    /** @return how many bytes of it are shown */
    private static int putData(JsonObject json, @Nullable Object data, byte @Nullable [] known) {
        if (data == null) {
            return 0;
        }
        if (data instanceof Buffer bytes) {
            byte[] shown = bytes.getBytes(0, Math.min(bytes.length(), MOST_BYTES));
            json.put("size", bytes.length())
                    .put("data_base64", Base64.getEncoder().encodeToString(shown));
            return cut(json, bytes.length());
        }
        if (!isJson(data)) {
            json.put("class", data.getClass().getName());
            return 0;
        }
        byte[] text;
        try {
            text = known == null ? QuickJson.encode(data) : known;
        } catch (EncodeException notJson) {
            json.put("class", data.getClass().getName());
            return 0;
        }
        json.put("size", text.length);
        if (text.length > MOST_BYTES) {
            json.put("text", head(text));
        } else {
            json.put("data", data);
        }
        return cut(json, text.length);
    }

    private static int cut(JsonObject json, int size) {
        if (size > MOST_BYTES) {
            json.put("cut", true);
        }
        return Math.min(size, MOST_BYTES);
    }

    /** As many whole characters as fit. */
    private static String head(byte[] text) {
        int end = MOST_BYTES;
        while (end > 0 && (text[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(Arrays.copyOf(text, end), StandardCharsets.UTF_8);
    }

    private static boolean isJson(Object data) {
        return data instanceof JsonObject
                || data instanceof JsonArray
                || data instanceof String
                || data instanceof Number
                || data instanceof Boolean;
    }
}
