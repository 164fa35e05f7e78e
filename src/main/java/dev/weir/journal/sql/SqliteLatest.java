package dev.weir.journal.sql;

import dev.weir.journal.EventRow;
import dev.weir.journal.Identities;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Logs of which the newest event of each key is kept: what a new one replaces is deleted in the same transaction. Ids of such
 * events are on the disk apart, since the events themselves may be gone when the journal is opened again. Owned by the writer.
 */
final class SqliteLatest {
    /** An event that may still be replaced by one of the same transaction. */
    record Waiting(LogState log, long seq, long appended, EventRow row) {
        String key() {
            return row.subject() == null ? "" : row.subject();
        }
    }

    private record Key(int log, String key) {}

    private final Connection connection;
    private final PreparedStatement replaced;
    private final PreparedStatement put;
    private final PreparedStatement putId;
    private final PreparedStatement gone;
    private final PreparedStatement oldest;
    private final PreparedStatement deleteKey;
    private final PreparedStatement deleteEvent;
    private final PreparedStatement deleteIds;
    private final Map<Key, Waiting> waiting = new LinkedHashMap<>();

    SqliteLatest(Connection connection) throws SQLException {
        this.connection = connection;
        this.replaced = connection.prepareStatement(Schema.REPLACED);
        this.put = connection.prepareStatement(Schema.PUT_LATEST);
        this.putId = connection.prepareStatement(Schema.PUT_ID);
        this.gone = connection.prepareStatement(Schema.SELECT_GONE);
        this.oldest = connection.prepareStatement(Schema.OLDEST_GONE);
        this.deleteKey = connection.prepareStatement(Schema.DELETE_KEY);
        this.deleteEvent = connection.prepareStatement(Schema.DELETE_EVENT);
        this.deleteIds = connection.prepareStatement(Schema.DELETE_IDS);
    }

    /** Makes a log one of these, or one of the others. */
    void turn(LogState log, boolean latest) throws SQLException {
        for (String step : latest ? Schema.COMPACT : Schema.SPREAD) {
            try (PreparedStatement statement = connection.prepareStatement(step)) {
                statement.setInt(1, log.id);
                statement.executeUpdate();
            }
        }
        try (PreparedStatement first = connection.prepareStatement(Schema.OLDEST)) {
            log.deleted = Loading.deleted(first, log.id, log.head());
        }
        log.latest = latest;
    }

    void add(Waiting event) {
        Key key = new Key(event.log().id, event.key());
        waiting.remove(key);
        waiting.put(key, event);
    }

    void remember(Identities.Key id, int log, long seq, long nowMillis) throws SQLException {
        putId.setLong(1, id.high());
        putId.setLong(2, id.low());
        putId.setInt(3, log);
        putId.setLong(4, seq);
        putId.setLong(5, nowMillis);
        putId.executeUpdate();
    }

    /** What is left to be inserted once all events of the transaction are known; what they replace is deleted. */
    List<Waiting> settle() throws SQLException {
        List<Waiting> all = new ArrayList<>(waiting.values());
        waiting.clear();
        for (Waiting event : all) {
            replaced.setInt(1, event.log().id);
            replaced.setInt(2, event.log().id);
            replaced.setString(3, event.key());
            replaced.executeUpdate();
            put.setInt(1, event.log().id);
            put.setString(2, event.key());
            put.setLong(3, event.seq());
            put.setLong(4, event.row().kind() == EventRow.NOTHING ? event.appended() : 0);
            put.executeUpdate();
        }
        return all;
    }

    void clear() {
        waiting.clear();
    }

    /** Forgets keys that were deleted long ago; answers the newest of those deletions, 0 when there is none. */
    long expire(LogState log, long nowMillis) throws SQLException {
        Map<String, Long> old = new LinkedHashMap<>();
        gone.setInt(1, log.id);
        gone.setLong(2, nowMillis - Schema.GONE_MILLIS);
        try (ResultSet row = gone.executeQuery()) {
            while (row.next()) {
                old.put(row.getString(1), row.getLong(2));
            }
        }
        long newest = 0;
        for (Map.Entry<String, Long> each : old.entrySet()) {
            deleteEvent.setInt(1, log.id);
            deleteEvent.setLong(2, each.getValue());
            deleteEvent.executeUpdate();
            deleteKey.setInt(1, log.id);
            deleteKey.setString(2, each.getKey());
            deleteKey.executeUpdate();
            newest = Math.max(newest, each.getValue());
        }
        if (old.isEmpty()) {
            log.dueMillis = oldestGone(log, nowMillis) + Schema.GONE_MILLIS;
        }
        return newest;
    }

    /** When the oldest deletion was that is remembered; now when none is. */
    private long oldestGone(LogState log, long nowMillis) throws SQLException {
        oldest.setInt(1, log.id);
        try (ResultSet row = oldest.executeQuery()) {
            return row.next() && row.getLong(1) > 0 ? row.getLong(1) : nowMillis;
        }
    }

    void expireIds(long sinceMillis) throws SQLException {
        deleteIds.setLong(1, sinceMillis);
        deleteIds.executeUpdate();
    }
}
