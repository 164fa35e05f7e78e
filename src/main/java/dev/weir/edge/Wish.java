package dev.weir.edge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.config.PresenceConfig;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants of the presence on an address.
 *
 * @param mode what to do
 * @param data what the client shows of itself, as JSON text
 * @param key by what a client without a token is known again
 */
public record Wish(
        Mode mode, @Nullable String data, @Nullable String key) {
    private static final int LONGEST_KEY = 128;

    /** What to do. */
    public enum Mode {
        /** Be present, and see who is. */
        JOIN,
        /** See who is present. */
        WATCH,
        /** Neither. */
        NONE
    }

    /**
     * Reads a wish; null when there is none.
     *
     * @param prefix of the names that the client used, for messages
     * @throws Refusal that says what is wrong
     */
    public static @Nullable Wish of(
            String prefix, @Nullable String mode, @Nullable String data, @Nullable String key, PresenceConfig limits) {
        if (mode == null) {
            if (data != null || key != null) {
                throw bad(prefix + " is missing: say join, watch or none");
            }
            return null;
        }
        if (key != null && (key.isEmpty() || key.length() > LONGEST_KEY)) {
            throw bad(prefix + "-key has 1 to " + LONGEST_KEY + " characters");
        }
        return new Wish(mode(prefix, mode), data == null ? null : compact(prefix, data, limits), key);
    }

    private static Mode mode(String prefix, String text) {
        return Arrays.stream(Mode.values())
                .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> bad(prefix + " is join, watch or none"));
    }

    private static String compact(String prefix, String data, PresenceConfig limits) {
        long most = limits.maxData().bytes();
        String compact;
        try {
            compact = Json.encode(Json.decodeValue(data));
        } catch (DecodeException notJson) {
            throw bad(prefix + "-data is not JSON");
        }
        if (compact.getBytes(StandardCharsets.UTF_8).length > most) {
            throw new Refusal(FailureCode.TOO_LARGE, prefix + "-data has more than " + most + " bytes");
        }
        return compact;
    }

    private static Refusal bad(String message) {
        return new Refusal(FailureCode.INVALID_PARAMETER, message);
    }
}
