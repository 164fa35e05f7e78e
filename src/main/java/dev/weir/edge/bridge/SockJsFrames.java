package dev.weir.edge.bridge;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import java.util.function.Consumer;

/** Unwraps what SockJS clients send over a WebSocket: an array of strings, or one string; an empty text is ignored. */
final class SockJsFrames {
    /** What a server sends before it closes. */
    static final String GO_AWAY = "c[3000,\"Go away!\"]";

    /** What a server sends now and then, so that nobody between it and the client takes the connection for dead. */
    static final String HEARTBEAT = "h";

    private final Consumer<String> messages;
    private final Runnable broken;

    SockJsFrames(Consumer<String> messages, Runnable broken) {
        this.messages = messages;
        this.broken = broken;
    }

    /** The frame of one message to a client. */
    static String wrap(String message) {
        return "a" + new JsonArray().add(message).encode();
    }

    void receive(String text) {
        if (text.isEmpty()) {
            return;
        }
        Object parsed;
        try {
            parsed = Json.decodeValue(text);
        } catch (DecodeException notJson) {
            broken.run();
            return;
        }
        if (parsed instanceof JsonArray all && all.stream().allMatch(String.class::isInstance)) {
            all.forEach(message -> messages.accept((String) message));
        } else if (parsed instanceof String one) {
            messages.accept(one);
        } else {
            broken.run();
        }
    }
}
