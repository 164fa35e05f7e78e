package dev.weir.observe;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A part of a report that is told as a whole when it changed. Owned by one event loop. */
final class Section {
    private final String name;
    private @Nullable Object value;
    private long changed;

    Section(String name) {
        this.name = name;
    }

    /** What it is in this round. */
    void is(Object now, long round) {
        if (!now.equals(value)) {
            value = now;
            changed = round;
        }
    }

    /** Adds it to what is told, if it changed since a round. */
    void tell(JsonObject news, long since) {
        if (changed >= since) {
            put(news);
        }
    }

    /** Adds it to a whole report. */
    void put(JsonObject report) {
        if (value != null) {
            report.put(name, value);
        }
    }
}
