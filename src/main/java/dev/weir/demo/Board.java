package dev.weir.demo;

import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers the last minute of what nodes and hosts say of themselves, and how often the button was clicked, so that a browser that
 * comes later need not begin with nothing: a request to {@code board.now} is answered with
 * {@code {events: [{address, source, type, time, data}, ...], clicks}}. Owned by its event loop; bounded in sources and in events of
 * each. It remembers no longer than its node runs.
 */
public final class Board extends VerticleBase {
    private static final List<String> WATCHED = List.of("host.metrics", "node.metrics");
    private static final int EVENTS_PER_SOURCE = 60;
    private static final int MAX_SOURCES = 32;

    private final Map<String, Deque<JsonObject>> recent = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<JsonObject>> eldest) {
            return size() > MAX_SOURCES;
        }
    };
    private long clicks;

    @Override
    public Future<?> start() {
        for (String address : WATCHED) {
            vertx.eventBus().<Object>consumer(address, this::remember);
        }
        vertx.eventBus().<Object>consumer("clicks", click -> clicks++);
        return vertx.eventBus()
                .<Object>consumer("board.now", asked -> asked.reply(now()))
                .completion();
    }

    private void remember(Message<Object> message) {
        MultiMap headers = message.headers();
        String source = headers.get(EventHeaders.SOURCE);
        Deque<JsonObject> events =
                recent.computeIfAbsent(message.address() + ' ' + source, first -> new ArrayDeque<>(EVENTS_PER_SOURCE));
        if (events.size() == EVENTS_PER_SOURCE) {
            events.removeFirst();
        }
        events.addLast(new JsonObject()
                .put("address", message.address())
                .put("source", source)
                .put("type", headers.get(EventHeaders.TYPE))
                .put("time", headers.get(EventHeaders.TIME))
                .put("data", message.body() instanceof JsonObject data ? data.copy() : message.body()));
    }

    private JsonObject now() {
        JsonArray events = new JsonArray();
        recent.values().forEach(source -> source.forEach(events::add));
        return new JsonObject().put("events", events).put("clicks", clicks);
    }
}
