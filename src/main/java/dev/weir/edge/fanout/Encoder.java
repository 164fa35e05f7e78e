package dev.weir.edge.fanout;

import dev.weir.bus.KeptEvent;
import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.Message;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Turns bus messages into payloads. Owned by one event loop: the buffer it returns is used again by the next call. */
final class Encoder {
    private static final int KEPT_BYTES = 256 * 1024;
    private static final byte[] HEADERS = ",\"headers\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLY = ",\"replyAddress\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BODY = ",\"body\":".getBytes(StandardCharsets.US_ASCII);

    private ByteBuf scratch = Unpooled.buffer(1024);

    /** What every frame of an address begins with. */
    static byte[] prefix(String address) {
        return ("{\"type\":\"rec\",\"address\":\"" + address + "\"").getBytes(StandardCharsets.UTF_8);
    }

    /** The bridge's {@code rec} frame. */
    ByteBuf rec(byte[] prefix, Message<?> message) {
        return rec(prefix, message.headers(), message.replyAddress(), message.body());
    }

    /** The same, of the parts of a message. */
    ByteBuf rec(byte[] prefix, MultiMap headers, @Nullable String replyAddress, @Nullable Object body) {
        ByteBuf out = begin(prefix, headers);
        if (replyAddress != null) {
            out.writeBytes(REPLY);
            JsonText.string(out, replyAddress);
        }
        JsonText.body(out.writeBytes(BODY), body);
        return out.writeByte('}');
    }

    /** The same, of a kept event, whose text is taken as it is where it is known. */
    ByteBuf rec(byte[] prefix, KeptEvent event) {
        byte[] json = event.json();
        if (json == null) {
            return rec(prefix, event.headers(), null, event.body());
        }
        return begin(prefix, event.headers()).writeBytes(BODY).writeBytes(json).writeByte('}');
    }

    private ByteBuf begin(byte[] prefix, MultiMap headers) {
        ByteBuf out = cleared().writeBytes(prefix);
        if (headers != null && !headers.isEmpty()) {
            out.writeBytes(HEADERS);
            JsonText.headers(out, headers, Wire.HOPS);
        }
        return out;
    }

    /**
     * A server-sent event: its id, its type and the data in one line, followed by an empty line. The id is the event's, on a
     * journaled address its position. It is left out when the event has none, and of a journaled event that came through a
     * pattern: nobody resumes there, and it must not be taken for a place in the address itself.
     */
    ByteBuf sse(String address, MultiMap headers, @Nullable Object body) {
        ByteBuf out = cleared();
        String id = id(headers);
        if (id != null) {
            field(out, "id: ", id);
        }
        String type = headers.get(EventHeaders.TYPE);
        field(out, "event: ", type == null ? EventHeaders.DEFAULT_TYPE : type);
        out.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
        SseData.write(out, address, headers, body);
        return out.writeByte('\n').writeByte('\n');
    }

    private static @Nullable String id(MultiMap headers) {
        String offset = headers.get(Wire.OFFSET);
        if (offset == null) {
            return headers.get(EventHeaders.ID);
        }
        return headers.contains(Wire.ADDRESS) ? null : headers.get(Wire.EPOCH) + ":" + offset;
    }

    private static void field(ByteBuf out, String name, String value) {
        out.writeCharSequence(name, StandardCharsets.US_ASCII);
        out.writeCharSequence(value.replaceAll("[\\r\\n\\u0000]", " "), StandardCharsets.UTF_8);
        out.writeByte('\n');
    }

    private ByteBuf cleared() {
        if (scratch.capacity() > KEPT_BYTES) {
            scratch = Unpooled.buffer(1024);
        }
        return scratch.clear();
    }
}
