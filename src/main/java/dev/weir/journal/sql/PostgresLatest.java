package dev.weir.journal.sql;

import dev.weir.journal.EventRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Logs of which the newest event of each key is kept: what a new one replaces is deleted in the same transaction, under the lock
 * of its log. Owned by the writer.
 */
final class PostgresLatest {
    /** An event that may still be replaced by one of the same transaction. */
    private record Waiting(long seq, long appended, EventRow row) {}

    private record Key(int log, String key) {}

    private final Connection connection;
    private final PreparedStatement replaced;
    private final PreparedStatement put;
    /** For a step over all events of a log. */
    private static final int PATIENCE_MILLIS = 3_600_000;

    private final Map<Key, Waiting> waiting = new LinkedHashMap<>();

    PostgresLatest(Connection connection) throws SQLException {
        this.connection = connection;
        this.replaced = connection.prepareStatement("DELETE FROM events USING latest,"
                + " unnest(?::int[], ?::text[]) AS new (log, key) WHERE latest.log = new.log AND latest.key = new.key"
                + " AND events.log = latest.log AND events.seq = latest.seq");
        this.put = connection.prepareStatement("INSERT INTO latest (log, key, seq, gone) SELECT * FROM"
                + " unnest(?::int[], ?::text[], ?::bigint[], ?::bigint[])"
                + " ON CONFLICT (log, key) DO UPDATE SET seq = excluded.seq, gone = excluded.gone");
    }

    /** Makes a log one of these, or one of the others, however long that takes. Its row is locked. */
    void turn(int log, boolean latest) throws SQLException {
        int usual = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
        turnPatiently(log, latest);
        connection.setNetworkTimeout(Runnable::run, usual);
    }

    private void turnPatiently(int log, boolean latest) throws SQLException {
        try (Statement patience = connection.createStatement()) {
            patience.execute("SET LOCAL statement_timeout = 0");
        }
        for (String step : latest ? Schema.COMPACT : Schema.SPREAD) {
            try (PreparedStatement statement = connection.prepareStatement(step)) {
                statement.setInt(1, log);
                statement.executeUpdate();
            }
        }
    }

    void clear() {
        waiting.clear();
    }

    void add(int log, long seq, long appended, EventRow row) {
        Key key = new Key(log, row.subject() == null ? "" : row.subject());
        waiting.remove(key);
        waiting.put(key, new Waiting(seq, appended, row));
    }

    /** Hands on what is left to be inserted once all events of the transaction are known; deletes what they replace. */
    void settle(CopyRows copy) throws SQLException {
        if (waiting.isEmpty()) {
            return;
        }
        List<Map.Entry<Key, Waiting>> all = List.copyOf(waiting.entrySet());
        var logs = connection.createArrayOf(
                "int4", all.stream().map(each -> each.getKey().log()).toArray(Integer[]::new));
        var keys = connection.createArrayOf(
                "text", all.stream().map(each -> each.getKey().key()).toArray(String[]::new));
        replaced.setArray(1, logs);
        replaced.setArray(2, keys);
        replaced.executeUpdate();
        put.setArray(1, logs);
        put.setArray(2, keys);
        put.setArray(
                3,
                connection.createArrayOf(
                        "int8", all.stream().map(each -> each.getValue().seq()).toArray(Long[]::new)));
        put.setArray(
                4,
                connection.createArrayOf(
                        "int8", all.stream().map(each -> gone(each.getValue())).toArray(Long[]::new)));
        put.executeUpdate();
        all.forEach(each -> copy.add(
                each.getKey().log(),
                each.getValue().seq(),
                each.getValue().appended(),
                each.getValue().row()));
    }

    private static Long gone(Waiting event) {
        return event.row().kind() == EventRow.NOTHING ? event.appended() : 0L;
    }
}
