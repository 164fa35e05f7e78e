package dev.weir.bus;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is kept of an event, of what it belongs to and of what became of it. There is no index for it, since that would cost every
 * append; logs are searched from their newest event back, for a bounded time, and the answer says how far. Thread-safe; never blocks.
 */
public interface Traces {
    /** What an id names. */
    enum By {
        /** One event. */
        EVENT,
        /** All that belongs together. */
        CORRELATION,
        /** A trace of the W3C Trace Context. */
        TRACE
    }

    /**
     * What is looked for.
     *
     * @param by what the id may be
     * @param address in the log of this address only, null for all
     * @param sinceMillis events that were appended then or later, milliseconds since 1970
     * @param beforeMillis and earlier than this
     * @param limit at most so many events
     */
    record Query(String id, Set<By> by, @Nullable String address, long sinceMillis, long beforeMillis, int limit) {
        /** Copies what it is given. */
        public Query {
            by = Set.copyOf(by);
        }
    }

    /**
     * An event that was found.
     *
     * @param from where: {@code journal}, or as a copy in {@code dead-letters}, {@code waiting} or {@code delayed}
     * @param at its place in the log of the address, null when it has none
     * @param keptAtMillis when it was appended, 0 when that is not known
     * @param headers as on the bus
     * @param body a JSON value or bytes
     * @param bytes size of the data, also where the body is left out
     */
    record Event(
            String from,
            String address,
            @Nullable Position at,
            long keptAtMillis,
            MultiMap headers,
            @Nullable Object body,
            int bytes) {}

    /**
     * Something that is known to have happened, or to be so.
     *
     * @param atMillis when, 0 when that is not kept
     * @param kind a word for programs, see docs/tracing.md
     * @param event id of the event, null when it has none
     * @param where an address, a flow's stage, a subscription, a source
     * @param what in words
     * @param source what knows it: {@code journal}, {@code dead-letters}, {@code subscription}, {@code flow}, {@code delayed} or {@code
     *     audit}
     */
    record Fact(
            long atMillis,
            String kind,
            @Nullable String event,
            String where,
            String what,
            String source,
            JsonObject detail) {}

    /**
     * How far was searched.
     *
     * @param events how many were looked at, about
     * @param logs how many logs there are to search
     * @param trimmed from how many of them events have been deleted
     * @param backToMillis everything that was appended then or later was looked at; 0 when all was that had to be
     */
    record Searched(long events, int logs, int trimmed, long backToMillis) {}

    /**
     * What was found.
     *
     * @param events in the order in which they were kept
     * @param facts in no order
     * @param more whether there may be events beyond the limit
     * @param lacks what the journal cannot know, in words
     */
    record Found(List<Event> events, List<Fact> facts, Searched searched, boolean more, List<String> lacks) {
        /** Copies what it is given. */
        public Found {
            events = List.copyOf(events);
            facts = List.copyOf(facts);
            lacks = List.copyOf(lacks);
        }
    }

    /** Searches. Fails with a {@link Refusal}: {@code unavailable}, or {@code busy} while too many others search. */
    Future<Found> find(Query query);
}
