package dev.weir.cli;

import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an event stream as a command needs them: the data of each event, and why the server ended. What the stream says of itself is
 * no event. Fed by one thread.
 */
final class EventLines implements Consumer<String> {
    private static final String EVENT = "event:";
    private static final String DATA = "data:";
    /** What every event has and nothing else. */
    private static final String ATTRIBUTE = "\"specversion\":";

    private final Consumer<String> events;
    private String name = "";
    private @Nullable String ended;

    /** @param events gets the JSON of each event */
    EventLines(Consumer<String> events) {
        this.events = events;
    }

    @Override
    public void accept(String line) {
        if (line.startsWith(EVENT)) {
            name = line.substring(EVENT.length()).trim();
        } else if (line.startsWith(DATA)) {
            String data = line.substring(DATA.length()).trim();
            if (data.contains(ATTRIBUTE)) {
                events.accept(data);
            } else if (name.equals("weir-closed")) {
                ended = new JsonObject(data).getString("reason");
            }
        }
    }

    /** Why there will be no more. */
    String end() {
        return "the server ended the stream" + (ended == null ? "" : ": " + ended);
    }
}
