package dev.weir.edge.fanout;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Puts a JSON payload into the bytes of a {@link WireFormat}. WebSocket frames are those of RFC 6455 section 5.2, sent by a
 * server: unmasked, unfragmented whatever their size. {@code a["..."]} is the message frame of the SockJS protocol 0.3.3.
 */
public final class Framing {
    private static final int FINAL_TEXT = 0x81;
    private static final int FINAL_CLOSE = 0x88;
    private static final int FINAL_PONG = 0x8A;
    private static final int MOST_OF_CONTROL = 125;
    private static final byte[] SOCKJS_OPEN = "a[\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SOCKJS_CLOSE = "\"]".getBytes(StandardCharsets.US_ASCII);

    private Framing() {}

    /** Appends one framed payload; the payload's indexes stay as they are. Not for {@link WireFormat#SSE}. */
    static void append(WireFormat format, ByteBuf payload, ByteBuf out) {
        switch (format) {
            case RAW -> {
                textHeader(out, payload.readableBytes());
                out.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
            }
            case SOCKJS -> sockJs(payload, out);
            case LINE -> {
                out.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
                out.writeByte('\n');
            }
            case SSE -> throw new IllegalArgumentException("a server-sent event is not a framed payload");
        }
    }

    /** One payload, framed, in a buffer of exactly its size. */
    public static ByteBuf frame(WireFormat format, String payload) {
        ByteBuf bytes = Unpooled.wrappedBuffer(payload.getBytes(StandardCharsets.UTF_8));
        ByteBuf out = Unpooled.buffer(bytes.readableBytes() + 16);
        append(format, bytes, out);
        return out;
    }

    /** A WebSocket text frame around text that needs no wrapping, such as SockJS's {@code o} and {@code h}. */
    public static ByteBuf text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuf out = Unpooled.buffer(bytes.length + 10);
        textHeader(out, bytes.length);
        return out.writeBytes(bytes);
    }

    /** A close frame; a reason longer than a control frame takes is left out. */
    public static ByteBuf close(int status, String reason) {
        byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
        int length = bytes.length + Short.BYTES <= MOST_OF_CONTROL ? bytes.length : 0;
        return Unpooled.buffer(length + 2 * Short.BYTES)
                .writeByte(FINAL_CLOSE)
                .writeByte(length + Short.BYTES)
                .writeShort(status)
                .writeBytes(bytes, 0, length);
    }

    /** The answer to a ping frame's content, of at most 125 bytes; its indexes stay as they are. */
    public static ByteBuf pong(ByteBuf ping) {
        int length = ping.readableBytes();
        return Unpooled.buffer(length + Short.BYTES)
                .writeByte(FINAL_PONG)
                .writeByte(length)
                .writeBytes(ping, ping.readerIndex(), length);
    }

    private static void textHeader(ByteBuf out, int length) {
        out.writeByte(FINAL_TEXT);
        if (length < 126) {
            out.writeByte(length);
        } else if (length < 65_536) {
            out.writeByte(126).writeShort(length);
        } else {
            out.writeByte(127).writeLong(length);
        }
    }

    private static void sockJs(ByteBuf payload, ByteBuf out) {
        int from = payload.readerIndex();
        int to = payload.writerIndex();
        int escapes = 0;
        for (int i = from; i < to; i++) {
            if (isEscaped(payload.getByte(i))) {
                escapes++;
            }
        }
        textHeader(out, to - from + escapes + SOCKJS_OPEN.length + SOCKJS_CLOSE.length);
        out.writeBytes(SOCKJS_OPEN);
        int plainFrom = from;
        for (int i = from; i < to; i++) {
            if (isEscaped(payload.getByte(i))) {
                out.writeBytes(payload, plainFrom, i - plainFrom).writeByte('\\');
                plainFrom = i;
            }
        }
        out.writeBytes(payload, plainFrom, to - plainFrom).writeBytes(SOCKJS_CLOSE);
    }

    /** JSON that an encoder made has no control characters left, so quotes and backslashes are all there is to escape. */
    private static boolean isEscaped(byte b) {
        return b == '"' || b == '\\';
    }
}
