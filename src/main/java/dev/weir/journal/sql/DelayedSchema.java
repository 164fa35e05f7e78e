package dev.weir.journal.sql;

import dev.weir.journal.DelayedEvent.State;
import java.util.List;

/** The table of events whose time is to come, the same for all SQL engines but for the name of the type that holds bytes. */
final class DelayedSchema {
    private static final String DELAYED = """
            CREATE TABLE delayed (
              key TEXT NOT NULL PRIMARY KEY,
              address TEXT NOT NULL,
              state INTEGER NOT NULL,
              due BIGINT NOT NULL,
              changed BIGINT NOT NULL,
            """ + Schema.EVENT + ")";

    private static final String EVENT = "id, source, type, subject, time, authid, own_id, headers, kind, data";

    private static final String HEAD = "key, address, state, due";

    private static final String WAITS = "state = " + State.WAITING.number();

    private static final String TAKEN = "state = " + State.TAKEN.number();

    /** Neither delivered nor cancelled. */
    private static final String OPEN = "(" + WAITS + " OR " + TAKEN + ")";

    /** How long after it was taken an event is taken to have been lost with its node. */
    private static final long LOST_MILLIS = 5_000;

    private static final long MOST_BYTES = 4L << 20;

    private static final String SIZED = "SELECT " + HEAD + ", " + EVENT + ", length(data) FROM (SELECT page.*,"
            + " sum(coalesce(length(data), 0)) OVER (ORDER BY due, key ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
            + " AS ahead FROM (SELECT * FROM delayed WHERE %s ORDER BY due, key LIMIT ?) page) sized"
            + " WHERE ahead IS NULL OR ahead < " + MOST_BYTES + " ORDER BY due, key";

    static final String SELECT_STANDING = "SELECT state, due FROM delayed WHERE key = ?";

    /** Of the data the size only. */
    private static final String SHOWN =
            "SELECT " + HEAD + ", id, source, type, subject, time, authid, own_id, headers, kind, NULL, length(data)"
                    + " FROM delayed WHERE address = ?";

    private static final String FIND = SHOWN + " AND id = ?%s ORDER BY due, key LIMIT 100";

    static final String COUNT = "SELECT count(*) FROM delayed WHERE " + WAITS;

    static final String COUNT_OF_ADDRESS = COUNT + " AND address = ?";

    /** Whether an event is known, other than as cancelled. */
    static final String KNOWN = "SELECT count(*) FROM delayed WHERE key = ? AND state <> " + State.CANCELLED.number();

    /** Nodes that change the same events take them in the same order. */
    static final String LOCK = "SELECT 1 FROM delayed WHERE key = ANY (?) ORDER BY key FOR UPDATE";

    /** For a row of {@code logs}. */
    static final String WAITS_FOR_LOG = "SELECT 1 FROM delayed WHERE delayed.address = logs.address AND " + WAITS;

    private DelayedSchema() {}

    /** @param bytes the type of columns that hold bytes */
    static List<String> tables(String bytes) {
        return List.of(
                DELAYED.formatted(bytes),
                "CREATE INDEX delayed_due ON delayed (due, key) WHERE " + WAITS,
                "CREATE INDEX delayed_address ON delayed (address, due, key) WHERE " + WAITS,
                "CREATE INDEX delayed_changed ON delayed (changed) WHERE state > 0",
                "CREATE INDEX delayed_id ON delayed (address, id)");
    }

    /**
     * An event that was cancelled may be accepted anew; any other that is known stays as it is.
     *
     * @param steady the time for {@code changed}, see {@link dev.weir.journal.DelayedStore.Moment}
     */
    static String accept(boolean relative, String clock, String steady) {
        String due = relative ? "? + " + clock : "?";
        return "INSERT INTO delayed (key, address, due, state, changed, " + EVENT + ") VALUES (?, ?, " + due + ", "
                + State.WAITING.number() + ", " + steady + ", ?,?,?,?,?,?,?,?,?,?)"
                + " ON CONFLICT (key) DO UPDATE SET due = excluded.due, state = excluded.state,"
                + " changed = excluded.changed, type = excluded.type, subject = excluded.subject, time = excluded.time,"
                + " headers = excluded.headers, kind = excluded.kind, data = excluded.data WHERE delayed.state = "
                + State.CANCELLED.number();
    }

    /** Those of any address that meet a condition, whatever has become of them. */
    static String sought(String condition) {
        return "SELECT " + HEAD + ", " + EVENT + ", length(data) FROM delayed WHERE " + condition
                + " ORDER BY due, key LIMIT ?";
    }

    static String find(boolean ofOne) {
        return FIND.formatted(ofOne ? " AND authid = ?" : "");
    }

    /** What is over needs no data any more. */
    static String over(State state, String clock) {
        return "UPDATE delayed SET state = " + state.number() + ", changed = " + clock
                + ", kind = 0, data = NULL WHERE key = ? AND " + OPEN;
    }

    /** Only what waits can be cancelled. */
    static String cancel(String clock) {
        return "UPDATE delayed SET state = " + State.CANCELLED.number() + ", changed = " + clock
                + ", kind = 0, data = NULL WHERE key = ? AND " + WAITS;
    }

    /** What another took and lost may be taken again. */
    static String take(String clock) {
        return "UPDATE delayed SET state = " + State.TAKEN.number() + ", changed = " + clock + " WHERE key = ? AND ("
                + WAITS + " OR (" + TAKEN + " AND changed < " + clock + " - " + LOST_MILLIS + "))";
    }

    static String postpone(long delayMillis, String clock) {
        return "UPDATE delayed SET state = " + State.WAITING.number() + ", due = " + delayMillis + " + " + clock
                + " WHERE key = ? AND " + OPEN;
    }

    static final String REOPEN =
            "UPDATE delayed SET state = " + State.WAITING.number() + " WHERE state > 0 AND " + TAKEN;

    static String forget(long ageMillis, String clock) {
        String over = "state > 0 AND state <> " + State.TAKEN.number() + " AND changed < " + clock + " - " + ageMillis;
        // Twice, since one that was cancelled may be accepted anew meanwhile, and the inner condition is not looked at
        // again then.
        return "DELETE FROM delayed WHERE key IN (SELECT key FROM delayed WHERE " + over + " LIMIT 2000) AND " + over;
    }

    static String next(String clock, String steady) {
        return "SELECT (SELECT min(due) FROM delayed WHERE " + WAITS + ") - " + clock
                + ", (SELECT min(changed) FROM delayed WHERE state > 0 AND " + TAKEN + ") + " + LOST_MILLIS + " - "
                + steady;
    }

    static String due(long lateMillis, String clock) {
        return SIZED.formatted(WAITS + " AND due <= " + clock + " - " + lateMillis);
    }

    static String lost(String clock) {
        return SIZED.formatted("state > 0 AND " + TAKEN + " AND changed < " + clock + " - " + LOST_MILLIS);
    }

    static String waiting(boolean ofOne, boolean after) {
        return SHOWN + " AND " + WAITS + (ofOne ? " AND authid = ?" : "")
                + (after ? " AND (due, key) > (SELECT due, key FROM delayed WHERE key = ?)" : "")
                + " ORDER BY due, key LIMIT ?";
    }
}
