package dev.weir.journal.sql;

import dev.weir.bus.Keep;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Deletes dead letters that are too old or too many, the oldest first and a chunk at a time, so that the writer is never held up
 * for long. Run by the writer; what it counts may be read by any thread.
 */
final class DeadLetterTidy {
    private static final int CHUNK = 200;
    private static final long EVERY_MILLIS = 10_000;

    private final Keep keep;
    private final @Nullable String clock;
    private final LongAdder trimmed = new LongAdder();
    private volatile long count;
    private boolean busy = true;
    private long lookedMillis;

    /**
     * @param keep how many, and how long after they died
     * @param clock the database's time in milliseconds, as an SQL expression; null to be told the time
     */
    DeadLetterTidy(Keep keep, @Nullable String clock) {
        this.keep = keep;
        this.clock = clock;
    }

    /** How many there were when they were last looked at. */
    long count() {
        return count;
    }

    /** How many were deleted. */
    long trimmed() {
        return trimmed.sum();
    }

    /** Looks every ten seconds, and at once while more is to be deleted; true then. */
    boolean run(Connection connection, long nowMillis) throws SQLException {
        boolean recently = nowMillis >= lookedMillis && nowMillis - lookedMillis < EVERY_MILLIS;
        if (!busy && recently) {
            return false;
        }
        long there = number(connection, WorkSchema.COUNT_DEAD);
        int gone = there == 0 ? 0 : old(connection, nowMillis);
        if (gone < CHUNK && there - gone > keep.events()) {
            gone += excess(connection, (int) Math.min(CHUNK, there - gone - keep.events()));
        }
        connection.commit();
        trimmed.add(gone);
        count = there - gone;
        busy = gone >= CHUNK;
        lookedMillis = nowMillis;
        return busy;
    }

    private int old(Connection connection, long nowMillis) throws SQLException {
        if (keep.ageMillis() == Long.MAX_VALUE) {
            return 0;
        }
        long now = clock == null ? nowMillis : number(connection, "SELECT " + clock);
        try (PreparedStatement delete = connection.prepareStatement(WorkSchema.DELETE_OLD_DEAD)) {
            delete.setLong(1, now - keep.ageMillis());
            delete.setInt(2, CHUNK);
            return delete.executeUpdate();
        }
    }

    private static int excess(Connection connection, int most) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(WorkSchema.DELETE_OLDEST_DEAD)) {
            delete.setInt(1, most);
            return delete.executeUpdate();
        }
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query);
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
