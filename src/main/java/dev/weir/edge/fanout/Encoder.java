package dev.weir.edge.fanout;

import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.Message;
import java.nio.charset.StandardCharsets;

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
        ByteBuf out = cleared().writeBytes(prefix);
        MultiMap headers = message.headers();
        if (headers != null && !headers.isEmpty()) {
            out.writeBytes(HEADERS);
            JsonText.headers(out, headers, Wire.HOPS);
        }
        if (message.replyAddress() != null) {
            out.writeBytes(REPLY);
            JsonText.string(out, message.replyAddress());
        }
        JsonText.body(out.writeBytes(BODY), message.body());
        return out.writeByte('}');
    }

    /**
     * A server-sent event: its type, its id and the data in one line, followed by an empty line. The id is left out when the
     * event has none, and the address is named by the {@code weir-address} comment only in what the JSON data says.
     */
    ByteBuf sse(String address, Message<?> message) {
        ByteBuf out = cleared();
        MultiMap headers = message.headers();
        String id = headers.get(EventHeaders.ID);
        if (id != null) {
            field(out, "id: ", id);
        }
        String type = headers.get(EventHeaders.TYPE);
        field(out, "event: ", type == null ? EventHeaders.DEFAULT_TYPE : type);
        out.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
        SseData.write(out, address, headers, message.body());
        return out.writeByte('\n').writeByte('\n');
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
