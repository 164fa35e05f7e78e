package dev.weir.edge.fanout;

import dev.weir.config.AddressConfig.Slow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frames that one address produced in one tick, encoded, in one buffer of exactly their size. Sessions share it by
 * reference; it is released when the last one has written it. Owned by one event loop.
 */
final class Batch {
    final String address;
    final Slow slow;
    private final ByteBuf whole;
    private final int[] ends;
    private final List<String> keys;
    private @Nullable ByteBuf @Nullable [] singles;

    /** Copies the frames out of the scratch buffer. */
    Batch(String address, Slow slow, ByteBuf scratch, int[] ends, List<String> keys, ByteBufAllocator allocator) {
        this.address = address;
        this.slow = slow;
        this.whole = allocator.directBuffer(scratch.readableBytes(), scratch.readableBytes());
        this.whole.writeBytes(scratch);
        this.ends = ends;
        this.keys = keys;
    }

    int frames() {
        return ends.length;
    }

    int bytes() {
        return whole.readableBytes();
    }

    /** All frames; the caller owns the reference it gets. */
    ByteBuf whole() {
        return whole.retainedDuplicate();
    }

    String key(int frame) {
        return keys.get(frame);
    }

    /** One frame, copied once so that it does not hold the others in memory; the caller owns the reference it gets. */
    ByteBuf single(int frame) {
        @Nullable ByteBuf[] copies = singles;
        if (copies == null) {
            copies = new ByteBuf[ends.length];
            singles = copies;
        }
        ByteBuf copy = copies[frame];
        if (copy == null) {
            int from = frame == 0 ? 0 : ends[frame - 1];
            copy = Unpooled.directBuffer(ends[frame] - from).writeBytes(whole, from, ends[frame] - from);
            copies[frame] = copy;
        }
        return copy.retainedDuplicate();
    }

    /** Gives up the batch's own references. */
    void release() {
        whole.release();
        @Nullable ByteBuf[] copies = singles;
        if (copies != null) {
            for (ByteBuf copy : copies) {
                if (copy != null) {
                    copy.release();
                }
            }
        }
    }
}
