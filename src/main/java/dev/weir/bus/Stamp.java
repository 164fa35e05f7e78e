package dev.weir.bus;

import dev.weir.event.EventHeaders;
import dev.weir.time.Clock;
import io.vertx.core.MultiMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Completes the attributes of every event on its way in: what outsiders may not say is overwritten, what is missing is filled
 * in. Everything is settled before the first attempt to bring the event anywhere, so a retry is the same event. Thread-safe; on
 * the way of every event, so it looks up each header once and formats by hand.
 */
public final class Stamp {
    /** What belongs together: the id of the event that began it. */
    static final String CORRELATION_ID = EventHeaders.PREFIX + "correlationid";

    private final Clock clock;
    private final Spans spans;
    private final LongPredicate share;
    private final Ids ids = new Ids();

    /** Stamps with the times of a clock, where nothing is recorded. */
    public Stamp(Clock clock) {
        this(clock, Spans.OFF);
    }

    /** @param spans decides which events are sampled */
    Stamp(Clock clock, Spans spans) {
        this.clock = clock;
        this.spans = spans;
        this.share = spans::samples;
    }

    /** Completes the headers of an event that the node itself or its code makes, and gives the event's id. */
    public String complete(Origin origin, MultiMap headers) {
        complete(origin, null, headers, headers.get(TraceParent.NAME));
        return String.valueOf(headers.get(EventHeaders.ID));
    }

    /**
     * Completes the headers.
     *
     * @param policy of its address, null for the node's own
     * @param given the {@code traceparent} among them
     * @return whether its steps are recorded
     */
    boolean complete(Origin origin, @Nullable Policy policy, MultiMap headers, @Nullable String given) {
        boolean asks = origin.trusted()
                ? Seal.takeTrace(headers, headers.get(Wire.TRACE))
                : Seal.fromOutside(headers, origin, clock.millis());
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
        return trace(origin, headers, given, asks && mayAsk(origin, policy, headers));
    }

    /** Who is known may have events recorded, and where anyone may publish anyone may; how many is bounded for all. */
    private boolean mayAsk(Origin origin, @Nullable Policy policy, MultiMap headers) {
        return origin.trusted()
                || origin.who().signedIn(clock.millis())
                || (policy != null && policy.isOpen(String.valueOf(headers.get(EventHeaders.TYPE))));
    }

    /** Weir takes part in the trace; one that cannot be read is begun anew, and the state that belonged to it is dropped. */
    private boolean trace(Origin origin, MultiMap headers, @Nullable String given, boolean asks) {
        boolean goesOn = given != null && TraceParent.isValid(given);
        boolean granted = asks && spans.isActive() && !(goesOn && TraceParent.isSampled(given)) && spans.grants();
        String next;
        if (given != null && goesOn) {
            next = TraceParent.next(given);
            if (spans.isActive()) {
                next = TraceParent.with(next, granted || goesOnSampled(origin, given));
            }
        } else {
            headers.remove(TraceParent.STATE);
            next = TraceParent.begin(granted ? any -> true : share);
        }
        headers.set(TraceParent.NAME, next);
        return spans.isActive() && TraceParent.isSampled(next);
    }

    /** The node itself has decided before; of others so many a second are taken at their word beyond the share of all traces. */
    private boolean goesOnSampled(Origin origin, String given) {
        return TraceParent.isSampled(given)
                && (origin.trusted() || spans.samples(TraceParent.lowOf(given)) || spans.grants());
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
