package dev.weir.observe;

import dev.weir.bus.Traces;
import dev.weir.bus.Traces.By;
import dev.weir.event.Attributes;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is answered to who follows an event: events, facts in the order of their times, and what is not known and why. Stateless. */
final class TrailAnswer {
    private static final String CORRELATION = EventHeaders.PREFIX + "correlationid";
    private static final String CAUSATION = EventHeaders.PREFIX + "causationid";

    /** Attributes beside those of every event, and the names under which they are told. */
    private static final List<String> OTHERS =
            List.of("correlationid", "causationid", "authid", "authtype", "weirsession");

    private TrailAnswer() {}

    /** What the event that was asked for belongs to, as far as it was found. */
    static @Nullable String correlationOf(Traces.Query query, Traces.Found found) {
        return found.events().stream()
                .filter(event -> query.by().contains(By.TRACE)
                        || query.id().equals(event.headers().get(EventHeaders.ID)))
                .map(event -> event.headers().get(CORRELATION))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The same out of what was recorded. */
    static @Nullable String correlationOf(Traces.Query query, List<JsonObject> spans) {
        return spans.stream()
                .filter(span -> query.id().equals(span.getString("event")))
                .map(span -> span.getString("correlation"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The spans of all nodes' answers. */
    static List<JsonObject> spans(List<JsonObject> answers) {
        List<JsonObject> all = new ArrayList<>();
        for (JsonObject answer : answers) {
            for (Object span : answer.getJsonArray("spans", new JsonArray())) {
                if (span instanceof JsonObject known) {
                    all.add(known.containsKey("node") ? known : known.put("node", answer.getString("node")));
                }
            }
        }
        return all;
    }

    static JsonObject of(Traces.Query query, Traces.@Nullable Found found, List<JsonObject> spans) {
        List<JsonObject> facts = new ArrayList<>();
        if (found != null) {
            found.facts().forEach(fact -> facts.add(describe(fact)));
        }
        spans.forEach(span -> facts.add(SampledFact.of(span)));
        facts.sort(Comparator.comparing(fact -> fact.getString("at", "~")));
        JsonArray events = new JsonArray();
        if (found != null) {
            found.events().forEach(event -> events.add(describe(event)));
        }
        return new JsonObject()
                .put("query", describe(query))
                .put("events", events)
                .put("facts", new JsonArray(facts))
                .put("unknown", new JsonArray(unknown(found, spans)))
                .put("searched", searched(found))
                .put("truncated", found != null && found.more());
    }

    private static JsonObject describe(Traces.Query query) {
        JsonObject json = new JsonObject()
                .put("id", query.id())
                .put(
                        "by",
                        new JsonArray(query.by().stream()
                                .sorted()
                                .map(way -> way.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.toList())));
        if (query.address() != null) {
            json.put("address", query.address());
        }
        if (query.sinceMillis() > 0) {
            json.put("after", time(query.sinceMillis()));
        }
        if (query.beforeMillis() < Long.MAX_VALUE) {
            json.put("before", time(query.beforeMillis()));
        }
        return json;
    }

    private static String time(long millis) {
        return EventHeaders.formatTime(Instant.ofEpochMilli(millis));
    }

    private static JsonObject describe(Traces.Event event) {
        MultiMap headers = event.headers();
        JsonObject json = new JsonObject()
                .put("address", event.address())
                .put("from", event.from())
                .put("id", headers.get(EventHeaders.ID))
                .put("source", headers.get(EventHeaders.SOURCE));
        put(json, "type", Objects.requireNonNullElse(headers.get(EventHeaders.TYPE), EventHeaders.DEFAULT_TYPE));
        put(json, "subject", headers.get(EventHeaders.SUBJECT));
        put(json, "time", headers.get(EventHeaders.TIME));
        OTHERS.forEach(name -> put(json, name, headers.get(EventHeaders.PREFIX + name)));
        put(json, Attributes.TRACEPARENT, headers.get(Attributes.TRACEPARENT));
        if (event.at() != null) {
            json.put("epoch", event.at().epoch()).put("offset", event.at().offset());
        }
        if (event.keptAtMillis() > 0) {
            json.put("keptAt", time(event.keptAtMillis()));
        }
        json.put("bytes", event.bytes());
        Object body = event.body();
        if (body instanceof Buffer bytes) {
            json.put("data_base64", java.util.Base64.getEncoder().encodeToString(bytes.getBytes()));
        } else if (body != null) {
            json.put("data", body);
        }
        return json;
    }

    private static void put(JsonObject json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static JsonObject describe(Traces.Fact fact) {
        JsonObject json = new JsonObject();
        if (fact.atMillis() > 0) {
            json.put("at", time(fact.atMillis()));
        }
        return json.put("kind", fact.kind())
                .put("event", fact.event())
                .put("where", fact.where())
                .put("what", fact.what())
                .put("source", fact.source())
                .put("detail", fact.detail());
    }

    private static JsonObject searched(Traces.@Nullable Found found) {
        JsonObject json = new JsonObject();
        if (found != null) {
            json.put("events", found.searched().events())
                    .put("logs", found.searched().logs())
                    .put("trimmed", found.searched().trimmed());
            if (found.searched().backToMillis() > 0) {
                json.put("backTo", time(found.searched().backToMillis()));
            }
        }
        return json;
    }

    private static List<JsonObject> unknown(Traces.@Nullable Found found, List<JsonObject> spans) {
        List<JsonObject> unknown = new ArrayList<>();
        if (found == null) {
            say(unknown, "journal", "this node keeps nothing: no address has keep, so there are no durable facts");
        } else {
            durable(unknown, found);
        }
        // What fails is always recorded; only what went well says that the event was sampled.
        if (spans.stream().allMatch(span -> span.getValue("error") != null)) {
            say(
                    unknown,
                    "timings",
                    "not sampled, or forgotten by now: no times of stages and no counts of sessions; send the header"
                            + " weir-trace: 1 with an event to have its way recorded");
        }
        return unknown;
    }

    private static void durable(List<JsonObject> unknown, Traces.Found found) {
        Traces.Searched searched = found.searched();
        if (found.events().isEmpty()) {
            say(
                    unknown,
                    "event",
                    "nothing that is kept has this id, was caused by it or belongs to it; its address keeps nothing, or it never"
                            + " was there"
                            + (searched.trimmed() == 0
                                    ? ""
                                    : ", or it was trimmed: " + searched.trimmed() + " of " + searched.logs()
                                            + " logs have lost their oldest events to retention"));
        }
        if (searched.backToMillis() > 0) {
            String back = time(searched.backToMillis());
            say(
                    unknown,
                    "search",
                    found.more()
                            ? "there are more events than are shown, older than " + back + "; ask again with before="
                                    + back
                            : "searched back to " + back
                                    + " within the time a search may take; for what is older give the"
                                    + " address, or before=" + back);
        } else if (found.more()) {
            say(unknown, "search", "there are more events than are shown; these are the newest");
        }
        found.lacks().forEach(lack -> say(unknown, "journal", lack));
        causes(found)
                .forEach((cause, effect) -> say(
                        unknown,
                        "cause",
                        "the event " + cause + ", which caused " + effect
                                + ", was not found: its address keeps nothing, or it was trimmed"));
    }

    /** Causes that are not among the events, each with an event that it caused. */
    private static Map<String, String> causes(Traces.Found found) {
        Set<String> known = new HashSet<>();
        found.events().forEach(event -> known.add(String.valueOf(event.headers().get(EventHeaders.ID))));
        Map<String, String> missing = new LinkedHashMap<>();
        for (Traces.Event event : found.events()) {
            String cause = event.headers().get(CAUSATION);
            if (cause != null && !known.contains(cause)) {
                missing.putIfAbsent(cause, String.valueOf(event.headers().get(EventHeaders.ID)));
            }
        }
        return missing;
    }

    private static void say(List<JsonObject> unknown, String about, String why) {
        unknown.add(new JsonObject().put("about", about).put("why", why));
    }
}
