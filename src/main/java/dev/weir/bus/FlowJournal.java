package dev.weir.bus;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what flows have done, in one transaction with what they emit. Node wiring makes it where the journal's engine can (SQLite,
 * PostgreSQL). Thread-safe; never blocks; answers come on the caller's context; failures are {@link Refusal} {@code unavailable}
 * or {@code busy}.
 *
 * <p>A flow's dead letters are those of the subscription {@link #subscription}.
 */
public interface FlowJournal {
    /** How many partitions the keys of a flow are spread over. */
    int PARTITIONS = 64;

    /** What the names of flows begin with where they stand beside those of subscriptions. */
    String FLOW_PREFIX = "flow.";

    /** What is kept of some partitions of a flow. */
    record Standing(List<FlowCommit.Cursor> cursors, List<FlowCommit.State> states, List<FlowCommit.Parked> parked) {
        /** Copies what it is given; parked events are in the order of their ids. */
        public Standing {
            cursors = List.copyOf(cursors);
            states = List.copyOf(states);
            parked = List.copyOf(parked);
        }
    }

    /**
     * Dead letters that are to wait at their stages again.
     *
     * @param rate so many of them a second, 0 for all at once
     * @param edited whether they get other data
     * @param data what they get then, a JSON value
     */
    record Replay(
            List<String> ids,
            double rate,
            boolean edited,
            @Nullable Object data) {
        /** Copies what it is given. */
        public Replay {
            ids = List.copyOf(ids);
        }
    }

    /**
     * What became of them.
     *
     * @param parked dead letters no more, in the order in which they were asked for; their stage is the hop where they died, they
     *     have no key and no attempts, and are due one after the other as the rate says
     * @param left those of other partitions
     */
    record Replayed(List<FlowCommit.Parked> parked, List<String> left) {
        /** Copies what it is given. */
        public Replayed {
            parked = List.copyOf(parked);
            left = List.copyOf(left);
        }
    }

    /** How what is kept of a flow is spread over its partitions. Thread-safe. */
    interface Layout {
        /** The name of those that have but one partition. */
        String WHOLE = "nothing";

        /** Another name, another way. */
        String name();

        /** Whether there are {@link #PARTITIONS}; else there is only the first. */
        boolean isSpread();

        /** Where is what stages remember of a key. */
        int ofState(String key);

        /** Where an event belongs that waits, or that died and may wait again. */
        int ofEvent(FlowCommit.Parked waiting);
    }

    /** Under which name a flow's dead letters are listed. No subscription of anybody else can have it. */
    static String subscription(String flow) {
        return FLOW_PREFIX + flow;
    }

    /** The flow of such a name; null when it is that of a subscription. */
    static @Nullable String flowOf(String subscription) {
        return subscription.startsWith(FLOW_PREFIX) ? subscription.substring(FLOW_PREFIX.length()) : null;
    }

    /** Whether several nodes share it, so that commits need claims of all their partitions. */
    boolean isShared();

    /** The addresses that have a log. */
    Future<Set<String>> addresses();

    /**
     * Says that this node works on flows, and answers which of some nodes have said so and repeated it in time. Others are dead, or
     * hang, or do not reach the store, or have no flows. Where a process is alone with the store all are there.
     *
     * @param nodes those that are asked about
     * @param ttl how long without a word from this node until it counts as gone
     */
    Future<Set<String>> present(Set<String> nodes, Duration ttl);

    /**
     * Whether what is kept of a flow is laid out so; also when it never was laid out at all. Where a process is alone with the store
     * it is.
     */
    Future<Boolean> isLaidOut(String flow, Layout layout);

    /**
     * Lays out anew what is kept of a flow, if it is another way: what stages remember, what waits and what died moves, and every
     * partition stands where the slowest one stood, so that nothing is missed; what others had handled beyond that comes again.
     * Claims of before are not in force any more.
     */
    Future<Void> layOut(String flow, Layout layout);

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
     * Keeps a cut; what it appends is told to listeners as every append is, before this is answered.
     *
     * @return false when one of its claims is no longer in force: then nothing of it is kept. Fails with {@link Refusal} also when
     *     an append is such as {@link #refusal} says
     */
    Future<Boolean> commit(FlowCommit commit);

    /**
     * Why an event could not be appended whatever happens, so that it need not be tried: its address would be one too many
     * ({@code too_many_addresses}), or it has something that cannot be kept ({@code invalid_event}). Null when it can.
     */
    @Nullable
    Refusal refusal(String address, Journal.Entry entry);

    /**
     * Lets dead letters of a flow wait at their stages again, those of the claimed partitions. Fails with {@link Refusal} {@code
     * unavailable} when a claim is no longer in force.
     *
     * @param claims none where only one process can: then of all partitions
     */
    Future<Replayed> replay(String flow, List<FlowCommit.Claim> claims, Replay replay);

    /**
     * Forgets the states of a flow's stages that are not among these (each with its digest). What is parked there stays, for the flow to
     * take it up elsewhere.
     */
    Future<Void> retain(String flow, Set<String> stages);

    /** Forgets a flow altogether; its dead letters stay. */
    Future<Void> forget(String flow);
}
