package dev.weir.journal;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of an engine that keeps what flows have done. {@link #keep}, {@link #layOut}, {@link #retain}, {@link #forget} and {@link #replay} are called
 * by the writer, the rest by any thread; all may block.
 */
public interface FlowStore {
    /**
     * What one transaction has kept.
     *
     * @param appends what became of those that belong to no cut
     * @param cuts what became of each cut's appends; empty when one of its fences is not in force, and nothing of it is kept
     */
    record Kept(List<Outcome> appends, List<Optional<List<Outcome>>> cuts) {
        /** Copies what it is given. */
        public Kept {
            appends = List.copyOf(appends);
            cuts = List.copyOf(cuts);
        }

        /** What became of appends where there were no cuts. */
        public static Kept of(List<Outcome> appends) {
            return new Kept(appends, List.of());
        }
    }

    /** Keeps all appends and all cuts whose fences are in force, or nothing; durable on return. */
    Kept keep(List<Append> appends, List<Cut> cuts, long nowMillis) throws JournalException;

    /** What is kept of partitions of a flow. Where nodes share the store it waits for the end of commits that are under way. */
    FlowJournal.Standing standing(String flow, Set<Integer> partitions) throws JournalException;

    /** Says for a time that a node is there; answers those of some nodes that have said so and whose time is not over. */
    Set<String> present(Set<String> nodes, String node, long ttlMillis) throws JournalException;

    /** How what is kept of a flow is laid out; empty while nobody has said. */
    Optional<String> layout(String flow) throws JournalException;

    /** See {@link FlowJournal#layOut}; called by the writer. */
    void layOut(String flow, FlowJournal.Layout layout) throws JournalException;

    /**
     * Takes or keeps partitions for a time.
     *
     * @return those that are the node's now, with their tokens
     */
    Map<Integer, Long> claim(String flow, Set<Integer> wanted, String node, long ttlMillis) throws JournalException;

    /** Gives partitions back; their tokens are not in force any more. */
    void release(String flow, List<FlowCommit.Claim> claims, String node) throws JournalException;

    /** Forgets a part of what stages remember that are not among these, and of what is parked there; true when more is there. */
    boolean retain(String flow, Set<String> stages) throws JournalException;

    /** Forgets a part of what is kept of a flow; true when more is there. Its claims are not in force any more. */
    boolean forget(String flow) throws JournalException;

    /**
     * Makes dead letters parked events, both in one transaction.
     *
     * @param fences what must be in force
     * @param partitions of these only
     * @return empty when a fence is not in force, and nothing is changed
     */
    Optional<FlowJournal.Replayed> replay(
            String flow, List<Work.Fence> fences, Set<Integer> partitions, FlowJournal.Replay replay, long nowMillis)
            throws JournalException;
}
