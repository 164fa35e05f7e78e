package dev.weir.edge.sse;

import dev.weir.bus.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Makes of what all streams of an address share what one stream gets that wants more than all of one address: events of certain
 * types only, and an id that says where it is on each of its addresses. Events are encoded once for everybody; only streams that
 * ask for this pay for it, by a walk over the lines of each event. Owned by the stream's event loop.
 *
 * <p>An event has three lines, {@code id}, {@code event} and {@code data}, the first of which may be absent. The id is trusted as a
 * position only because {@code weiraddress}, which the server wrote first into the data, is a journaled address of this stream.
 */
final class Shaping {
    private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA =
            "data: {\"specversion\":\"1.0\",\"weiraddress\":\"".getBytes(StandardCharsets.US_ASCII);

    private final Positions positions;
    private final Set<String> types;
    private boolean behind;

    /** @param types those that are wanted; empty for all */
    Shaping(Positions positions, Set<String> types) {
        this.positions = positions;
        this.types = types;
    }

    /** What the stream gets of whole blocks, in a buffer of its own; lets go of what it was given. */
    ByteBuf shape(ByteBuf blocks) {
        ByteBuf out = Unpooled.buffer(blocks.readableBytes() + 256);
        try {
            int at = blocks.readerIndex();
            while (at < blocks.writerIndex()) {
                at = block(blocks, at, out);
            }
            return out;
        } finally {
            blocks.release();
        }
    }

    /** Whether the client has not heard yet where it is, since nothing it wants came from there. Asked once per heartbeat. */
    boolean takeBehind() {
        boolean was = behind;
        behind = false;
        return was;
    }

    private int block(ByteBuf blocks, int from, ByteBuf out) {
        int id = startsWith(blocks, from, ID) ? from : -1;
        int type = id < 0 ? from : afterLine(blocks, from);
        int data = startsWith(blocks, type, EVENT) ? afterLine(blocks, type) : -1;
        int end = afterBlock(blocks, from);
        if (data < 0 || !startsWith(blocks, data, DATA)) {
            out.writeBytes(blocks, from, end - from);
            return end;
        }
        if (id >= 0) {
            follow(blocks, id, type, data);
        }
        if (types.isEmpty() || types.contains(text(blocks, type + EVENT.length, data - 1))) {
            write(blocks, from, type, end, out);
        } else {
            behind = true;
        }
        return end;
    }

    private void follow(ByteBuf blocks, int id, int type, int data) {
        int from = data + DATA.length;
        String address = text(blocks, from, blocks.indexOf(from, blocks.writerIndex(), (byte) '"'));
        Position position = positions.follows(address) ? Position.parse(text(blocks, id + ID.length, type - 1)) : null;
        if (position != null) {
            positions.at(address, position);
        }
    }

    private void write(ByteBuf blocks, int from, int type, int end, ByteBuf out) {
        String position = positions.text();
        if (position.isEmpty()) {
            out.writeBytes(blocks, from, end - from);
            return;
        }
        out.writeBytes(ID);
        ByteBufUtil.writeAscii(out, position);
        out.writeByte('\n').writeBytes(blocks, type, end - type);
        behind = false;
    }

    private static String text(ByteBuf blocks, int from, int to) {
        return blocks.toString(from, to - from, StandardCharsets.UTF_8);
    }

    private static int afterLine(ByteBuf blocks, int from) {
        int feed = blocks.indexOf(from, blocks.writerIndex(), (byte) '\n');
        return feed < 0 ? blocks.writerIndex() : feed + 1;
    }

    /** A block ends with an empty line. */
    private static int afterBlock(ByteBuf blocks, int from) {
        int at = from;
        while (at < blocks.writerIndex()) {
            int next = afterLine(blocks, at);
            if (next == at + 1) {
                return next;
            }
            at = next;
        }
        return at;
    }

    private static boolean startsWith(ByteBuf blocks, int at, byte[] what) {
        if (blocks.writerIndex() - at < what.length) {
            return false;
        }
        for (int i = 0; i < what.length; i++) {
            if (blocks.getByte(at + i) != what[i]) {
                return false;
            }
        }
        return true;
    }
}
