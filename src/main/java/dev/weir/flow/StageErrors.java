package dev.weir.flow;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The last errors of a stage, the same in words counted together. One thread notes, any reads. */
final class StageErrors {
    private static final int MOST = 5;

    private record Noted(String error, String event, long atMillis, long times) {}

    private volatile List<Noted> noted = List.of();

    /** @param event the id of the event that was at the stage, empty where there was none */
    void note(long atMillis, String error, String event) {
        List<Noted> now = new ArrayList<>(MOST + 1);
        long times = 1;
        for (Noted each : noted) {
            if (each.error.equals(error)) {
                times += each.times;
            } else {
                now.add(each);
            }
        }
        now.add(0, new Noted(error, event, atMillis, times));
        noted = List.copyOf(now.subList(0, Math.min(MOST, now.size())));
    }

    /** The newest first. */
    JsonArray toJson() {
        JsonArray all = new JsonArray();
        for (Noted each : noted) {
            all.add(new JsonObject()
                    .put("at", each.atMillis)
                    .put("error", each.error)
                    .put("event", each.event)
                    .put("times", each.times));
        }
        return all;
    }
}
