package dev.weir.bus;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a producer gets for an event that was accepted.
 *
 * @param id the event's id, made up when the producer gave none
 * @param kept where it is kept, null on an address that keeps nothing
 * @param repeated whether it was kept before and nothing was done now
 */
public record Receipt(String id, @Nullable Position kept, boolean repeated) {
    /** As clients get it: {@code id}, and {@code epoch} and {@code offset} when it is kept. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject().put("id", id);
        return kept == null ? json : json.put("epoch", kept.epoch()).put("offset", kept.offset());
    }

    /** For an event of an address that keeps nothing. */
    public Receipt(String id) {
        this(id, null, false);
    }
}
