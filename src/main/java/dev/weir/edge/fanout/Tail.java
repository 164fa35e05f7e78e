package dev.weir.edge.fanout;

import dev.weir.bus.KeptEvent;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The newest events a group got while sessions catch up, so that the last stretch of their way takes no read; bounded in events and in
 * bytes, whatever lies before it is read from the journal. Owned by the group's event loop.
 */
final class Tail {
    private static final int MOST_EVENTS = 10_000;
    private static final long MOST_BYTES = 4L << 20;
    /** Headers, and data whose size nobody has written down. */
    private static final int OTHERWISE = 256;

    private final ArrayDeque<KeptEvent> events = new ArrayDeque<>(0);
    private long from = Long.MAX_VALUE;
    private long bytes;

    /** Begins to collect what follows an offset. */
    void begin(long after) {
        clear();
        from = after;
    }

    /** Collects nothing any more. */
    void clear() {
        events.clear();
        bytes = 0;
        from = Long.MAX_VALUE;
    }

    /** After this offset everything is here. */
    long from() {
        return from;
    }

    /** About how much is held. */
    long bytes() {
        return bytes;
    }

    void add(List<KeptEvent> heard) {
        for (KeptEvent event : heard) {
            events.add(event);
            bytes += sizeOf(event);
        }
        while (events.size() > MOST_EVENTS || bytes > MOST_BYTES) {
            KeptEvent oldest = events.remove();
            bytes -= sizeOf(oldest);
            from = oldest.offset();
        }
    }

    /** Those after an offset from {@link #from()} on, in order. */
    List<KeptEvent> after(long offset) {
        return events.stream().filter(event -> event.offset() > offset).toList();
    }

    private static int sizeOf(KeptEvent event) {
        byte[] json = event.json();
        if (json != null) {
            return OTHERWISE + json.length;
        }
        return event.body() instanceof Buffer data ? OTHERWISE + data.length() : OTHERWISE;
    }
}
