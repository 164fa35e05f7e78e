package dev.weir.journal.sql;

import dev.weir.bus.Keep;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the floor of a log goes when subscriptions are behind its retention: what they have not settled stays until it is older than
 * {@code hold}, or more. What is held is counted a little at a time. Owned by the writer, lives as long as its connection.
 */
final class Holding {
    /** What an event takes beside its data, roughly. */
    private static final int EVENT_BYTES = 200;

    private static final int CHUNK = 5_000;
    private static final int STEP = 100;
    private static final int MOST_STEPS = 50;

    private static final class Held {
        long wanted;
        long from;
        long to;
        long bytes;
    }

    private final PreparedStatement young;
    private final PreparedStatement bytes;
    private final Map<Integer, Held> logs = new HashMap<>();
    private boolean unfinished;

    Holding(Connection connection) throws SQLException {
        this.young = connection.prepareStatement("SELECT seq FROM events WHERE log = ? AND seq > ? AND seq <= ?"
                + " AND appended >= ? ORDER BY seq LIMIT 1");
        this.bytes = connection.prepareStatement("SELECT coalesce(sum(coalesce(length(data), 0) + " + EVENT_BYTES
                + "), 0) FROM events WHERE log = ? AND seq > ? AND seq <= ?");
    }

    /** Whether another round has something to do at once. */
    boolean unfinished() {
        boolean now = unfinished;
        unfinished = false;
        return now;
    }

    /** Where the floor of a log would be without subscriptions, as far as that is known; its own floor else. */
    long wanted(int log, long floor) {
        Held held = logs.get(log);
        return held == null ? floor : Math.max(floor, held.wanted);
    }

    /**
     * The new floor.
     *
     * @param wanted where it would be without subscriptions
     * @param settled up to where all subscriptions have settled
     */
    long floor(int log, long floor, long wanted, long settled, Keep keep, long nowMillis) throws SQLException {
        long retained = Math.max(wanted, wanted(log, floor));
        if (settled >= retained) {
            logs.remove(log);
            return retained;
        }
        Held held = logs.computeIfAbsent(log, unseen -> new Held());
        held.wanted = retained;
        long base = old(log, Math.max(floor, settled), retained, nowMillis - keep.holdMillis());
        count(held, log, base);
        for (int i = 0; held.bytes > keep.holdBytes() && base < held.to; i++) {
            if (i == MOST_STEPS) {
                unfinished = true;
                break;
            }
            long next = Math.min(held.to, base + STEP);
            held.bytes -= bytes(log, base, next);
            held.from = next;
            base = next;
        }
        return base;
    }

    /** Append times only grow, so what is before the first young event is old. */
    private long old(int log, long from, long to, long sinceMillis) throws SQLException {
        long end = Math.min(to, from + CHUNK);
        young.setInt(1, log);
        young.setLong(2, from);
        young.setLong(3, end);
        young.setLong(4, sinceMillis);
        try (ResultSet row = young.executeQuery()) {
            if (row.next()) {
                return row.getLong(1) - 1;
            }
        }
        unfinished |= end < to;
        return end;
    }

    private void count(Held held, int log, long base) throws SQLException {
        if (base >= held.to || base < held.from || base - held.from > CHUNK) {
            held.from = base;
            held.to = base;
            held.bytes = 0;
        } else if (base > held.from) {
            held.bytes -= bytes(log, held.from, base);
            held.from = base;
        }
        long next = Math.min(held.wanted, held.to + CHUNK);
        if (next > held.to) {
            held.bytes += bytes(log, held.to, next);
            held.to = next;
        }
        unfinished |= held.to < held.wanted;
    }

    private long bytes(int log, long from, long to) throws SQLException {
        bytes.setInt(1, log);
        bytes.setLong(2, from);
        bytes.setLong(3, to);
        try (ResultSet row = bytes.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
