package dev.weir.journal.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.ringbuffer.OverflowPolicy;
import com.hazelcast.ringbuffer.ReadResultSet;
import com.hazelcast.ringbuffer.Ringbuffer;
import dev.weir.journal.JournalException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads and writes the rings. By any thread of the journal; stateless. */
final class Rings {
    /** Most items that Hazelcast takes or gives at once. */
    static final int CHUNK = 1_000;

    private static final int FIRST_READ = 32;
    private static final int READ = 512;
    private static final int MOST_BYTES = 1 << 20;

    private final HazelcastInstance hazelcast;
    private final Calls calls;

    Rings(HazelcastInstance hazelcast, Calls calls) {
        this.hazelcast = hazelcast;
        this.calls = calls;
    }

    private Ringbuffer<byte[]> ring(String name) throws JournalException {
        return calls.ask(() -> hazelcast.getRingbuffer(name));
    }

    /** Adds items, at most {@link #CHUNK}; answers where the last one stands. */
    CompletionStage<Long> add(String ring, List<byte[]> items) throws JournalException {
        Ringbuffer<byte[]> target = ring(ring);
        return calls.begin(() -> target.addAllAsync(items, OverflowPolicy.OVERWRITE));
    }

    /**
     * Reads the events after {@code from} up to {@code to}: those that are there without a gap, at most {@code limit} and about
     * 1 MiB, at least one.
     *
     * @throws Gone when they are not there
     */
    List<RingItem> read(String address, LogEntry log, long from, long to, int limit) throws JournalException, Gone {
        List<RingItem> items = new ArrayList<>();
        long next = from + 1;
        long bytes = 0;
        int chunk = FIRST_READ;
        while (next <= to && items.size() < limit && bytes < MOST_BYTES) {
            int room = Math.min(Math.min(chunk, limit - items.size()), log.capacity());
            int count = (int) Math.min(log.segments().run(next, to), room);
            for (byte[] each : stretch(address, log, next, count)) {
                RingItem item = RingItem.decode(each);
                if (item.offset() != next) {
                    throw new Gone(log.ringName(address), next);
                }
                items.add(item);
                bytes += each.length;
                next++;
            }
            chunk = bytes * 4 < MOST_BYTES ? Math.min(chunk * 4, READ) : FIRST_READ;
        }
        return items;
    }

    private List<byte[]> stretch(String address, LogEntry log, long first, int count) throws JournalException, Gone {
        String name = log.ringName(address);
        long sequence = log.segments().sequence(first);
        ReadResultSet<byte[]> found = calls.answer(ring(name).readManyAsync(sequence, 0, count, null));
        if (found.size() == 0 || found.getSequence(0) != sequence) {
            throw new Gone(name, first);
        }
        List<byte[]> items = new ArrayList<>(found.size());
        for (int i = 0; i < Math.min(count, found.size()); i++) {
            byte @Nullable [] item = found.get(i);
            if (item == null) {
                throw new Gone(name, first + i);
            }
            items.add(item);
        }
        return items;
    }

    /**
     * The first offset that was appended at that time or later; the one after the head when none was. By halving: append times
     * only grow.
     */
    long firstSince(String address, LogEntry log, long millis) throws JournalException, Gone {
        if (!log.hasEvents() || log.appendedMillis() < millis) {
            return log.head() + 1;
        }
        long low = log.floor() + 1;
        long high = log.head();
        if (appended(address, log, low) >= millis) {
            return low;
        }
        while (low + 1 < high) {
            long middle = (low + high) >>> 1;
            if (appended(address, log, middle) < millis) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** When an event was appended. */
    long appended(String address, LogEntry log, long offset) throws JournalException, Gone {
        return read(address, log, offset - 1, offset, 1).get(0).appendedMillis();
    }

    /** Whether the newest event is there. */
    boolean hasHead(String address, LogEntry log) throws JournalException {
        try {
            return !read(address, log, log.head() - 1, log.head(), 1).isEmpty();
        } catch (Gone lost) {
            return false;
        }
    }

    /** The oldest event that has not been overwritten. */
    long oldest(String address, LogEntry log) throws JournalException {
        Ringbuffer<byte[]> ring = ring(log.ringName(address));
        return log.segments().firstFrom(calls.ask(ring::headSequence), log.head());
    }

    /** The same log in a ring of another capacity, into which its events are copied. */
    LogEntry move(String address, LogEntry log, int capacity) throws JournalException, Gone {
        LogEntry moved = log.withNewRing(capacity);
        Segments segments = Segments.NONE;
        for (long from = log.floor(); from < log.head(); ) {
            List<byte[]> items = new ArrayList<>();
            for (RingItem each : read(address, log, from, log.head(), CHUNK)) {
                items.add(each.encode());
            }
            long last = calls.answer(add(moved.ringName(address), items));
            segments = segments.with(from + 1, last - items.size() + 1);
            from += items.size();
        }
        return moved.withSegments(segments);
    }

    /** Frees a ring. */
    void destroy(String ring) throws JournalException {
        Ringbuffer<byte[]> target = ring(ring);
        calls.ask(() -> {
            target.destroy();
            return true;
        });
    }
}
