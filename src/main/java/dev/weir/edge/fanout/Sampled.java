package dev.weir.edge.fanout;

import dev.weir.bus.KeptEvent;
import dev.weir.bus.SpanKind;
import dev.weir.bus.Spans;
import dev.weir.bus.Wire;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sampled events of a group that are encoded and not written yet, so that their spans end when they are written. An event that is not
 * sampled costs a look at its {@code traceparent}. Owned by the group's event loop.
 */
final class Sampled {
    private record Encoded(MultiMap headers, int sessions, long bytes) {}

    private final Spans spans;
    private final String address;
    private final List<Encoded> waiting = new ArrayList<>(0);

    /** @param address what sessions call the group: an address or a pattern */
    Sampled(Spans spans, String address) {
        this.spans = spans;
        this.address = address;
    }

    /**
     * An event is encoded.
     *
     * @param kept the same, where it came from a log
     */
    void encoded(MultiMap headers, @Nullable KeptEvent kept, int sessions, long bytes) {
        if (!spans.isOn(headers)) {
            return;
        }
        if (kept != null) {
            spans.record(SpanKind.FEED, address, headers, spans.nanos(), 0, "offset", kept.offset());
        }
        waiting.add(new Encoded(headers, sessions, bytes));
    }

    /** What is encoded is with the sockets now, or in the queues of slow sessions. */
    void written() {
        if (waiting.isEmpty()) {
            return;
        }
        for (Encoded event : waiting) {
            String real = event.headers.get(Wire.ADDRESS);
            if (real == null) {
                spans.delivered(address, event.headers, "sessions", event.sessions, "bytes", event.bytes);
            } else {
                spans.delivered(
                        real, event.headers, "sessions", event.sessions, "bytes", event.bytes, "pattern", address);
            }
        }
        waiting.clear();
    }
}
