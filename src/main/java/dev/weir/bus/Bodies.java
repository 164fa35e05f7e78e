package dev.weir.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What is sent over the bus, before the bus has copied it. Stateless. */
public final class Bodies {
    private Bodies() {}

    /** The same, so that whoever sent it may go on with its own: JSON and bytes are copied, whatever else is returned as it is. */
    public static @Nullable Object copy(@Nullable Object body) {
        if (body instanceof JsonObject object) {
            return object.copy();
        }
        if (body instanceof JsonArray array) {
            return array.copy();
        }
        if (body instanceof byte[] bytes) {
            return Buffer.buffer(bytes.clone());
        }
        return body instanceof Buffer bytes ? bytes.copy() : body;
    }
}
