package dev.weir.observe;

import dev.weir.event.EventHeaders;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** A recorded step as a fact among the durable ones. Stateless. */
final class SampledFact {
    private static final List<String> DETAILS = List.of("node", "micros", "trace", "span", "parent", "error");

    private SampledFact() {}

    /** @param span as {@link dev.weir.bus.LocalAnswers#SPANS} has it */
    static JsonObject of(JsonObject span) {
        JsonObject detail = span.getJsonObject("detail", new JsonObject()).copy();
        for (String name : DETAILS) {
            if (span.getValue(name) != null) {
                detail.put(name, span.getValue(name));
            }
        }
        String kind = span.getString("kind", "span");
        JsonObject fact = new JsonObject();
        if (span.getValue("at") instanceof Number at) {
            fact.put("at", EventHeaders.formatTime(Instant.ofEpochMilli(at.longValue())));
        }
        return fact.put("kind", kind)
                .put("event", span.getString("event"))
                .put("where", span.getString("name", ""))
                .put("what", words(kind, detail, span.getString("error", "")))
                .put("source", "sampled")
                .put("detail", detail);
    }

    private static String words(String kind, JsonObject detail, String error) {
        String done =
                switch (kind) {
                    case "accept" -> "came in";
                    case "commit" -> "was made durable";
                    case "feed" -> "came out of its log";
                    case "deliver" -> "was written to " + sessions(detail);
                    case "handle" -> "was handled by " + detail.getValue("verticle", "code outside any verticle");
                    case "flow" -> "was taken by the flow";
                    case "stage" -> "went through the stage";
                    case "retry" -> "is tried again";
                    case "dead-letter" -> "became a dead letter";
                    case "request" -> "was sent as a request";
                    case "reply" -> "was replied to";
                    case "subscription" -> "was given to a consumer, or settled";
                    default -> kind;
                };
        return error.isEmpty() ? done : done + ": " + error;
    }

    private static String sessions(JsonObject detail) {
        Object count = detail.getValue("sessions");
        return count instanceof Number number
                ? number.longValue() == 1 ? "1 session" : number + " sessions"
                : "sessions";
    }
}
