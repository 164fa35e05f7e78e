package dev.weir.edge.bridge;

import dev.weir.edge.Session;
import java.time.Duration;
import java.util.List;

/**
 * Gives each session its heartbeat once per period, spread over the period's seconds so that thousands of sessions do not beat at
 * once; nothing is kept per session. Owned by the event loop whose sessions they are.
 */
final class Heartbeats {
    private final int seconds;
    private int now;

    /** @param period at least a second; parts of one are left out */
    Heartbeats(Duration period) {
        this.seconds = (int) Math.max(1, Math.min(period.toSeconds(), Integer.MAX_VALUE));
    }

    /** To be called every second. */
    void secondPassed(List<Session> sessions) {
        now = (now + 1) % seconds;
        for (Session each : sessions) {
            if (each instanceof BridgeSession session
                    && Math.floorMod(session.info().id().hashCode(), seconds) == now) {
                session.beat();
            }
        }
    }
}
