package dev.weir.journal.trace;

import dev.weir.bus.Addresses;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Traces.Fact;
import dev.weir.event.EventHeaders;
import dev.weir.journal.DelayedEvent;
import dev.weir.journal.EventRow;
import dev.weir.journal.Failure;
import dev.weir.journal.TraceStore;
import dev.weir.journal.TraceStore.Reader;
import dev.weir.journal.TraceStore.Waiting;
import dev.weir.journal.Work;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts what the journal knows into words, for people and for programs. Owned by one thread. */
final class Facts {
    private static final String SESSION = EventHeaders.PREFIX + "weirsession";

    private final List<Fact> all = new ArrayList<>();

    List<Fact> all() {
        return all;
    }

    private void add(
            long atMillis, String kind, EventRow event, String where, String what, String source, JsonObject detail) {
        all.add(new Fact(atMillis, kind, event.id(), where, what, source, detail));
    }

    void emitted(EventRow event, long atMillis) {
        MultiMap headers = event.busHeaders();
        JsonObject detail = new JsonObject();
        put(detail, "authid", event.authId());
        put(detail, "weirsession", headers.get(SESSION));
        String who = event.authId() == null ? "" : " by " + event.authId();
        add(atMillis, "emitted", event, String.valueOf(event.source()), "emitted" + who, "journal", detail);
    }

    private static void put(JsonObject json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    void kept(EventRow event, Work.Place place, long atMillis) {
        add(
                atMillis,
                "kept",
                event,
                place.address(),
                "kept at " + place.epoch() + ":" + place.offset(),
                "journal",
                new JsonObject().put("epoch", place.epoch()).put("offset", place.offset()));
    }

    void standing(Reader reader, EventRow event, String kind, String what, JsonObject detail) {
        add(0, kind, event, reader.name(), what, reader.flow() ? "flow" : "subscription", detail);
    }

    void dead(Work.DeadLetter letter) {
        String flow = FlowJournal.flowOf(letter.subscription());
        String hop = Work.hopName(letter.hop());
        String where = flow == null ? letter.subscription() : flow + " / " + hop;
        failures(letter.failures(), letter.event(), where, "dead-letters");
        String why = letter.reason().equals("attempts") ? "attempts are used up" : letter.reason();
        JsonObject detail = of(flow, letter.subscription())
                .put("letter", letter.id())
                .put("hop", hop)
                .put("reason", letter.reason())
                .put("attempts", letter.attempts());
        String times = letter.attempts() == 1 ? "1 attempt" : letter.attempts() + " attempts";
        add(
                letter.atMillis(),
                "dead-letter",
                letter.event(),
                where,
                "dead letter after " + times + ": " + why,
                "dead-letters",
                detail);
    }

    void waiting(Waiting one) {
        String stage = Work.hopName(one.stage());
        String where = one.flow() ? one.name() + " / " + stage : one.name();
        String source = one.flow() ? "flow" : "subscription";
        failures(one.failures(), one.event(), where, source);
        JsonObject detail = of(one.flow() ? one.name() : null, one.name()).put("attempts", one.attempts());
        Fates.time(detail, "due", one.dueMillis());
        String what = one.attempts() == 0
                ? "waits: for its turn, an answer, or an earlier event of its key"
                : "waits for attempt " + (one.attempts() + 1);
        add(0, "waiting", one.event(), where, what + at(one.dueMillis()), source, detail);
    }

    private static JsonObject of(@Nullable String flow, String subscription) {
        return flow == null ? new JsonObject().put("subscription", subscription) : new JsonObject().put("flow", flow);
    }

    private static String at(long millis) {
        return millis == 0
                ? ""
                : ", not before " + Fates.time(new JsonObject(), "due", millis).getString("due");
    }

    private void failures(List<Failure> failures, EventRow event, String where, String source) {
        for (int i = 0; i < failures.size(); i++) {
            Failure failure = failures.get(i);
            JsonObject detail = new JsonObject().put("attempt", i + 1).put("error", failure.error());
            add(
                    failure.atMillis(),
                    "failed",
                    event,
                    where,
                    "attempt " + (i + 1) + " failed: " + failure.error(),
                    source,
                    detail);
        }
    }

    void delayed(DelayedEvent one) {
        String what =
                switch (one.state()) {
                    case WAITING -> "waits for its time" + at(one.dueMillis());
                    case TAKEN -> "its time has come; it is being delivered";
                    case DELIVERED -> "was for later, and was delivered when its time came" + at(one.dueMillis());
                    case CANCELLED -> "was for later, and was taken back";
                };
        JsonObject detail = new JsonObject().put("state", one.state().name().toLowerCase(Locale.ROOT));
        add(0, "delayed", one.event(), one.address(), what, "delayed", Fates.time(detail, "due", one.dueMillis()));
    }

    /** What an operator did to dead letters, told for each of the events that is among them. */
    void deed(TraceStore.Row row, Set<String> events) {
        if (!(row.event().body() instanceof JsonObject data)
                || !data.getString("outcome", "").equals("done")) {
            return;
        }
        JsonObject what = data.getJsonObject("what", new JsonObject());
        String by = data.getString("by", "somebody");
        String done = "dead-letters.replay".equals(row.event().type()) ? "replayed" : "discarded";
        for (Object id : what.getJsonArray("events", new JsonArray())) {
            if (id instanceof String event && events.contains(event)) {
                JsonObject detail = new JsonObject().put("by", by);
                put(detail, "letter", what.getString("id"));
                all.add(new Fact(
                        row.appendedMillis(),
                        done,
                        event,
                        Addresses.AUDIT,
                        "its dead letter was " + done + " by " + by,
                        "audit",
                        detail));
            }
        }
    }
}
