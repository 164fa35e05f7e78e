package dev.weir.edge.bridge;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What SockJS clients write and read, as text. */
final class SockJsText {
    /** A frame of the bridge that is answered at once. */
    static final String PING = "{\"type\":\"ping\",\"headers\":{\"weir-pong\":\"1\"}}";

    /** The answer in the framing of SockJS. */
    static final String PONG = "a[\"{\\\"type\\\":\\\"pong\\\"}\"]";

    private SockJsText() {}

    /** An array of messages, as it is sent. */
    static String messages(String... messages) {
        JsonArray all = new JsonArray();
        for (String each : messages) {
            all.add(each);
        }
        return all.encode();
    }

    static String register(String address) {
        return new JsonObject()
                .put("type", "register")
                .put("address", address)
                .put("headers", new JsonObject().put("weir-rewind", "0"))
                .encode();
    }

    static String publish(String address, Object body) {
        return new JsonObject()
                .put("type", "publish")
                .put("address", address)
                .put("body", body)
                .encode();
    }
}
