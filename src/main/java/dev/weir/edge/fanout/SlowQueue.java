package dev.weir.edge.fanout;

import dev.weir.config.AddressConfig.Slow;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one slow session: references to encoded frames, oldest first, counted in bytes. Owned by the session's event
 * loop. Conflation replaces the waiting frame of the same address and key where it stands, so order per key holds.
 */
final class SlowQueue {
    private record Key(String address, String key) {}

    private static final class Entry {
        private final Slow slow;
        private final String address;
        private final @Nullable Key key;
        private ByteBuf frames;
        private @Nullable Held held;

        Entry(Slow slow, String address, @Nullable Key key, ByteBuf frames, @Nullable Held held) {
            this.slow = slow;
            this.address = address;
            this.key = key;
            this.frames = frames;
            this.held = held;
        }

        void letGo() {
            if (held != null) {
                held.letGo();
            }
        }
    }

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final Map<Key, Entry> newest = new HashMap<>();
    private final Map<String, Integer> dropped = new HashMap<>();
    private long bytes;

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Adds what must not be lost: the session is closed when it does not fit. A frame of the session's own has no {@code held}. */
    void add(String address, ByteBuf frames, @Nullable Held held) {
        append(new Entry(Slow.DISCONNECT, address, null, frames, held));
    }

    /** Adds a frame that may be dropped later. */
    void addDroppable(String address, ByteBuf frame, Held held) {
        append(new Entry(Slow.DROP_OLDEST, address, null, frame, held));
    }

    /** Adds a frame, or puts it in the place of the waiting one of the same key; true when it replaced one. */
    boolean conflate(String address, String key, ByteBuf frame, Held held) {
        Key full = new Key(address, key);
        Entry waiting = newest.get(full);
        if (waiting == null) {
            Entry entry = new Entry(Slow.CONFLATE, address, full, frame, held);
            newest.put(full, entry);
            append(entry);
            return false;
        }
        bytes += frame.readableBytes() - waiting.frames.readableBytes();
        waiting.frames.release();
        waiting.letGo();
        waiting.frames = frame;
        waiting.held = held;
        held.hold();
        return true;
    }

    /** Drops the oldest frame that may be dropped; false when there is none. */
    boolean dropOldest() {
        for (Iterator<Entry> all = entries.iterator(); all.hasNext(); ) {
            Entry entry = all.next();
            if (entry.slow == Slow.DROP_OLDEST) {
                all.remove();
                bytes -= entry.frames.readableBytes();
                entry.frames.release();
                entry.letGo();
                dropped.merge(entry.address, 1, Integer::sum);
                return true;
            }
        }
        return false;
    }

    /** How many frames were dropped per address since the last call. */
    Map<String, Integer> takeDropped() {
        Map<String, Integer> taken = Map.copyOf(dropped);
        dropped.clear();
        return taken;
    }

    /** The oldest frames; the caller owns the reference. */
    @Nullable
    ByteBuf poll() {
        Entry entry = entries.poll();
        if (entry == null) {
            return null;
        }
        if (entry.key != null) {
            newest.remove(entry.key);
        }
        bytes -= entry.frames.readableBytes();
        entry.letGo();
        return entry.frames;
    }

    /** Forgets everything. */
    void release() {
        entries.forEach(entry -> {
            entry.frames.release();
            entry.letGo();
        });
        entries.clear();
        newest.clear();
        bytes = 0;
    }

    private void append(Entry entry) {
        entries.add(entry);
        if (entry.held != null) {
            entry.held.hold();
        }
        bytes += entry.frames.readableBytes();
    }
}
