package dev.weir.journal.flow;

import dev.weir.bus.FlowCommit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Claims where one process alone can work: in memory, and never over by themselves. A lane that was left behind by a newer one of the
 * same process is refused all the same. Thread-safe; its lock is held for moments only.
 */
final class LocalClaims {
    private record Partition(String flow, int number) {}

    private final Map<Partition, Long> tokens = new HashMap<>();
    private long last;

    synchronized Map<Integer, Long> claim(String flow, Set<Integer> wanted) {
        Map<Integer, Long> taken = new HashMap<>();
        wanted.forEach(each -> taken.put(each, tokens.computeIfAbsent(new Partition(flow, each), free -> ++last)));
        return taken;
    }

    synchronized void release(String flow, List<FlowCommit.Claim> claims) {
        claims.forEach(each -> tokens.remove(new Partition(flow, each.partition()), each.token()));
    }

    synchronized void forget(String flow) {
        tokens.keySet().removeIf(each -> each.flow().equals(flow));
    }

    /** Asks for something while all of them are in force, so that none is given back meanwhile; null when they are not. */
    synchronized <T> @Nullable T whileHeld(String flow, List<FlowCommit.Claim> claims, Supplier<T> asked) {
        boolean held = claims.stream()
                .allMatch(each -> Long.valueOf(each.token()).equals(tokens.get(new Partition(flow, each.partition()))));
        return held ? asked.get() : null;
    }
}
