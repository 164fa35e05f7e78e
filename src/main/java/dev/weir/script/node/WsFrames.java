package dev.weir.script.node;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Frames of RFC 6455 as a server sends them: without a mask, so the same bytes do for every client. Stateless. */
final class WsFrames {
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int PING = 9;
    static final int PONG = 10;
    private static final int FINAL = 0x80;
    private static final int SHORT = 125;
    private static final int SIXTEEN_BITS = 126;
    private static final int SIXTY_FOUR_BITS = 127;
    private static final int LONGEST_HEAD = 10;

    private WsFrames() {}

    /** A whole message or control frame; the caller releases it. */
    static ByteBuf of(ByteBufAllocator from, int opcode, byte[] payload) {
        ByteBuf frame = from.ioBuffer(payload.length + LONGEST_HEAD);
        frame.writeByte(FINAL | opcode);
        if (payload.length <= SHORT) {
            frame.writeByte(payload.length);
        } else if (payload.length <= 0xFFFF) {
            frame.writeByte(SIXTEEN_BITS).writeShort(payload.length);
        } else {
            frame.writeByte(SIXTY_FOUR_BITS).writeLong(payload.length);
        }
        return frame.writeBytes(payload);
    }
}
