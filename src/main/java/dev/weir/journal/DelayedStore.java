package dev.weir.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of an engine that keeps events until their time comes. {@link #keep} is called by the writer, the rest by any thread; all
 * may block. Time is the store's where several nodes work on it, and else the caller's: a time that is told is used only then.
 *
 * <p>That an event is delivered once rests on its state, which changes within the transaction that appends it: see {@link Append}.
 */
public interface DelayedStore {
    /**
     * What time it is where a store of one node works.
     *
     * @param millis by the machine's clock: it decides what is due
     * @param steadyMillis as if the clock had not been set: it decides how long ago something was
     */
    record Moment(long millis, long steadyMillis) {}

    /** What is to be done, as a whole or not at all. Doing it twice is the same as once. */
    sealed interface Change permits Accept, Mark, Reopen, Forget {}

    /**
     * An event to keep.
     *
     * @param millis due at this time, or so long after it is kept
     * @param relative which of both
     */
    record Order(String key, long millis, boolean relative, EventRow event) {}

    /**
     * Events of one address to keep, all or none.
     *
     * @param most how many may wait on the address
     */
    record Accept(String address, List<Order> orders, int most) implements Change {
        /** Copies what it is given. */
        public Accept {
            orders = List.copyOf(orders);
        }
    }

    /**
     * Events that become something else, unless they are over: delivered or cancelled.
     *
     * @param state what they become; those that are to wait do so for another {@code delayMillis}
     */
    record Mark(List<String> keys, DelayedEvent.State state, long delayMillis) implements Change {
        /** Copies what it is given. */
        public Mark {
            keys = List.copyOf(keys);
        }
    }

    /** What was taken and not delivered waits again. For a store of one node, before that begins to deliver. */
    record Reopen() implements Change {}

    /** Forgets what was over longer ago than a time. */
    record Forget(long ageMillis) implements Change {}

    /**
     * How an event stands after a change.
     *
     * @param changed false when it was known before, or could not become that
     */
    record Standing(boolean changed, DelayedEvent.State state, long dueMillis) {}

    /**
     * Makes changes, durable on return.
     *
     * @return for each how its events stand, in their order; none for an {@link Accept} of which those that are not known
     *     yet would be too many, and for the others
     */
    List<List<Standing>> keep(List<Change> changes, Moment now) throws JournalException;

    /**
     * How long until something is to be done, in milliseconds: zero or less when it is now, {@link Long#MAX_VALUE} when nothing
     * waits.
     */
    long nextMillis(Moment now) throws JournalException;

    /**
     * Events that are due, the longest first: at most so many and about 4 MiB.
     *
     * @param lateMillis only those that have been for so long
     * @param now see above
     */
    List<DelayedEvent> due(long lateMillis, int limit, Moment now) throws JournalException;

    /**
     * At most 100 events of an address with this id, whatever has become of them, without their data but with its size.
     *
     * @param authId whose, null for all
     */
    List<DelayedEvent> find(String address, String id, @Nullable String authId) throws JournalException;

    /**
     * Events that wait on an address, by their time, without their data but with its size.
     *
     * @param authId whose, null for all
     * @param after behind the one with this key, null from the first on
     */
    List<DelayedEvent> waiting(String address, @Nullable String authId, @Nullable String after, int limit)
            throws JournalException;

    /** How many wait. */
    long count() throws JournalException;
}
