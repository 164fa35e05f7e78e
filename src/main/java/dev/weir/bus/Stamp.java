package dev.weir.bus;

import dev.weir.event.EventHeaders;
import dev.weir.time.Clock;
import io.vertx.core.MultiMap;

/**
 * Completes the attributes of every event on its way in: what outsiders may not say is overwritten, what is missing is filled
 * in. Everything is settled before the first attempt to bring the event anywhere, so a retry is the same event. Thread-safe; on
 * the way of every event, so it looks up each header once and formats by hand.
 */
public final class Stamp {
    /** What belongs together: the id of the event that began it. */
    static final String CORRELATION_ID = EventHeaders.PREFIX + "correlationid";

    private final Clock clock;
    private final Ids ids = new Ids();

    /** Stamps with the times of a clock. */
    public Stamp(Clock clock) {
        this.clock = clock;
    }

    /** Completes the headers and gives the event's id. */
    public String complete(Origin origin, MultiMap headers) {
        if (!origin.trusted()) {
            Seal.fromOutside(headers, origin, clock.millis());
        }
        String id = headers.get(EventHeaders.ID);
        if (id == null) {
            id = ids.next();
            headers.add(EventHeaders.ID, id);
        }
        if (!headers.contains(EventHeaders.SOURCE)) {
            headers.add(EventHeaders.SOURCE, origin.source());
        }
        if (!headers.contains(EventHeaders.TIME)) {
            headers.add(EventHeaders.TIME, EventHeaders.formatTime(clock.now()));
        }
        if (!headers.contains(CORRELATION_ID)) {
            headers.add(CORRELATION_ID, id);
        }
        trace(headers);
        return id;
    }

    /** Weir takes part in the trace; one that cannot be read is begun anew, and the state that belonged to it is dropped. */
    private static void trace(MultiMap headers) {
        String given = headers.get(TraceParent.NAME);
        String next = given == null ? null : TraceParent.next(given);
        if (given != null && next != null) {
            headers.set(TraceParent.NAME, next);
            return;
        }
        headers.remove(TraceParent.STATE);
        if (given != null) {
            headers.remove(TraceParent.NAME);
        }
        headers.add(TraceParent.NAME, TraceParent.begin());
    }

    /**
     * Whether the producer chose an id that can be told from those of others: an id means something together with who chose it,
     * and of strangers without a source nobody can tell that. To be asked before {@link #complete}.
     */
    boolean hasOwnId(Origin origin, MultiMap headers) {
        boolean named = headers.contains(EventHeaders.SOURCE)
                || origin.session() != null
                || origin.who().signedIn(clock.millis());
        return named && headers.contains(EventHeaders.ID);
    }
}
