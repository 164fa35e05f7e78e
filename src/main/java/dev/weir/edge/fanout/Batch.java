package dev.weir.edge.fanout;

import dev.weir.bus.Counters;
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
    private final Counters counters;
    private @Nullable Held held;
    private @Nullable Single @Nullable [] singles;

    private record Single(ByteBuf frame, Held held) {}

    /** Copies the frames out of the scratch buffer. */
    Batch(
            String address,
            Slow slow,
            ByteBuf scratch,
            int[] ends,
            List<String> keys,
            ByteBufAllocator allocator,
            Counters counters) {
        this.counters = counters;
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

    /** What accounts for the memory of {@link #whole()} in queues. */
    Held held() {
        Held known = held;
        if (known == null) {
            known = new Held(counters, bytes());
            held = known;
        }
        return known;
    }

    /** One frame, copied once so that it does not hold the others in memory; the caller owns the reference it gets. */
    ByteBuf single(int frame) {
        return one(frame).frame().retainedDuplicate();
    }

    /** What accounts for the memory of {@link #single} in queues. */
    Held heldSingle(int frame) {
        return one(frame).held();
    }

    private Single one(int frame) {
        @Nullable Single[] copies = singles;
        if (copies == null) {
            copies = new Single[ends.length];
            singles = copies;
        }
        Single copy = copies[frame];
        if (copy == null) {
            int from = frame == 0 ? 0 : ends[frame - 1];
            int length = ends[frame] - from;
            ByteBuf bytes = Unpooled.directBuffer(length, length).writeBytes(whole, from, length);
            copy = new Single(bytes, new Held(counters, length));
            copies[frame] = copy;
        }
        return copy;
    }

    /** Gives up the batch's own references. */
    void release() {
        whole.release();
        @Nullable Single[] copies = singles;
        if (copies != null) {
            for (Single copy : copies) {
                if (copy != null) {
                    copy.frame().release();
                }
            }
        }
    }
}
