package dev.weir.emitter;

import dev.weir.bus.Delay;
import dev.weir.event.Event;
import dev.weir.event.EventHeaders;
import dev.weir.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What may be said of an event beside its type and data. Immutable.
 *
 * @param id unique within the source; absent means that one is made
 * @param subject the key: order, conflation and compaction go by it
 * @param time when it happened; absent means now
 * @param extensions extension attributes of CloudEvents; names are lower-case letters and digits
 */
public record EmitOptions(
        @Nullable String id,
        @Nullable String subject,
        @Nullable Instant time,
        Map<String, String> extensions) {
    /** Nothing said. */
    public static final EmitOptions NONE = new EmitOptions(null, null, null, Map.of());

    /** Stands for the header until the event leaves. */
    static final String TRACED = "weirtrace";

    private static final String CORRELATION = "correlationid";
    private static final String CAUSATION = "causationid";
    private static final String TRACE = "traceparent";

    /** Copies the extensions. */
    public EmitOptions {
        extensions = Map.copyOf(extensions);
    }

    /** An event of this key. */
    public static EmitOptions key(String subject) {
        return NONE.withKey(subject);
    }

    /** The same with this key. */
    public EmitOptions withKey(String key) {
        return new EmitOptions(id, key, time, extensions);
    }

    /** The same with this id, for a producer that emits again what it does not know to be accepted. */
    public EmitOptions withId(String chosen) {
        return new EmitOptions(chosen, subject, time, extensions);
    }

    /** The same for something that happened then. */
    public EmitOptions withTime(Instant happened) {
        return new EmitOptions(id, subject, happened, extensions);
    }

    /** The same with one more extension; names are lower-case letters and digits. */
    public EmitOptions with(String extension, String value) {
        Map<String, String> more = new TreeMap<>(extensions);
        more.put(extension, value);
        return new EmitOptions(id, subject, time, more);
    }

    /**
     * The same for an event that is delivered at a time, not now: kept until then, and {@link Emitter#cancel} takes it back. A time
     * that is over means at once.
     */
    public EmitOptions deliverAt(Instant then) {
        return with(Delay.AT, EventHeaders.formatTime(then));
    }

    /** The same for an event that is delivered so long after it is accepted; see {@link #deliverAt}. */
    public EmitOptions deliverAfter(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("an event cannot be delivered before it is emitted: " + delay);
        }
        long millis = delay.plusNanos(999_999).toMillis();
        return with(Delay.AFTER, Durations.format(Duration.ofMillis(millis)));
    }

    /**
     * The same with every step of the event recorded, and of what follows from it, as header {@code weir-trace: 1} asks of other
     * producers. How many events a second are is bounded by the node.
     */
    public EmitOptions traced() {
        return with(TRACED, "1");
    }

    /**
     * The same for an event that follows from another: {@code causationid} is that one's id, {@code correlationid} that of the
     * first of them all, and the trace goes on.
     */
    public EmitOptions causedBy(Event parent) {
        String root = parent.extension(CORRELATION);
        EmitOptions caused = with(CAUSATION, parent.id()).with(CORRELATION, root == null ? parent.id() : root);
        String trace = parent.extension(TRACE);
        return trace == null ? caused : caused.with(TRACE, trace);
    }
}
