package dev.weir.edge.bridge;

import dev.weir.bus.Delay;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Position;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.bus.Wire;
import dev.weir.edge.fanout.Framing;
import dev.weir.edge.fanout.Outlet;
import dev.weir.edge.fanout.Start;
import dev.weir.edge.fanout.WireFormat;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The frames a session gets for itself: errors, receipts, replies. Owned by the session's event loop. */
final class Answers {
    private final WireFormat format;
    private final Outlet outlet;

    Answers(WireFormat format, Outlet outlet) {
        this.format = format;
        this.outlet = outlet;
    }

    /** The stock bridge's error frame, without an address. */
    void error(FailureCode code) {
        write(new JsonObject().put("type", "err").put("body", code.word()));
    }

    /** The same; beside a code that the stock bridge does not have stands what is wrong, where there is more to say. */
    void error(Refusal refusal) {
        FailureCode code = refusal.code();
        String message = refusal.getMessage();
        JsonObject frame = new JsonObject().put("type", "err").put("body", code.word());
        boolean stock = code.number() <= FailureCode.AUTH_ERROR.number();
        write(stock || code.meaning().equals(message) ? frame : frame.put("message", message));
    }

    /** A refusal for whoever waits at an address. */
    void refusal(String address, Refusal refusal) {
        FailureCode code = refusal.code();
        JsonObject frame = new JsonObject()
                .put("type", "err")
                .put("address", address)
                .put("failureCode", code.number())
                .put("failureType", code.word())
                .put("message", refusal.getMessage())
                .put("body", code.word());
        if (code.retryable()) {
            frame.put("retryAfter", refusal.retryAfterMillis());
        }
        write(frame);
    }

    /** The bus could not bring a reply. Only messages that are meant for clients leave the node. */
    void failure(String address, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            refusal(address, refusal);
            return;
        }
        if (!(failure instanceof ReplyException reply)) {
            refusal(address, new Refusal(FailureCode.UNAVAILABLE));
            return;
        }
        write(new JsonObject()
                .put("type", "err")
                .put("address", address)
                .put("failureCode", reply.failureCode())
                .put("failureType", reply.failureType().name())
                .put("message", messageFor(reply)));
    }

    private static @Nullable String messageFor(ReplyException reply) {
        return switch (reply.failureType()) {
            case NO_HANDLERS -> FailureCode.NO_HANDLERS.meaning();
            case TIMEOUT -> FailureCode.TIMEOUT.meaning();
            case RECIPIENT_FAILURE -> reply.getMessage();
            case ERROR -> FailureCode.UNAVAILABLE.meaning();
        };
    }

    /** An event was accepted. Every publish may have such an answer, so it is written by hand. */
    void receipt(String address, Receipt receipt) {
        StringBuilder text = new StringBuilder(128).append("{\"type\":\"rec\",\"address\":");
        string(text, address);
        string(text.append(",\"body\":{\"id\":"), receipt.id());
        Instant later = receipt.deliverAt();
        if (later != null) {
            string(text.append(",\"" + Delay.AT + "\":"), EventHeaders.formatTime(later));
        }
        Position kept = receipt.kept();
        if (kept != null) {
            string(text.append(",\"epoch\":"), kept.epoch());
            text.append(",\"offset\":").append(kept.offset());
        }
        // A commit brings the receipts of many events at once.
        outlet.offerSoon(Framing.frame(format, text.append("}}").toString()));
    }

    private static void string(StringBuilder out, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                out.append(Json.encode(value));
                return;
            }
        }
        out.append('"').append(value).append('"');
    }

    /** What somebody asked for. */
    void answer(String address, JsonObject body) {
        write(new JsonObject().put("type", "rec").put("address", address).put("body", body));
    }

    /** An event was taken back. */
    void cancelled(String address, String id) {
        JsonObject body = new JsonObject().put("id", id).put("cancelled", true);
        write(new JsonObject().put("type", "rec").put("address", address).put("body", body));
    }

    /** A wish for presence is granted. */
    void present(String address, @Nullable String id) {
        JsonObject body = new JsonObject();
        if (id != null) {
            body.put("id", id);
        }
        answer(address, body);
    }

    /** The session asked for a sign of life. */
    void pong() {
        write(new JsonObject().put("type", "pong"));
    }

    /** A registration is complete: nothing published from now on is missed. */
    void registered(Frame frame) {
        JsonObject headers = new JsonObject();
        if (frame.headers().contains(Wire.SINCE)) {
            headers.put(Wire.RECOVERED, "false").put(Wire.REASON, "not_journaled");
        }
        write(new JsonObject()
                .put("type", "registered")
                .put("address", frame.address())
                .put("headers", headers));
    }

    /** A registration on a journaled address is complete: what follows is everything after that position. */
    void registered(String address, Start.Began began) {
        JsonObject headers = new JsonObject()
                .put(Wire.EPOCH, began.at().epoch())
                .put(Wire.OFFSET, Long.toString(began.at().offset()))
                .put(Wire.RECOVERED, Boolean.toString(began.recovered()));
        if (began.reason() != null) {
            headers.put(Wire.REASON, began.reason().word());
        }
        write(new JsonObject().put("type", "registered").put("address", address).put("headers", headers));
    }

    /** Nothing came for a while: the client has everything up to there. */
    void position(String address, Position at) {
        JsonObject headers = new JsonObject().put(Wire.EPOCH, at.epoch()).put(Wire.OFFSET, Long.toString(at.offset()));
        write(new JsonObject().put("type", "position").put("address", address).put("headers", headers));
    }

    /** A reply that came over the bus. */
    void reply(String address, Message<Object> message) {
        Object body = message.body();
        JsonObject frame = new JsonObject()
                .put("type", "rec")
                .put("address", address)
                .put("body", body instanceof Buffer bytes ? new JsonObject().put("data_base64", base64(bytes)) : body);
        if (message.replyAddress() != null) {
            frame.put("replyAddress", message.replyAddress());
        }
        if (!message.headers().isEmpty()) {
            frame.put("headers", headers(message.headers()));
        }
        write(frame);
    }

    private static String base64(Buffer bytes) {
        return Base64.getEncoder().encodeToString(bytes.getBytes());
    }

    /** The options of a reply that the session gives: its headers without those only Weir may set. */
    DeliveryOptions options(Frame frame) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        frame.headers().forEach(header -> {
            String name = header.getKey();
            if (!name.regionMatches(true, 0, Wire.PREFIX, 0, Wire.PREFIX.length())
                    && !name.regionMatches(true, 0, EventHeaders.PREFIX, 0, EventHeaders.PREFIX.length())
                    && !name.equalsIgnoreCase(Wire.AUTHORIZATION)) {
                headers.add(name, header.getValue());
            }
        });
        return new DeliveryOptions().setHeaders(headers);
    }

    private static JsonObject headers(MultiMap headers) {
        JsonObject json = new JsonObject();
        for (String name : headers.names()) {
            List<String> values = headers.getAll(name);
            json.put(name, values.size() == 1 ? values.get(0) : new JsonArray(values));
        }
        return json;
    }

    private void write(JsonObject frame) {
        outlet.offer(Framing.frame(format, frame.encode()));
    }
}
