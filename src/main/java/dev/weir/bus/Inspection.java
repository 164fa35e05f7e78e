package dev.weir.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import org.jspecify.annotations.Nullable;

/** Whether the content of an event is what its policy allows. Pure functions. */
public final class Inspection {
    private Inspection() {}

    /**
     * Looks at type, size and schema.
     *
     * @param bytes size of the data or an upper bound of it
     * @throws Refusal that says what is wrong
     */
    public static void check(Policy policy, String type, @Nullable Object data, int bytes) {
        if (Publisher.LOCAL_TYPES.contains(type)) {
            throw new Refusal(FailureCode.RESERVED_TYPE, "'" + type + "' is a local event type and never travels");
        }
        if (bytes > policy.maxSizeBytes()) {
            int exactly = sizeOf(data);
            if (exactly > policy.maxSizeBytes()) {
                throw new Refusal(
                        FailureCode.TOO_LARGE,
                        "the data has " + exactly + " bytes, at most " + policy.maxSizeBytes() + " are allowed");
            }
        }
        policy.schemas().check(type, data);
    }

    private static int sizeOf(@Nullable Object data) {
        if (data instanceof Buffer bytes) {
            return bytes.length();
        }
        return data == null ? 0 : Json.encodeToBuffer(data).length();
    }
}
