package dev.weir.bus;

import dev.weir.event.EventHeaders;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a producer gets for an event that was accepted.
 *
 * @param id the event's id, made up when the producer gave none
 * @param kept where it is kept, null on an address that keeps nothing
 * @param repeated whether it was kept before and nothing was done now
 * @param deliverAt when it is delivered, null when that was now
 */
public record Receipt(
        String id,
        @Nullable Position kept,
        boolean repeated,
        @Nullable Instant deliverAt) {
    /** For an event that was delivered at once. */
    public Receipt(String id, @Nullable Position kept, boolean repeated) {
        this(id, kept, repeated, null);
    }

    /**
     * As clients get it: {@code id}, {@code epoch} and {@code offset} when it is kept, {@code deliverat} when it is for later.
     */
    public JsonObject toJson() {
        JsonObject json = new JsonObject().put("id", id);
        if (deliverAt != null) {
            json.put(Delay.AT, EventHeaders.formatTime(deliverAt));
        }
        return kept == null ? json : json.put("epoch", kept.epoch()).put("offset", kept.offset());
    }

    /** For an event of an address that keeps nothing. */
    public Receipt(String id) {
        this(id, null, false);
    }
}
