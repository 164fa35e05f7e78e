package dev.weir.journal;

import java.util.List;

/**
 * The part of an engine in which events are looked for by what names them. By any thread; all may block. An engine that keeps logs and
 * nothing else only searches those.
 */
public interface TraceStore {
    /**
     * A log to search.
     *
     * @param id the store's own name of it, 0 where it has none
     * @param floor nothing is kept up to here
     * @param trimmed whether events of it have been deleted
     * @param appendedMillis when the newest event was appended
     */
    record Log(int id, String address, String epoch, long head, long floor, boolean trimmed, long appendedMillis) {
        /** The same log as if its newest event were another one. */
        public Log endingAt(long offset, long millis) {
            return new Log(id, address, epoch, offset, floor, trimmed, millis);
        }
    }

    /** An event with its place and when it was appended. */
    record Row(long offset, long appendedMillis, EventRow event) {}

    /**
     * What a look at a stretch of a log found.
     *
     * @param rows those that are sought, newest first
     * @param from the stretch began after this offset; there is nothing further back when it is the log's floor
     * @param oldestMillis when its oldest event was appended; nothing further back is newer
     * @param looked how many events it had, about
     */
    record Stretch(List<Row> rows, long from, long oldestMillis, long looked) {
        /** Copies what it is given. */
        public Stretch {
            rows = List.copyOf(rows);
        }
    }

    /**
     * How far something has read a log.
     *
     * @param flow whether it is a flow, else a subscription
     * @param least every partition has read up to here
     * @param most one of them has read up to here
     * @param settled what is settled above it, see {@link Ranges}
     */
    record Reader(String name, boolean flow, String epoch, long least, long most, String settled) {}

    /**
     * An event that waits for another attempt, an answer, or an earlier one of its key.
     *
     * @param flow whether at a stage of a flow, else with a subscription
     * @param stage with the digest of its options; empty for a subscription
     * @param place where it is kept; its address is empty when that is nowhere
     */
    record Waiting(
            String name,
            boolean flow,
            String stage,
            Work.Place place,
            long dueMillis,
            int attempts,
            List<Failure> failures,
            EventRow event) {
        /** Copies what it is given. */
        public Waiting {
            failures = List.copyOf(failures);
        }
    }

    /** All logs. */
    List<Log> logs() throws JournalException;

    /** The end of a log as it was before a time, found by halving; nothing of it is left when the head is not above its floor. */
    Log before(Log log, long millis) throws JournalException;

    /**
     * Looks at some thousand events of a log or fewer.
     *
     * @param to those up to this offset
     * @param limit finds at most so many
     */
    Stretch look(Log log, long to, Sought sought, int limit) throws JournalException;

    /** Who reads a log. */
    default List<Reader> readers(String address) throws JournalException {
        return List.of();
    }

    /** Those of the dead letters, at most {@code limit}. */
    default List<Work.DeadLetter> deadLetters(Sought sought, int limit) throws JournalException {
        return List.of();
    }

    /** Those that wait with subscriptions and flows, at most {@code limit} of each. */
    default List<Waiting> waiting(Sought sought, int limit) throws JournalException {
        return List.of();
    }

    /** Those that wait for their time or did, at most {@code limit}. */
    default List<DelayedEvent> delayed(Sought sought, int limit) throws JournalException {
        return List.of();
    }

    /** What operators did to dead letters since a time, the newest first, as far as it is kept. */
    default List<Row> audit(long sinceMillis, int limit) throws JournalException {
        return List.of();
    }

    /** Whether it knows of more than logs: of subscriptions, flows, dead letters and what is for later. */
    default boolean knowsWork() {
        return false;
    }
}
