package dev.weir.edge.fanout;

import dev.weir.bus.KeptEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a log for sessions that catch up: read once, and encoded once for each wire format however many need it, a chunk at a
 * time as the first of them gets there. Owned by the group's event loop.
 */
final class Page {
    /** Turns an event into bytes of a wire format. */
    interface Encoding {
        /** Appends the event's frame. */
        void encode(WireFormat format, KeptEvent event, ByteBuf frames);
    }

    /**
     * Where the stretch lies: after {@code from} up to {@code to}.
     *
     * @param floor up to there events were deleted when it was read
     * @param head the newest event when it was read: what was superseded by then is not there; 0 where nothing is left out
     */
    record Span(long from, long to, long floor, long head) {
        /** The events as they came. */
        static Span complete(long from, long to) {
            return new Span(from, to, 0, 0);
        }

        boolean isComplete() {
            return head == 0;
        }
    }

    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int MOST_VARIANTS = 8;

    private record Variant(WireFormat format, long values) {}

    private final Span span;
    private final List<KeptEvent> events;
    private final Encoding encoding;
    private final ByteBufAllocator allocator;
    private final Map<Variant, Encoded> encoded = new LinkedHashMap<>(2);
    private boolean used = true;

    /** @param events those of the span, in order */
    Page(Span span, List<KeptEvent> events, Encoding encoding, ByteBufAllocator allocator) {
        this.span = span;
        this.events = events;
        this.encoding = encoding;
        this.allocator = allocator;
    }

    long from() {
        return span.from;
    }

    long to() {
        return span.to;
    }

    /** Whether the session can go on here. */
    boolean covers(CatchUp who) {
        return who.at() >= span.from
                && who.at() < span.to
                && Math.max(who.at(), who.values()) >= span.floor
                && (span.isComplete() || span.head >= who.values());
    }

    /** Whether it was used since the last time this was asked. */
    boolean takeUsed() {
        boolean was = used;
        used = false;
        return was;
    }

    /** Where that session goes on. It may be encoded for it, see {@link Chunk#takeFresh()}. */
    Chunk chunk(CatchUp who) {
        used = true;
        // Two sessions that leave out the same deletions get the same bytes. What they delete is left out only where it
        // is not there.
        long values = span.isComplete() ? 0 : Math.min(Math.max(who.values(), span.from), span.to);
        Variant variant = new Variant(who.outlet().wireFormat(), values);
        Encoded known = encoded.get(variant);
        if (known == null) {
            if (encoded.size() == MOST_VARIANTS) {
                Iterator<Encoded> eldest = encoded.values().iterator();
                eldest.next().release();
                eldest.remove();
            }
            known = new Encoded(variant);
            encoded.put(variant, known);
        }
        return known.after(who.at());
    }

    /** Gives up its bytes; sessions that have not written theirs yet keep them. */
    void release() {
        encoded.values().forEach(Encoded::release);
        encoded.clear();
    }

    /** The page in one wire format, as far as anybody has got. */
    private final class Encoded {
        private final Variant variant;
        private final List<Chunk> chunks = new ArrayList<>();
        private int next;

        Encoded(Variant variant) {
            this.variant = variant;
        }

        Chunk after(long at) {
            Chunk found = null;
            for (int i = chunks.size() - 1; i >= 0 && chunks.get(i).to > at; i--) {
                found = chunks.get(i);
            }
            while (found == null) {
                Chunk made = encode();
                chunks.add(made);
                found = made.to > at ? made : null;
            }
            return found;
        }

        private Chunk encode() {
            ByteBuf frames = Unpooled.buffer(CHUNK_BYTES * 2);
            List<int[]> ends = new ArrayList<>();
            int end = next;
            while (end < events.size() && frames.readableBytes() < CHUNK_BYTES) {
                KeptEvent event = events.get(end++);
                if (!event.isEmpty() || event.offset() > variant.values) {
                    encoding.encode(variant.format, event, frames);
                    ends.add(new int[] {end - 1, frames.writerIndex()});
                }
            }
            // Only now: an event that cannot be encoded is not passed over the next time.
            next = end;
            long to = next < events.size() ? events.get(next - 1).offset() : span.to;
            Chunk chunk = new Chunk(to, allocator, frames, ends.size());
            ends.forEach(each -> chunk.add(events.get(each[0]).offset(), each[1]));
            return chunk;
        }

        void release() {
            chunks.forEach(chunk -> chunk.bytes.release());
        }
    }

    /** Some events, encoded. */
    static final class Chunk {
        private final long to;
        private final ByteBuf bytes;
        private final long[] offsets;
        private final int[] ends;
        private int count;
        private boolean fresh = true;

        private Chunk(long to, ByteBufAllocator allocator, ByteBuf frames, int events) {
            this.to = to;
            this.bytes = allocator.directBuffer(frames.readableBytes(), Math.max(1, frames.readableBytes()));
            this.bytes.writeBytes(frames);
            this.offsets = new long[events];
            this.ends = new int[events];
        }

        private void add(long offset, int endsAt) {
            offsets[count] = offset;
            ends[count++] = endsAt;
        }

        /** Who has this has everything up to there. */
        long to() {
            return to;
        }

        /** How many events were encoded for whoever asked first; 0 for all others. */
        int takeFresh() {
            int encoded = fresh ? count : 0;
            fresh = false;
            return encoded;
        }

        /** How many of its events follow that offset. */
        int eventsAfter(long at) {
            int first = 0;
            while (first < count && offsets[first] <= at) {
                first++;
            }
            return count - first;
        }

        /** The frames of those that follow that offset, null when there are none; the caller owns the reference. */
        @Nullable
        ByteBuf after(long at) {
            int first = count - eventsAfter(at);
            int begin = first == 0 ? 0 : ends[first - 1];
            return first == count ? null : bytes.retainedSlice(begin, bytes.writerIndex() - begin);
        }
    }
}
