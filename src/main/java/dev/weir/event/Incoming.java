package dev.weir.event;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * An event as somebody outside wrote it: every attribute that is there was checked, but id, source and time may be absent, since
 * Weir fills them in. Belongs to whoever decoded it; the headers may be completed.
 *
 * @param headers the attributes as {@link EventHeaders} spells them
 * @param data null, a JSON value or a {@link io.vertx.core.buffer.Buffer}
 * @param bytes size of the data as it came in
 */
public record Incoming(MultiMap headers, @Nullable Object data, int bytes) {
    /**
     * The same, for producers that must say which event of theirs it is.
     *
     * @throws InvalidEventException when id, source or type is missing
     */
    public Incoming whole() {
        Attributes.required(Attributes.ID, headers.get(EventHeaders.ID));
        Attributes.required(Attributes.SOURCE, headers.get(EventHeaders.SOURCE));
        Attributes.required(Attributes.TYPE, headers.get(EventHeaders.TYPE));
        return this;
    }
}
