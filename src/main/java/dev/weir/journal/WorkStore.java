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
     * Which dead letters.
     *
     * @param subscription of this subscription only, null for all
     * @param address from this address only, null for all
     * @param type of events of this type only, null for all
     * @param reason that are there for this reason only, null for all
     * @param text whose reason, errors, id, subject or text of the data have this in them, null for all
     * @param error whose last error is of the same {@link ErrorKind}, null for all
     * @param sinceMillis that died then or later, null for all
     * @param untilMillis that died before, null for all
     */
    record Filter(
            @Nullable String subscription,
            @Nullable String address,
            @Nullable String type,
            @Nullable String reason,
            @Nullable String text,
            @Nullable String error,
            @Nullable Long sinceMillis,
            @Nullable Long untilMillis) {
        /** All of them. */
        public static final Filter ALL = new Filter(null, null, null, null, null, null, null, null);

        /** Those of a subscription. */
        public static Filter of(@Nullable String subscription, @Nullable String text) {
            return new Filter(subscription, null, null, null, text, null, null, null);
        }

        /** Whether the tables know all that it asks for, without a look at each dead letter. */
        public boolean isInTables() {
            return text == null && error == null;
        }
    }

    /**
     * Which dead letters, in which order.
     *
     * @param after what follows this one, null from the first
     * @param oldestFirst in which order they follow each other
     * @param limit at most so many
     */
    record Query(Filter filter, @Nullable Mark after, boolean oldestFirst, int limit) {}

    /**
     * Dead letters that died in the same place and of errors of one kind.
     *
     * @param hop where they got stuck
     * @param error the last one, or what those have in common; see {@link ErrorKind}
     * @param firstMillis when the first of them died
     * @param sample the id of one of the newest
     */
    record Group(
            String subscription,
            String hop,
            String reason,
            String error,
            long count,
            long firstMillis,
            long lastMillis,
            String sample) {
        /** Both together. */
        public Group with(Group other) {
            return new Group(
                    subscription,
                    hop,
                    reason,
                    error,
                    count + other.count,
                    Math.min(firstMillis, other.firstMillis),
                    Math.max(lastMillis, other.lastMillis),
                    lastMillis >= other.lastMillis ? sample : other.sample);
        }
    }

    /**
     * Dead letters by where and why they died.
     *
     * @param groups the largest first, at most 200
     * @param looked how many dead letters were counted
     * @param complete whether these are all; else the newest
     */
    record Groups(List<Group> groups, long looked, boolean complete) {
        /** Copies what it is given. */
        public Groups {
            groups = List.copyOf(groups);
        }
    }

    /**
     * A place among the dead letters, in either order; good also when the one it names is gone.
     *
     * @param millis when it died
     */
    record Mark(long millis, String id) {
        /** Reads what {@link #toString} wrote; null when it is something else. */
        public static @Nullable Mark parse(String text) {
            int dot = text.indexOf('.');
            try {
                return dot < 0 ? null : new Mark(Long.parseLong(text.substring(0, dot)), text.substring(dot + 1));
            } catch (NumberFormatException notOne) {
                return null;
            }
        }

        @Override
        public String toString() {
            return millis + "." + id;
        }
    }

    /**
     * Some dead letters.
     *
     * @param next where to go on, null when there are no more; a page may have fewer than were asked for, or none, before that
     */
    record Page(List<Work.DeadLetter> letters, @Nullable Mark next) {
        /** Copies what it is given. */
        public Page {
            letters = List.copyOf(letters);
        }
    }

    /**
     * Keeps what was done, durable on return.
     *
     * @return for each whether it was kept, false when its fence is no longer in force
     */
    List<Boolean> keep(List<Work> works) throws JournalException;

    /** Where events wait for their time. */
    DelayedStore delayed();

    /** Where cuts through flows are kept. */
    FlowStore flows();

    /** Whether several nodes may work here, so that claims are needed. */
    boolean isShared();

    Standing standing(String subscription) throws JournalException;

    Page deadLetters(Query query) throws JournalException;

    /** Counts a bounded number of dead letters, the newest, by where and why they died. */
    Groups deadLetterGroups(Filter filter) throws JournalException;

    Work.@Nullable DeadLetter deadLetter(String id) throws JournalException;

    /**
     * Keeps what a subscription that was made over HTTP is, durable on return. Called by the writer.
     *
     * @param spec null when it goes, with its positions and deliveries; its dead letters stay
     */
    void declare(String name, @Nullable String spec) throws JournalException;

    /** The subscriptions that were made over HTTP, by name. */
    Map<String, String> declared() throws JournalException;

    /** How many dead letters there were when retention last looked; 0 where another node does. Never blocks. */
    long deadLetters();

    /** How many dead letters retention has deleted through this engine. Never blocks. */
    long trimmedDeadLetters();

    /**
     * Takes or keeps a claim, for a time.
     *
     * @return under which it may work, null when another node has it
     */
    Work.@Nullable Fence claim(String name, String node, long ttlMillis) throws JournalException;

    /** Gives a claim back, so that another node need not wait for its end. */
    void release(Work.Fence fence, String node) throws JournalException;
}
