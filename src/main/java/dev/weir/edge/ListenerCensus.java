package dev.weir.edge;

import dev.weir.bus.LocalAnswers;
import dev.weir.edge.fanout.Fanout;
import io.vertx.core.json.JsonObject;

/**
 * Tells the census how many sessions of this loop listen to each address, by edge, and how many consumers of the bus stand for
 * them: those are no listeners of their own.
 */
final class ListenerCensus {
    private ListenerCensus() {}

    static void answer(LocalAnswers answers, Fanout fanout) {
        answers.answer(LocalAnswers.LISTENERS, query -> {
            String only = query.getString("address");
            JsonObject sessions = new JsonObject();
            JsonObject edges = new JsonObject();
            fanout.census((address, bridge, sse) -> {
                if (only != null && !only.equals(address)) {
                    return;
                }
                if (bridge + sse > 0) {
                    sessions.put(address, new JsonObject().put("bridge", bridge).put("sse", sse));
                }
                edges.put(address, 1);
            });
            return new JsonObject().put("sessions", sessions).put("edges", edges);
        });
    }
}
