package dev.weir.edge.bridge;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** The verticles that the scripts of {@link BridgeCases} talk to, on either bus. */
final class BridgeServices {
    /** What a verticle publishes, by name. */
    static final Map<String, Object> BODIES = bodies();

    private static Map<String, Object> bodies() {
        Map<String, Object> bodies = new LinkedHashMap<>();
        bodies.put("a string", "q\"\\\u0001\u2028\uD83D\uDE00\uD800");
        bodies.put("an integer", 7);
        bodies.put("a long", Long.MAX_VALUE);
        bodies.put("a double", 0.1);
        bodies.put("a boolean", true);
        bodies.put("nothing", null);
        bodies.put(
                "an object",
                new JsonObject().put("n", null).put("o", new JsonObject().put("l", new JsonArray().add(1))));
        bodies.put(
                "half a pair in an object",
                new JsonObject().put("half", "\uD800").put("\uDC00", 1));
        bodies.put("an array", new JsonArray().add("a").addNull().add(new JsonArray()));
        bodies.put("bytes", new byte[] {-5, -1, 0});
        bodies.put("a character", 'c');
        bodies.put("a buffer", Buffer.buffer(new byte[] {-5, -1, 0}));
        return bodies;
    }

    private BridgeServices() {}

    /** Registers them. */
    static void serve(Vertx vertx) {
        EventBus bus = vertx.eventBus();
        bus.consumer(
                "svc.echo",
                request -> request.reply(request.body(), new DeliveryOptions().setHeaders(request.headers())));
        bus.<String>consumer("svc.fail", request -> request.fail(42, request.body()));
        bus.consumer("svc.silent", request -> {});
        bus.consumer("svc.ask", request -> request.replyAndRequest("how many?")
                .onSuccess(answer -> bus.publish("chat.answers", heard(answer))));
        bus.consumer("svc.callback", request -> bus.request("quotes", request.body())
                .onSuccess(answer -> request.reply(heard(answer)))
                .onFailure(why ->
                        request.reply(((ReplyException) why).failureType().name())));
        bus.<String>consumer("svc.emit", request -> {
            DeliveryOptions options = new DeliveryOptions()
                    .setHeaders(HttpHeaders.headers()
                            .add("one", "1")
                            .add("two", "a")
                            .add("two", "b"));
            Object body = BODIES.get(request.body());
            bus.publish("chat.emitted", body, body instanceof Buffer ? new DeliveryOptions() : options);
        });
    }

    private static JsonObject heard(Message<Object> answer) {
        return new JsonObject()
                .put("answer", answer.body())
                .put("mine", answer.headers().get("mine"));
    }
}
