package dev.weir.observe;

import dev.weir.bus.Counters;
import dev.weir.bus.Report;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** How the node is doing. Owned by the event loop of the reports. */
public final class Overview {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final Counters counters;

    /** @param counters what the node counts */
    public Overview(Counters counters) {
        this.counters = counters;
    }

    /** Adds itself. */
    public void report(Reports reports) {
        reports.add(Report.OVERVIEW, EVERY, this::now, this::now);
    }

    private JsonObject now() {
        return new JsonObject().put("sessions", counters.sessions());
    }
}
