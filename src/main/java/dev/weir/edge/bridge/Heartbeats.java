package dev.weir.edge.bridge;

import dev.weir.edge.Session;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Does something for each session once per period, such as its heartbeat, spread over the period's seconds so that thousands of sessions do not come at
 * once; nothing is kept per session. Owned by the event loop whose sessions they are.
 */
final class Heartbeats {
    private final int seconds;
    private final Consumer<BridgeSession> beat;
    private int now;

    /** @param period at least a second; parts of one are left out */
    Heartbeats(Duration period, Consumer<BridgeSession> beat) {
        this.beat = beat;
        this.seconds = (int) Math.max(1, Math.min(period.toSeconds(), Integer.MAX_VALUE));
    }

    /** To be called every second. */
    void secondPassed(List<Session> sessions) {
        now = (now + 1) % seconds;
        for (Session each : sessions) {
            if (each instanceof BridgeSession session
                    && Math.floorMod(session.info().id().hashCode(), seconds) == now) {
                beat.accept(session);
            }
        }
    }
}
