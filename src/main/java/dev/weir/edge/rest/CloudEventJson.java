package dev.weir.edge.rest;

import dev.weir.bus.Draft;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the JSON format of CloudEvents. */
final class CloudEventJson {
    private static final String DATA = "data";
    private static final String DATA_BASE64 = "data_base64";
    private static final String SPEC_VERSION = "specversion";

    private CloudEventJson() {}

    /** Reads one event; {@code bytes} is the size of the text it came in. */
    static Draft read(JsonObject json, int bytes) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, Object> member : json.getMap().entrySet()) {
            String name = member.getKey();
            Object value = member.getValue();
            if (value != null && !name.equals(DATA) && !name.equals(DATA_BASE64)) {
                AttributeRules.put(headers, name, text(name, value));
            }
        }
        if (json.getValue(SPEC_VERSION) == null) {
            throw AttributeRules.noVersion();
        }
        AttributeRules.complete(headers);
        return new Draft(headers, data(json), bytes);
    }

    private static String text(String name, Object value) {
        boolean isCore = name.equals("id") || name.equals("source") || name.equals("type") || name.equals(SPEC_VERSION);
        if (value instanceof String string) {
            return string;
        }
        if (!isCore && (value instanceof Boolean || value instanceof Integer)) {
            return value.toString();
        }
        throw AttributeRules.invalid(name + " must be a string" + (isCore ? "" : ", a boolean or a 32-bit integer"));
    }

    private static @Nullable Object data(JsonObject json) {
        Object encoded = json.getValue(DATA_BASE64);
        if (encoded == null) {
            return plain(json.getValue(DATA));
        }
        if (json.containsKey(DATA)) {
            throw AttributeRules.invalid("data and data_base64 exclude each other");
        }
        if (!(encoded instanceof String text)) {
            throw AttributeRules.invalid("data_base64 must be a string");
        }
        try {
            return Buffer.buffer(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            throw AttributeRules.invalid("data_base64 is not base64");
        }
    }

    /** A decoded JSON value as the bus carries it. */
    @SuppressWarnings("unchecked") // What the JSON decoder makes of an object has strings as keys.
    static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof BigInteger || value instanceof BigDecimal) {
            throw AttributeRules.invalid("the data is a number of more than 64 bits; send it as a string");
        }
        if (value instanceof Map<?, ?> map) {
            return new JsonObject((Map<String, Object>) map);
        }
        return value instanceof java.util.List<?> list ? new JsonArray(list) : value;
    }
}
