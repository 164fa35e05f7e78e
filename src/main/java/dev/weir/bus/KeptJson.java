package dev.weir.bus;

import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Map;

/** Kept events as CloudEvents JSON with the extensions {@code weirepoch} and {@code weiroffset}. Stateless. */
public final class KeptJson {
    private KeptJson() {}

    /** The event as JSON. The offset is text, since the integers of CloudEvents have 32 bits. */
    public static JsonObject of(KeptEvent event) {
        return of(event.headers(), event.body())
                .put("weirepoch", event.headers().get(Wire.EPOCH))
                .put("weiroffset", Long.toString(event.offset()));
    }

    /** An event without a place of its own. */
    public static JsonObject of(MultiMap headers, @org.jspecify.annotations.Nullable Object body) {
        JsonObject json = new JsonObject().put("specversion", "1.0");
        for (Map.Entry<String, String> header : headers) {
            String attribute = EventHeaders.attributeOf(header.getKey());
            if (attribute != null) {
                json.put(attribute, header.getValue());
            }
        }
        if (!headers.contains(EventHeaders.TYPE)) {
            json.put("type", EventHeaders.DEFAULT_TYPE);
        }
        if (body instanceof Buffer bytes) {
            json.put("data_base64", Base64.getEncoder().encodeToString(bytes.getBytes()));
        } else if (body != null) {
            json.put("data", body);
        }
        return json;
    }
}
