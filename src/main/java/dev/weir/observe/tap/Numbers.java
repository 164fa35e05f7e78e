package dev.weir.observe.tap;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What became of the events that one tap saw, since it was told the last time. Owned by one event loop. */
final class Numbers {
    /** For which there was no room. */
    long refused;

    /** At which the filter has looked. */
    long looked;

    /** Of those, the ones it let pass. */
    long fit;

    /** Of those, the ones that were shown. */
    long sent;

    /** For which the filter had no value. */
    long failed;

    /** Why, the last time. */
    @Nullable
    String problem;

    long seen() {
        return looked + refused;
    }

    /** Would have been shown, or was not even looked at. */
    long dropped() {
        return fit - sent + refused;
    }

    JsonObject into(JsonObject json) {
        json.put("seen", seen()).put("fit", fit).put("sent", sent).put("dropped", dropped());
        return failed == 0 ? json : json.put("failed", failed).put("problem", problem);
    }
}
