package dev.weir.bus;

import java.util.Set;

/**
 * How one verticle of the configuration does on a node, all its instances together.
 *
 * @param name as it was deployed: a class, or {@code js:FILE}
 * @param script whether it is JavaScript
 * @param at where it is configured; empty when other code deployed it
 * @param deployments ids
 * @param instances how many there are to be
 * @param running how many of them run now
 * @param waiting how many wait to start again
 * @param work what its event loops did for it; {@link Work#UNKNOWN} where that is not measured
 * @param errors what nobody caught
 * @param restarts starts after an error or a change
 * @param failures the last errors
 * @param log the last lines of its console
 */
public record VerticleState(
        String name,
        boolean script,
        String at,
        Set<String> deployments,
        int instances,
        int running,
        int waiting,
        Work work,
        long errors,
        long restarts,
        Tail failures,
        Tail log) {
    /**
     * What event loops did for a verticle since the node started.
     *
     * @param runs times it was entered
     * @param nanos how long that took in all
     */
    public record Work(long runs, long nanos) {
        /** Nobody measures. */
        public static final Work UNKNOWN = new Work(-1, -1);
    }

    /** Copies what it is given. */
    public VerticleState {
        deployments = Set.copyOf(deployments);
    }
}
