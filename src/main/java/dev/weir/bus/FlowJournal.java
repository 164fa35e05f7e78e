package dev.weir.bus;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps what flows have done, in one transaction with what they emit. Node wiring makes it where the journal's engine can (SQLite,
 * PostgreSQL). Thread-safe; never blocks; answers come on the caller's context; failures are {@link Refusal} {@code unavailable}
 * or {@code busy}.
 */
public interface FlowJournal {
    /** How many partitions the keys of a flow are spread over. */
    int PARTITIONS = 64;

    /** What is kept of some partitions of a flow. */
    record Standing(List<FlowCommit.Cursor> cursors, List<FlowCommit.State> states, List<FlowCommit.Parked> parked) {
        /** Copies what it is given; parked events are in the order of their ids. */
        public Standing {
            cursors = List.copyOf(cursors);
            states = List.copyOf(states);
            parked = List.copyOf(parked);
        }
    }

    /** Whether several nodes share it, so that partitions need claims. */
    boolean isShared();

    /**
     * Takes partitions that nobody has, or has any more, and keeps those that are this node's already.
     *
     * @param ttl how long without a renewal until another node may take them
     * @return the wanted partitions that are this node's now, with the token of each; a token changes when a partition was
     *     anybody else's, or nobody's, in between
     */
    Future<Map<Integer, Long>> claim(String flow, Set<Integer> wanted, Duration ttl);

    /** Gives partitions back, so that another node need not wait for their end. */
    Future<Void> release(String flow, List<FlowCommit.Claim> claims);

    /** What is kept of partitions of a flow; those without anything are not mentioned. */
    Future<Standing> standing(String flow, Set<Integer> partitions);

    /**
     * Keeps a cut; what it appends is told to listeners as every append is.
     *
     * @return false when one of its claims is no longer in force: then nothing of it is kept
     */
    Future<Boolean> commit(FlowCommit commit);

    /** Forgets the states of a flow's stages that are not among these (each with its digest), and what is parked there. */
    Future<Void> retain(String flow, Set<String> stages);

    /** Forgets a flow altogether; its dead letters stay. */
    Future<Void> forget(String flow);
}
