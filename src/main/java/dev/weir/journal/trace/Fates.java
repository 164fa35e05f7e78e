package dev.weir.journal.trace;

import dev.weir.bus.FlowJournal;
import dev.weir.bus.Position;
import dev.weir.bus.Traces;
import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import dev.weir.journal.DelayedEvent;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import dev.weir.journal.Sought;
import dev.weir.journal.TraceStore;
import dev.weir.journal.Work;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What became of events, as far as the journal keeps it. Blocking; owned by one thread. */
final class Fates {
    private static final int MOST = 200;
    private static final int MOST_DEEDS = 1_000;
    private static final int MOST_BODY_BYTES = 16 << 10;

    private final TraceStore store;
    private final List<Sought> sought;
    private final Standings standings;
    private final Facts facts = new Facts();
    private final Map<Work.Place, Set<String>> unsettled = new HashMap<>();
    private final Set<Work.Place> places = new HashSet<>();
    private final Set<String> known = new HashSet<>();
    private final List<String> lacks = new ArrayList<>();

    /**
     * @param sought what the events were found by
     * @param inForce what reads logs now
     */
    Fates(TraceStore store, List<Sought> sought, InForce inForce) {
        this.store = store;
        this.sought = sought;
        this.standings = new Standings(store, inForce, facts);
    }

    List<Traces.Fact> facts() {
        return facts.all();
    }

    List<String> lacks() {
        return lacks;
    }

    /** The events that were found in logs, and those of which only a copy is left, which come first. */
    List<Traces.Event> follow(List<Search.Hit> hits) throws JournalException {
        List<Traces.Event> events = new ArrayList<>();
        for (Search.Hit hit : hits) {
            Work.Place place = hit.place();
            places.add(place);
            events.add(event("journal", place, hit.appendedMillis(), hit.event()));
            emitted(hit.event(), place.address());
            facts.kept(hit.event(), place, hit.appendedMillis());
        }
        if (!store.knowsWork()) {
            lacks.add("this journal keeps no subscriptions, dead letters or events for later");
            return events;
        }
        List<Traces.Event> copies = copies();
        for (Search.Hit hit : hits) {
            standings.of(hit, unsettled.getOrDefault(hit.place(), Set.of()));
        }
        copies.addAll(events);
        deeds(copies);
        return copies;
    }

    private List<Traces.Event> copies() throws JournalException {
        Map<String, Traces.Event> copies = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (Sought each : sought) {
            for (Work.DeadLetter letter : store.deadLetters(each, MOST)) {
                if (seen.add(letter.id())) {
                    open(letter.place(), letter.subscription());
                    facts.dead(letter);
                    copy(copies, "dead-letters", letter.place(), letter.event());
                }
            }
            for (TraceStore.Waiting one : store.waiting(each, MOST)) {
                if (seen.add(one.name() + " " + one.stage() + one.place()
                        + one.event().id())) {
                    open(one.place(), one.flow() ? FlowJournal.subscription(one.name()) : one.name());
                    facts.waiting(one);
                    copy(copies, "waiting", one.place(), one.event());
                }
            }
            for (DelayedEvent one : store.delayed(each, MOST)) {
                if (seen.add("delayed " + one.key())) {
                    facts.delayed(one);
                    if (one.state() != DelayedEvent.State.DELIVERED) {
                        copy(copies, "delayed", new Work.Place("", "", 0), one.address(), one.event());
                    }
                }
            }
        }
        return new ArrayList<>(copies.values());
    }

    /** What was done to their dead letters, which are gone; nothing of it is older than they are. */
    private void deeds(List<Traces.Event> events) throws JournalException {
        Set<String> ids = new HashSet<>();
        long since = Long.MAX_VALUE;
        for (Traces.Event event : events) {
            ids.add(String.valueOf(event.headers().get(EventHeaders.ID)));
            since = Math.min(since, event.keptAtMillis());
        }
        if (!ids.isEmpty()) {
            for (TraceStore.Row row : store.audit(since, MOST_DEEDS)) {
                facts.deed(row, ids);
            }
        }
    }

    private void open(Work.Place place, String name) {
        unsettled.computeIfAbsent(place, first -> new HashSet<>()).add(name);
    }

    private void copy(Map<String, Traces.Event> copies, String from, Work.Place place, EventRow event) {
        copy(copies, from, place, place.address(), event);
    }

    private void copy(Map<String, Traces.Event> copies, String from, Work.Place place, String address, EventRow event) {
        String name = address + " " + event.id();
        if (places.contains(place) || copies.containsKey(name)) {
            return;
        }
        Work.Place shown = place.address().isEmpty() ? new Work.Place(address, "", 0) : place;
        copies.put(name, event(from, shown, 0, event));
        emitted(event, address);
        if (!place.address().isEmpty()) {
            lacks.add("the event " + event.id() + " is not at " + place.epoch() + ":" + place.offset() + " of "
                    + place.address()
                    + " any more (trimmed, or beyond what was searched); what is shown is its copy among "
                    + from);
        }
    }

    private static Traces.Event event(String from, Work.Place place, long keptAt, EventRow event) {
        MultiMap headers = event.busHeaders();
        byte[] data = event.data();
        int bytes = data == null ? 0 : data.length;
        return new Traces.Event(
                from,
                place.address(),
                place.epoch().isEmpty() ? null : new Position(place.epoch(), place.offset()),
                keptAt,
                headers,
                bytes > MOST_BODY_BYTES ? null : event.body(),
                bytes);
    }

    private void emitted(EventRow event, String address) {
        if (known.add(address + " " + event.source() + " " + event.id())) {
            facts.emitted(event, millis(event.time()));
        }
    }

    /** When its producer says that it was; 0 when that cannot be read. */
    private static long millis(@Nullable String time) {
        try {
            return time == null ? 0 : EventHeaders.parseTime(time).toEpochMilli();
        } catch (InvalidEventException unreadable) {
            return 0;
        }
    }

    static JsonObject time(JsonObject json, String name, long millis) {
        return millis == 0 ? json : json.put(name, EventHeaders.formatTime(Instant.ofEpochMilli(millis)));
    }
}
