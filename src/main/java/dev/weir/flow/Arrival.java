package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowCommit.Place;
import dev.weir.bus.Position;
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
    private final MultiMap headers;
    private final @Nullable Position at;
    private final int partition;
    private final @Nullable Asker asker;

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
        return headers;
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
        MultiMap changed = MultiMap.caseInsensitiveMultiMap().addAll(headers).set(header, value);
        return new Arrival(input, changed, at, partition, asker);
    }

    /** The same in another partition. */
    Arrival in(int other) {
        return other == partition ? this : new Arrival(input, headers, at, other, asker);
    }

    /** An attribute by its name in CloudEvents, null when it has none. */
    @Nullable
    String attribute(String name) {
        return headers.get(EventHeaders.headerOf(name.toLowerCase(Locale.ROOT)));
    }
}
