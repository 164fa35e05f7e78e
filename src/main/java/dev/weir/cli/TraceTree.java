package dev.weir.cli;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The answer to who follows an event, as lines for a terminal: each event below the one that caused it, with its facts. What comes out of
 * events is not trusted: characters that steer terminals are not printed.
 */
final class TraceTree {
    private final List<JsonObject> facts;
    private final List<JsonObject> events = new ArrayList<>();
    private final List<JsonObject> unknown;
    private final Map<String, List<JsonObject>> effects = new LinkedHashMap<>();
    private final Set<String> shown = new HashSet<>();
    private final List<String> lines = new ArrayList<>();

    TraceTree(JsonObject answer) {
        this.facts = list(answer, "facts");
        this.unknown = list(answer, "unknown");
        Set<String> ids = new HashSet<>();
        for (JsonObject event : list(answer, "events")) {
            events.add(event);
            ids.add(event.getString("id"));
        }
        // What was never kept is known by what was recorded of it.
        for (JsonObject fact : facts) {
            String id = fact.getString("event");
            if (id != null && ids.add(id)) {
                events.add(new JsonObject().put("id", id));
            }
        }
        for (JsonObject event : events) {
            String cause = event.getString("causationid");
            if (cause != null && ids.contains(cause) && !cause.equals(event.getString("id"))) {
                effects.computeIfAbsent(cause, first -> new ArrayList<>()).add(event);
            }
        }
        for (JsonObject event : events) {
            if (effects.values().stream().noneMatch(caused -> caused.contains(event))) {
                show(event, "", "");
            }
        }
        // What caused itself, in a circle, has no beginning.
        events.forEach(event -> show(event, "", ""));
    }

    private static List<JsonObject> list(JsonObject answer, String name) {
        return answer.getJsonArray(name).stream().map(JsonObject.class::cast).toList();
    }

    boolean isEmpty() {
        return events.isEmpty() && facts.isEmpty();
    }

    List<String> lines() {
        return lines;
    }

    /** What is not known, and why. */
    List<String> unknown() {
        List<String> all = new ArrayList<>();
        unknown.forEach(each -> all.add("unknown: " + clean(each.getString("about") + ": " + each.getString("why"))));
        return all;
    }

    private void show(JsonObject event, String first, String indent) {
        String id = event.getString("id");
        if (!shown.add(event.getString("address") + " " + id)) {
            return;
        }
        lines.add(first + clean(title(event)));
        List<JsonObject> caused = effects.getOrDefault(String.valueOf(id), List.of());
        String beside = indent + (caused.isEmpty() ? "    " : "|   ");
        boolean isFirst = shown.add("facts of " + id);
        facts.stream()
                .filter(fact -> isFirst && Objects.equals(id, fact.getString("event")))
                .forEach(fact -> lines.add(beside + clean(line(fact))));
        for (int i = 0; i < caused.size(); i++) {
            boolean last = i == caused.size() - 1;
            show(caused.get(i), indent + "+-- ", indent + (last ? "    " : "|   "));
        }
    }

    private static String title(JsonObject event) {
        String address = event.getString("address");
        if (address == null) {
            return event.getString("id") + "  (not kept)";
        }
        String place =
                event.containsKey("offset") ? "  " + event.getString("epoch") + ":" + event.getLong("offset") : "";
        String copy = "journal".equals(event.getString("from")) ? "" : "  (a copy: " + event.getString("from") + ")";
        return address + "  " + event.getString("type") + "  " + event.getString("id") + place + copy;
    }

    private static String line(JsonObject fact) {
        boolean sampled = "sampled".equals(fact.getString("source"));
        String at = fact.getString("at");
        Number micros = (Number) fact.getJsonObject("detail", new JsonObject()).getValue("micros");
        String took = micros == null ? "" : String.format(Locale.ROOT, "  %.3f ms", micros.doubleValue() / 1_000);
        return String.format(
                Locale.ROOT,
                "%-24s  %-7s  %-11s  %s: %s%s",
                at == null ? "(time not kept)" : at,
                sampled ? "sampled" : "durable",
                fact.getString("kind"),
                fact.getString("where"),
                fact.getString("what"),
                took);
    }

    private static String clean(String text) {
        return text.replaceAll("\\p{Cntrl}|\\p{Cf}", "\uFFFD");
    }
}
