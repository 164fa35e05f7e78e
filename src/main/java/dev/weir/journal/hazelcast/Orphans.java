package dev.weir.journal.hazelcast;

import com.hazelcast.core.DistributedObject;
import com.hazelcast.core.HazelcastInstance;
import dev.weir.journal.JournalException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Frees rings that no log has: of writers that died before they committed, and of logs that were lost. Owned by the writer.
 */
final class Orphans {
    private final HazelcastInstance hazelcast;
    private final Rings rings;
    private Set<String> suspects = Set.of();

    Orphans(HazelcastInstance hazelcast, Rings rings) {
        this.hazelcast = hazelcast;
        this.rings = rings;
    }

    /** A ring may be one that is being filled for a log, so only those go that had none the last time either. */
    void sweep(Map<String, LogEntry> logs) throws JournalException {
        Set<String> orphans = new HashSet<>();
        for (DistributedObject each : hazelcast.getDistributedObjects()) {
            if (RingLayout.isRing(each.getName())) {
                orphans.add(each.getName());
            }
        }
        logs.forEach((address, log) -> orphans.remove(log.ringName(address)));
        for (String each : orphans) {
            if (suspects.contains(each)) {
                rings.destroy(each);
            }
        }
        suspects = orphans;
    }
}
