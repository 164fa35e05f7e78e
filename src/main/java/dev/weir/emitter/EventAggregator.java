package dev.weir.emitter;

import dev.weir.event.Event;
import dev.weir.time.Timers;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for several events that belong together, and hands them on as one: when all types have come, when a condition holds, or
 * with what is there when the time is over. Says by which (after the Aggregator of Hohpe and Woolf, Enterprise Integration
 * Patterns, 2003).
 *
 * <pre>{@code
 * EventAggregator.of(vertx).all("paid", "packed").within(Duration.ofHours(1))
 *     .onComplete(order -> ship(order.key(), order.by()))
 *     .listen(orders);
 * }</pre>
 *
 * <p>Events belong together when they have the same key, which is their subject unless said. What comes after an aggregate was
 * complete begins another one. Belongs to the context that made it. What it has gathered is in memory: a flow is for what must not be lost.
 */
public final class EventAggregator {
    private static final Logger LOG = LoggerFactory.getLogger(EventAggregator.class);
    private static final int DEFAULT_OPEN = 10_000;

    /** Why an aggregate was handed on. */
    public enum CompletedBy {
        /** Every type has come. */
        ALL,
        /** The condition held. */
        CONDITION,
        /** The time was over. */
        TIMEOUT,
        /** Too many were open, and this was the oldest. */
        FULL,
        /** {@link EventAggregator#close} was called. */
        CLOSED;

        /** As it is written: {@code all}, {@code condition}, ... */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Events that belong together.
     *
     * @param key what they have in common; empty for events without subject
     * @param events in the order in which they came, one or more
     */
    public record Aggregate(String key, CompletedBy by, List<Event> events) {
        /** Copies the events. */
        public Aggregate {
            events = List.copyOf(events);
        }

        /** Whether it is all that was waited for. */
        public boolean isWhole() {
            return by == CompletedBy.ALL || by == CompletedBy.CONDITION;
        }

        /** The newest event of a type, null when none came. */
        public @Nullable Event of(String type) {
            return events.stream()
                    .filter(event -> event.type().equals(type))
                    .reduce((older, newer) -> newer)
                    .orElse(null);
        }
    }

    private record Open(List<Event> events, Timers.@Nullable Timer timer) {}

    private final Timers timers;
    private final Map<String, Open> open = new LinkedHashMap<>();
    private final List<Consumer<Aggregate>> listeners = new ArrayList<>(1);
    private final List<Runnable> leaving = new ArrayList<>(1);
    private Function<Event, @Nullable String> keyOf = Event::subject;
    private Set<String> types = Set.of();
    private @Nullable Predicate<List<Event>> condition;
    private @Nullable Duration patience;
    private int most = DEFAULT_OPEN;

    /** One that waits for nothing yet. */
    public EventAggregator(Timers timers) {
        this.timers = timers;
    }

    /** On the timers of this Vert.x instance. */
    public static EventAggregator of(Vertx vertx) {
        return new EventAggregator(Timers.of(vertx));
    }

    /** Complete when an event of each of these types has come. */
    public EventAggregator all(String... each) {
        types = Set.of(each);
        return this;
    }

    /** Complete when this holds of the events so far. */
    public EventAggregator until(Predicate<List<Event>> holds) {
        condition = holds;
        return this;
    }

    /** Complete so long after its first event, with what is there. */
    public EventAggregator within(Duration time) {
        patience = time;
        return this;
    }

    /** What events have in common that belong together; null is the empty key. The subject unless said. */
    public EventAggregator by(Function<Event, @Nullable String> key) {
        keyOf = key;
        return this;
    }

    /** How many keys may wait at once, 1 or more; 10,000 unless said. The oldest is handed on as it is when there are more. */
    public EventAggregator atMost(int keys) {
        if (keys < 1) {
            throw new IllegalArgumentException("at least one key may wait, not " + keys);
        }
        most = keys;
        return this;
    }

    /** Hears of every aggregate. */
    public EventAggregator onComplete(Consumer<Aggregate> listener) {
        listeners.add(listener);
        return this;
    }

    /** Takes the events of an emitter: those of {@link #all}, or every one where no types were named. */
    public EventAggregator listen(Emitter emitter) {
        Listener<Object> ear = (data, event) -> add(event);
        Set<String> heard = types.isEmpty() ? Set.of(Emitter.ALL) : types;
        heard.forEach(type -> emitter.on(type, ear));
        leaving.add(() -> heard.forEach(type -> emitter.off(type, ear)));
        return this;
    }

    /**
     * Takes an event.
     *
     * @throws IllegalStateException when nothing was said of when it is complete
     */
    public void add(Event event) {
        if (types.isEmpty() && condition == null && patience == null) {
            throw new IllegalStateException("say when it is complete: all(...), until(...) or within(...)");
        }
        String known = keyOf.apply(event);
        String key = known == null ? "" : known;
        Open gathered = open.get(key);
        if (gathered == null) {
            makeRoom();
            gathered = new Open(new ArrayList<>(), timer(key));
            open.put(key, gathered);
        }
        gathered.events.add(event);
        if (!types.isEmpty() && typesOf(gathered.events).containsAll(types)) {
            complete(key, CompletedBy.ALL);
        } else if (condition != null && condition.test(List.copyOf(gathered.events))) {
            complete(key, CompletedBy.CONDITION);
        }
    }

    private static Set<String> typesOf(List<Event> events) {
        return events.stream().map(Event::type).collect(Collectors.toSet());
    }

    private void makeRoom() {
        if (open.size() >= most) {
            complete(open.keySet().iterator().next(), CompletedBy.FULL);
        }
    }

    private Timers.@Nullable Timer timer(String key) {
        return patience == null ? null : timers.after(patience, () -> complete(key, CompletedBy.TIMEOUT));
    }

    private void complete(String key, CompletedBy by) {
        Open gathered = open.remove(key);
        if (gathered == null) {
            return;
        }
        if (gathered.timer != null) {
            gathered.timer.cancel();
        }
        SafeEmit.to(listeners, new Aggregate(key, by, gathered.events)).log(LOG, "a listener of an aggregator");
    }

    /** How many keys wait for events. */
    public int open() {
        return open.size();
    }

    /** Leaves the emitters and hands on what is there. */
    public void close() {
        leaving.forEach(Runnable::run);
        leaving.clear();
        List.copyOf(open.keySet()).forEach(key -> complete(key, CompletedBy.CLOSED));
    }
}
