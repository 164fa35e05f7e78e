package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowCommit.Place;
import dev.weir.bus.Position;
import dev.weir.bus.TraceParent;
import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an event came into a flow: its attributes as they were, where it is kept, which partition handles it. What stages make of the
 * event still refers to it. Immutable; headers are shared and never changed.
 */
public final class Arrival {
    private final String input;
    private @Nullable MultiMap headers;
    private final @Nullable String type;
    private final @Nullable String key;
    private final @Nullable Position at;
    private final int partition;
    private final @Nullable Asker asker;
    /** Looked up when somebody asks first. */
    private @Nullable Boolean sampled;

    /**
     * @param input the address it came from, or the name of another input
     * @param headers as on the bus
     * @param at where it is kept, null when that is nowhere
     * @param partition of its flow, 0 when there is but one
     */
    public Arrival(String input, MultiMap headers, @Nullable Position at, int partition) {
        this(input, headers, at, partition, null);
    }

    /** A request that waits for a reply. */
    Arrival(String input, MultiMap headers, @Nullable Position at, int partition, @Nullable Asker asker) {
        this.input = input;
        this.headers = headers;
        this.type = null;
        this.key = null;
        this.at = at;
        this.partition = partition;
        this.asker = asker;
    }

    /** Of an event that waited. */
    static Arrival of(FlowCommit.Parked parked) {
        Place place = parked.place();
        String input = place == null ? parked.headers().get(Wire.ADDRESS) : place.address();
        return new Arrival(
                input == null ? "" : input, parked.headers(), place == null ? null : place.at(), parked.partition());
    }

    private Arrival(String input, @Nullable String type, @Nullable String key, @Nullable Position at, int partition) {
        this.input = input;
        this.type = type;
        this.key = key;
        this.at = at;
        this.partition = partition;
        this.asker = null;
    }

    /**
     * Of an input whose events have no attributes but these. Headers are made only when somebody asks for them.
     *
     * @param type null for the default
     * @param key null for none
     * @param at where it is read again from, null when nowhere
     */
    static Arrival bare(String input, @Nullable String type, @Nullable String key, @Nullable Position at) {
        return new Arrival(input, type, key, at, 0);
    }

    /** Who waits for a reply; null when nobody does, or not here. */
    public @Nullable Asker asker() {
        return asker;
    }

    /** The address it came from, or the name of another input. */
    public String input() {
        return input;
    }

    /** Its attributes as bus headers; not to be changed. */
    public MultiMap headers() {
        MultiMap known = headers;
        if (known == null) {
            known = MultiMap.caseInsensitiveMultiMap();
            if (type != null) {
                known.set(EventHeaders.TYPE, type);
            }
            if (key != null) {
                known.set(EventHeaders.SUBJECT, key);
            }
            headers = known;
        }
        return known;
    }

    /** Whether its steps are recorded. */
    boolean isSampled() {
        Boolean known = sampled;
        if (known == null) {
            known = headers != null && TraceParent.isSampled(headers.get(TraceParent.NAME));
            sampled = known;
        }
        return known;
    }

    /** Whether it has no attributes but a type and a key. */
    boolean isBare() {
        return headers == null;
    }

    /** Its type, null when its producer gave none. */
    @Nullable
    String type() {
        return headers == null ? type : headers.get(EventHeaders.TYPE);
    }

    /** Its key, null when it has none. */
    @Nullable
    String key() {
        return headers == null ? key : headers.get(EventHeaders.SUBJECT);
    }

    /** Its id, null when it has none. */
    @Nullable
    String id() {
        return headers == null ? null : headers.get(EventHeaders.ID);
    }

    /** The partition that handles it. */
    public int partition() {
        return partition;
    }

    /** Where it is kept, null when that is nowhere. */
    public @Nullable Place place() {
        return at == null ? null : new Place(input, at);
    }

    /** The same with another header. */
    Arrival with(String header, String value) {
        MultiMap changed = MultiMap.caseInsensitiveMultiMap().addAll(headers()).set(header, value);
        return new Arrival(input, changed, at, partition, asker);
    }

    /** The same in another partition. */
    Arrival in(int other) {
        if (other == partition) {
            return this;
        }
        return headers == null
                ? new Arrival(input, type, key, at, other)
                : new Arrival(input, headers, at, other, asker);
    }

    /** An attribute by its name in CloudEvents, null when it has none. */
    public @Nullable String attribute(String name) {
        return headers().get(EventHeaders.headerOf(name.toLowerCase(Locale.ROOT)));
    }
}
