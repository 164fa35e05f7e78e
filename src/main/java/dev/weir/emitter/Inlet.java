package dev.weir.emitter;

import dev.weir.bus.Position;
import dev.weir.bus.Wire;
import dev.weir.event.Event;
import dev.weir.event.EventBuilder;
import dev.weir.event.EventHeaders;
import dev.weir.time.Clock;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the event that a message is. Where it comes from is in extensions, named as over HTTP: {@code weiraddress} for an event
 * of a pattern, {@code weirepoch} and {@code weiroffset} for one that is kept.
 */
final class Inlet {
    private static final String ADDRESS = "weiraddress";
    private static final String EPOCH = "weirepoch";
    private static final String OFFSET = "weiroffset";

    private Inlet() {}

    /** @throws dev.weir.event.InvalidEventException when it is no event */
    static Event event(String address, Clock clock, MultiMap headers, @Nullable Object body) {
        Event event = EventHeaders.fromMessage("/" + address, clock::now, headers, body);
        String real = headers.get(Wire.ADDRESS);
        String offset = headers.get(Wire.OFFSET);
        if (real == null && offset == null) {
            return event;
        }
        EventBuilder placed = event.toBuilder().extension(ADDRESS, real);
        if (offset != null) {
            placed.extension(OFFSET, offset).extension(EPOCH, headers.get(Wire.EPOCH));
        }
        return placed.build();
    }

    static @Nullable String addressOf(Event event) {
        return event.extension(ADDRESS);
    }

    static @Nullable Position positionOf(Event event) {
        String epoch = event.extension(EPOCH);
        return epoch == null ? null : Position.parse(epoch + ":" + event.extension(OFFSET));
    }
}
