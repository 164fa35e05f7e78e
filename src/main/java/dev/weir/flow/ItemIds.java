package dev.weir.flow;

import dev.weir.time.Clock;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Ids of waiting events: 16 hexadecimal digits that only grow, from the time at which the lane began, and 8 that tell the node. One
 * per lane, on its event loop.
 */
final class ItemIds {
    /** How many ids fit into a millisecond before they run ahead of the clock, which does no harm. */
    private static final int BITS = 16;

    private final String node;
    private long last;

    ItemIds(Clock clock, String nodeId) {
        CRC32 sum = new CRC32();
        sum.update(nodeId.getBytes(StandardCharsets.UTF_8));
        this.node = String.format("%08x", sum.getValue());
        this.last = clock.millis() << BITS;
    }

    /** Ids from now on are behind this one, which another lane gave, whatever its clock said. */
    void behind(String id) {
        if (id.matches("[0-7][0-9a-f]{15}-.*")) {
            last = Math.max(last, Long.parseLong(id.substring(0, 16), 16));
        }
    }

    String next() {
        String hex = Long.toHexString(++last);
        return "0".repeat(16 - hex.length()) + hex + "-" + node;
    }
}
