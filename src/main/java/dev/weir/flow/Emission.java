package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.FlowCommit;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that came out of a flow. Immutable.
 *
 * @param to an address, or the id of another target
 * @param cause the id of the event that caused it
 */
record Emission(
        long atMillis,
        String to,
        @Nullable String type,
        @Nullable String key,
        @Nullable Object data,
        @Nullable String cause) {
    static final String CAUSATION = EventHeaders.headerOf("causationid");

    /** An event with its headers, as it is emitted or was. */
    static Emission of(long atMillis, String to, MultiMap headers, @Nullable Object data) {
        return new Emission(
                atMillis,
                to,
                headers.get(EventHeaders.TYPE),
                headers.get(EventHeaders.SUBJECT),
                data,
                headers.get(CAUSATION));
    }

    /** A dead letter, as if it came out at the address on which they are told. */
    static Emission of(FlowCommit.Dead letter) {
        JsonObject data = new JsonObject()
                .put("stage", StageMemory.idOf(letter.hop()))
                .put(
                        "error",
                        letter.failures().get(letter.failures().size() - 1).error());
        MultiMap headers = letter.headers();
        return new Emission(
                letter.atMillis(),
                Addresses.DEAD_LETTERS,
                letter.reason(),
                headers.get(EventHeaders.SUBJECT),
                data,
                headers.get(EventHeaders.ID));
    }

    /** As it is shown. */
    JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("at", Instant.ofEpochMilli(atMillis).toString())
                .put("to", to)
                .put("type", type);
        if (key != null) {
            json.put("key", key);
        }
        if (cause != null) {
            json.put("cause", cause);
        }
        return data instanceof Buffer bytes ? json.put("data_base64", bytes.getBytes()) : json.put("data", data);
    }
}
