package dev.weir.bus;

import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A consistent cut through a flow, kept as a whole or not at all: how far its inputs were read, what its stages remember then, what
 * waits at them, and what came out since the cut before. Applying it twice is the same as once (what is appended is told by its
 * ids), so that it may be sent again when the outcome of a commit is unknown.
 *
 * @param flow the flow's name
 * @param claims under which it may be kept; empty where only one process can
 * @param cursors how far inputs are read now
 * @param appends events for journaled addresses, in the order in which they came out
 * @param states what stages remember from now on, each key of a stage at most once
 * @param parked events that wait at a stage; one that is there already is replaced
 * @param unparked ids of parked events that wait no more, none of those that are parked
 * @param dead events that could not be processed
 */
public record FlowCommit(
        String flow,
        List<Claim> claims,
        List<Cursor> cursors,
        List<Append> appends,
        List<State> states,
        List<Parked> parked,
        List<String> unparked,
        List<Dead> dead) {
    /** Copies what it is given. */
    public FlowCommit {
        claims = List.copyOf(claims);
        cursors = List.copyOf(cursors);
        appends = List.copyOf(appends);
        states = List.copyOf(states);
        parked = List.copyOf(parked);
        unparked = List.copyOf(unparked);
        dead = List.copyOf(dead);
    }

    /** Whether there is nothing to keep. */
    public boolean isEmpty() {
        return cursors.isEmpty()
                && appends.isEmpty()
                && states.isEmpty()
                && parked.isEmpty()
                && unparked.isEmpty()
                && dead.isEmpty();
    }

    /** A partition that this node may work on, and the token that says so. */
    public record Claim(int partition, long token) {}

    /**
     * How far an input is read for a partition.
     *
     * @param input a journaled address, or the name of another input such as {@code file:PATH}
     * @param at the last event that was handled
     */
    public record Cursor(int partition, String input, Position at) {}

    /** An event for a journaled address; its headers are complete and hold an id that is its own. */
    public record Append(String address, Keep keep, Journal.Entry entry) {}

    /**
     * What a stage remembers of a key.
     *
     * @param stage the stage's id with a digest of its options, so that a changed stage begins anew
     * @param json JSON text, null when nothing is remembered any more
     * @param dueMillis when the stage wants to be called, milliseconds since 1970; 0 for never
     */
    public record State(
            int partition,
            String stage,
            String key,
            @Nullable String json,
            long dueMillis) {}

    /** An event's place in a log. */
    public record Place(String address, Position at) {}

    /** One failed attempt: when, and what was wrong. */
    public record Failure(long atMillis, String error) {}

    /**
     * An event that waits at a stage: for an answer, for another attempt, or behind another event of its key.
     *
     * @param id unique in its flow; ids in the order of their text are in the order of the events
     * @param key by which order is kept at the stage, empty for none
     * @param dueMillis not before, milliseconds since 1970; 0 for at once
     * @param attempts how often it was tried
     * @param place where the event it came from is kept; null when that is nowhere
     * @param headers as on the bus
     * @param body a JSON value or bytes
     */
    public record Parked(
            String id,
            int partition,
            String stage,
            String key,
            long dueMillis,
            int attempts,
            List<Failure> failures,
            @Nullable Place place,
            MultiMap headers,
            @Nullable Object body) {
        /** Copies what it is given. */
        public Parked {
            failures = List.copyOf(failures);
        }
    }

    /**
     * An event that could not be processed.
     *
     * @param id of the dead letter, unique
     * @param hop the stage where it got stuck
     * @param reason {@code attempts} are used up, or it was {@code rejected}
     */
    public record Dead(
            String id,
            int partition,
            String hop,
            long atMillis,
            String reason,
            int attempts,
            List<Failure> failures,
            @Nullable Place place,
            MultiMap headers,
            @Nullable Object body) {
        /** Copies what it is given. */
        public Dead {
            failures = List.copyOf(failures);
        }
    }
}
