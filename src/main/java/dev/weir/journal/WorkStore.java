package dev.weir.journal;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of an engine that keeps what subscriptions have done. {@link #keep} is called by the writer, the rest by any thread; all
 * may block.
 */
public interface WorkStore {
    /**
     * Where a subscription stands.
     *
     * @param deferred in the order of their logs
     */
    record Standing(List<Work.Cursor> cursors, List<Work.Deferred> deferred) {
        /** Copies what it is given. */
        public Standing {
            cursors = List.copyOf(cursors);
            deferred = List.copyOf(deferred);
        }
    }

    /**
     * Which dead letters, the newest first.
     *
     * @param subscription of this subscription only, null for all
     * @param address from this address only, null for all
     * @param type of events of this type only, null for all
     * @param text whose reason, errors, id, subject or text of the data have this in them, null for all
     * @param before older than the dead letter with this id, null from the newest on
     * @param limit at most so many
     */
    record Query(
            @Nullable String subscription,
            @Nullable String address,
            @Nullable String type,
            @Nullable String text,
            @Nullable String before,
            int limit) {}

    /**
     * Keeps what was done, durable on return.
     *
     * @return for each whether it was kept, false when its fence is no longer in force
     */
    List<Boolean> keep(List<Work> works) throws JournalException;

    /** Where events wait for their time. */
    DelayedStore delayed();

    /** Whether several nodes may work here, so that claims are needed. */
    boolean isShared();

    Standing standing(String subscription) throws JournalException;

    List<Work.DeadLetter> deadLetters(Query query) throws JournalException;

    Work.@Nullable DeadLetter deadLetter(String id) throws JournalException;

    /**
     * Keeps what a subscription that was made over HTTP is, durable on return. Called by the writer.
     *
     * @param spec null when it goes, with its positions and deliveries; its dead letters stay
     */
    void declare(String name, @Nullable String spec) throws JournalException;

    /** The subscriptions that were made over HTTP, by name. */
    Map<String, String> declared() throws JournalException;

    /** The last offset of a log that was appended before a time, in milliseconds since 1970; the floor when none was. */
    long offsetBefore(String address, long millis) throws JournalException;

    /** How many there are. */
    long deadLetters() throws JournalException;

    /**
     * Takes or keeps a claim, for a time.
     *
     * @return under which it may work, null when another node has it
     */
    Work.@Nullable Fence claim(String name, String node, long ttlMillis) throws JournalException;

    /** Gives a claim back, so that another node need not wait for its end. */
    void release(Work.Fence fence, String node) throws JournalException;
}
