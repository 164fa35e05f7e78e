package dev.weir.flow;

import dev.weir.bus.FlowJournal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Which partitions of a flow are whose: rendezvous hashing (Thaler and Ravishankar, 1998). For each partition every node gets a
 * number of its own, the highest has it; so a node that goes gives up only its own, and one that comes takes an even share. Pure
 * functions.
 */
final class Shares {
    private Shares() {}

    /** The partitions that a node should have. */
    static Set<Integer> of(String flow, boolean spread, String node, List<String> nodes) {
        Set<Integer> own = new HashSet<>();
        for (int partition = 0; partition < (spread ? FlowJournal.PARTITIONS : 1); partition++) {
            if (node.equals(owner(flow, partition, nodes, node))) {
                own.add(partition);
            }
        }
        return own;
    }

    private static String owner(String flow, int partition, List<String> nodes, String self) {
        String best = self;
        long most = weight(flow, partition, self);
        for (String node : nodes) {
            long weight = weight(flow, partition, node);
            if (weight > most || (weight == most && node.compareTo(best) > 0)) {
                most = weight;
                best = node;
            }
        }
        return best;
    }

    private static long weight(String flow, int partition, String node) {
        CRC32C sum = new CRC32C();
        sum.update((node + "/" + flow + "/" + partition).getBytes(StandardCharsets.UTF_8));
        // CRC is linear: without mixing, nodes with similar names would win together. The finalizer of MurmurHash3.
        long mixed = sum.getValue() * 0xff51afd7ed558ccdL;
        mixed ^= mixed >>> 33;
        mixed *= 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
