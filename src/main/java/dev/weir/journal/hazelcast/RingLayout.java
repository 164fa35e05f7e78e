package dev.weir.journal.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.RingbufferConfig;
import com.hazelcast.spi.merge.DiscardMergePolicy;

/**
 * What stands where in Hazelcast. A map has an entry for each log, and each log has a ring, in the same partition as its entry,
 * so that both have the same owner and the same backup. Stateless.
 *
 * <p>Nothing but bytes and Hazelcast's own classes is in there, because members that are no nodes own partitions too.
 */
public final class RingLayout {
    /** The most events of an address that this engine keeps. */
    public static final int MOST_EVENTS = 1_000_000;

    static final String LOGS = "weir-journal-logs";
    static final String LOCKS = "weir-journal-locks";

    private static final String RING = "weir-journal-";
    private static final int LEAST_CAPACITY = 32;
    private static final int MOST_SLACK = 2_000;
    private static final int MOST_CAPACITY = Integer.highestOneBit(MOST_EVENTS + MOST_SLACK) * 2;

    private RingLayout() {}

    /**
     * Adds what the engine needs. One backup, so that one member at a time may die; where two clusters merge, the smaller one's
     * logs are given up.
     */
    public static void configure(Config config) {
        MergePolicyConfig discard = new MergePolicyConfig().setPolicy(DiscardMergePolicy.class.getName());
        for (String map : new String[] {LOGS, LOCKS}) {
            config.addMapConfig(new MapConfig(map)
                    .setBackupCount(1)
                    .setStatisticsEnabled(false)
                    .setMergePolicyConfig(discard));
        }
        for (int capacity = LEAST_CAPACITY; capacity <= MOST_CAPACITY; capacity *= 2) {
            config.addRingBufferConfig(new RingbufferConfig(RING + capacity + "-*")
                    .setCapacity(capacity)
                    .setBackupCount(1)
                    .setMergePolicyConfig(discard));
        }
    }

    /**
     * How many items the ring of a log has room for: what is kept, and as many again up to 2000 for what a member's death
     * leaves in a ring beside the log.
     *
     * @param events how many are kept
     */
    static int capacity(long events) {
        long wanted = Math.min(events, MOST_EVENTS);
        long room = wanted + Math.min(wanted, MOST_SLACK);
        int capacity = LEAST_CAPACITY;
        while (capacity < room) {
            capacity *= 2;
        }
        return capacity;
    }

    /** The ring's full name: what stands after the at sign decides the partition. */
    static String ring(String address, int capacity, String incarnation) {
        return RING + capacity + "-" + incarnation + "@" + address;
    }

    /** Whether a Hazelcast object is a ring of a log. */
    static boolean isRing(String name) {
        return name.startsWith(RING) && name.indexOf('@') > 0;
    }
}
