package dev.weir.edge;

import dev.weir.bus.LocalAnswers;
import dev.weir.edge.fanout.Fanout;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Tells the census how many sessions of this loop listen to each address, and which registrations stand for them. */
final class ListenerCensus {
    private ListenerCensus() {}

    static void answer(LocalAnswers answers, Fanout fanout) {
        answers.answer(LocalAnswers.LISTENERS, query -> {
            JsonObject listeners = new JsonObject();
            fanout.census().forEach(listeners::put);
            return new JsonObject()
                    .put("listeners", listeners)
                    .put("registrations", new JsonArray(fanout.registrations()));
        });
    }
}
