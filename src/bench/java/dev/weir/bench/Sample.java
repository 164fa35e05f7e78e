package dev.weir.bench;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** An event with 250 bytes of data. */
final class Sample {
    static final int BYTES = 250;
    static final String SOURCE = "/bench";
    static final String TYPE = "order.placed";
    static final String SUBJECT = "customer-4711";
    static final String TIME = "2026-01-01T00:00:00.000Z";
    static final String HEADERS = "{\"ce-correlationid\":\"abcdefgh-1234567\","
            + "\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"}";

    private static final JsonObject BODY = new JsonObject().put("kind", "price").put("pad", "");

    static {
        BODY.put(
                "pad",
                "abcdefghij".repeat(BYTES).substring(0, BYTES - BODY.encode().length()));
    }

    private static final byte[] DATA = BODY.encode().getBytes(StandardCharsets.UTF_8);

    private Sample() {}

    /** Nobody may change it. */
    static JsonObject body() {
        return BODY;
    }

    /** Nobody may change them. */
    static byte[] bytes() {
        return DATA;
    }
}
