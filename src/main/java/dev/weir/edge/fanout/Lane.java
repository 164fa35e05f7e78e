package dev.weir.edge.fanout;

import dev.weir.bus.Counters;
import dev.weir.config.AddressConfig.Slow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a group that share a wire format, and the frames encoded for them in this tick. Members stand in an array
 * with swap-remove, so joining, leaving and one pass over all cost no allocation. Owned by one event loop.
 */
final class Lane {
    private static final int KEPT_BYTES = 128 * 1024;

    private final WireFormat format;
    private final Map<Outlet, Integer> places = new HashMap<>();
    private @Nullable Outlet[] members = new Outlet[4];
    private int size;
    private int next;
    private ByteBuf frames = Unpooled.EMPTY_BUFFER;
    private int[] ends = new int[8];
    private int count;
    private final List<String> keys = new ArrayList<>(0);

    Lane(WireFormat format) {
        this.format = format;
    }

    WireFormat format() {
        return format;
    }

    int size() {
        return size;
    }

    boolean has(Outlet outlet) {
        return places.containsKey(outlet);
    }

    /** Adds the members to a list. */
    void members(List<Outlet> into) {
        into.addAll(places.keySet());
    }

    void add(Outlet outlet) {
        if (size == members.length) {
            members = Arrays.copyOf(members, size * 2);
        }
        places.put(outlet, size);
        members[size++] = outlet;
    }

    void remove(Outlet outlet) {
        Integer place = places.remove(outlet);
        if (place == null) {
            return;
        }
        Outlet last = members[--size];
        members[size] = null;
        if (last != null && last != outlet) {
            members[place] = last;
            places.put(last, place);
        }
    }

    /** The members in turn; null when there is none. */
    @Nullable
    Outlet next() {
        return size == 0 ? null : members[next++ % size];
    }

    /** Encodes one event behind those already there, if the lane has members; how many bytes wait now. */
    int append(ByteBuf payload, String key) {
        if (size == 0) {
            return 0;
        }
        if (frames.capacity() == 0) {
            frames = Unpooled.buffer(payload.readableBytes() + 64);
        }
        if (format == WireFormat.SSE) {
            frames.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
        } else {
            Framing.append(format, payload, frames);
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
        }
        ends[count++] = frames.writerIndex();
        keys.add(key);
        return frames.readableBytes();
    }

    int pendingBytes() {
        return frames.readableBytes();
    }

    int pendingFrames() {
        return count;
    }

    /** Writes what was encoded to every member once; adds those that need a flush to {@code touched} unless it is null. */
    void flush(
            String address, Slow slow, ByteBufAllocator allocator, Counters counters, @Nullable List<Outlet> touched) {
        if (count == 0) {
            return;
        }
        Batch batch =
                new Batch(address, slow, frames, Arrays.copyOf(ends, count), List.copyOf(keys), allocator, counters);
        reset();
        // A member that closes leaves the array while it is walked; from the back, swap-remove then skips nobody.
        for (int i = size - 1; i >= 0; i--) {
            Outlet member = i < size ? members[i] : null;
            if (member != null && member.offer(batch)) {
                if (touched == null) {
                    member.flush();
                } else {
                    touched.add(member);
                }
            }
        }
        batch.release();
    }

    private void reset() {
        count = 0;
        keys.clear();
        frames = frames.capacity() > KEPT_BYTES ? Unpooled.EMPTY_BUFFER : frames.clear();
    }
}
