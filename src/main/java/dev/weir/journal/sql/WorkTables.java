package dev.weir.journal.sql;

import dev.weir.journal.EventRow;
import dev.weir.journal.Failure;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import io.vertx.core.json.JsonArray;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes the tables of subscriptions over any connection; transactions are the caller's. Stateless. */
final class WorkTables {
    private WorkTables() {}

    /** Writes what was done, unless its fence is no longer in force: then nothing, and the answer is false. */
    static boolean write(Connection connection, Work work, String lock) throws SQLException {
        if (work.fence() != null && !holds(connection, work.fence(), lock)) {
            return false;
        }
        cursors(connection, work);
        deferred(connection, work);
        resumed(connection, work);
        DeadLetterTable.write(connection, work);
        return true;
    }

    private static boolean holds(Connection connection, Work.Fence fence, String lock) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(WorkSchema.SELECT_TOKEN + lock)) {
            select.setString(1, fence.name());
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getLong(1) == fence.token();
            }
        }
    }

    private static void cursors(Connection connection, Work work) throws SQLException {
        if (work.cursors().isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement(WorkSchema.UPSERT_CURSOR)) {
            for (Work.Cursor cursor : work.cursors()) {
                upsert.setString(1, work.subscription());
                upsert.setString(2, cursor.address());
                upsert.setString(3, cursor.epoch());
                upsert.setLong(4, cursor.offset());
                upsert.setString(5, cursor.settled());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    private static void deferred(Connection connection, Work work) throws SQLException {
        if (work.deferred().isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement(WorkSchema.UPSERT_DEFERRED)) {
            for (Work.Deferred row : work.deferred()) {
                int at = place(upsert, work.subscription(), row.place());
                upsert.setLong(at++, row.dueMillis());
                upsert.setInt(at++, row.attempts());
                upsert.setString(at++, Failure.toJson(row.failures()).encode());
                event(upsert, at, row.event());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    private static void resumed(Connection connection, Work work) throws SQLException {
        if (work.resumed().isEmpty()) {
            return;
        }
        try (PreparedStatement delete = connection.prepareStatement(WorkSchema.DELETE_DEFERRED)) {
            for (Work.Place row : work.resumed()) {
                place(delete, work.subscription(), row);
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    private static int place(PreparedStatement statement, String subscription, Work.Place place) throws SQLException {
        int at = 1;
        statement.setString(at++, subscription);
        statement.setString(at++, place.address());
        statement.setString(at++, place.epoch());
        statement.setLong(at++, place.offset());
        return at;
    }

    static void event(PreparedStatement statement, int first, EventRow event) throws SQLException {
        Rows.bind(statement, first, event, false);
    }

    static EventRow event(ResultSet row, int first) throws SQLException {
        int at = first;
        return new EventRow(
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                true,
                row.getString(at++),
                row.getInt(at++),
                row.getBytes(at));
    }

    /**
     * Waits until nobody is about to commit work of a subscription: who does has its claim locked. Else a commit whose connection was
     * lost could come after what is read here, and what it settled would be delivered and settled once more.
     */
    static void await(Connection connection, String subscription) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(WorkSchema.LOCK_CLAIM)) {
            lock.setString(1, subscription);
            lock.executeQuery().close();
        }
    }

    static WorkStore.Standing standing(Connection connection, String subscription) throws SQLException {
        List<Work.Cursor> cursors = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(WorkSchema.SELECT_CURSORS)) {
            select.setString(1, subscription);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    cursors.add(new Work.Cursor(row.getString(1), row.getString(2), row.getLong(3), row.getString(4)));
                }
            }
        }
        List<Work.Deferred> deferred = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(WorkSchema.SELECT_DEFERRED)) {
            select.setString(1, subscription);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    deferred.add(new Work.Deferred(
                            new Work.Place(row.getString(1), row.getString(2), row.getLong(3)),
                            row.getLong(4),
                            row.getInt(5),
                            Failure.fromJson(new JsonArray(row.getString(6))),
                            event(row, 7)));
                }
            }
        }
        return new WorkStore.Standing(cursors, deferred);
    }

    /** Takes a claim that is free, over or this node's own. */
    static Work.@Nullable Fence claim(Connection connection, String name, String node, long ttlMillis, String clock)
            throws SQLException {
        try (PreparedStatement take = connection.prepareStatement(WorkSchema.takeClaim(clock))) {
            take.setString(1, name);
            take.setString(2, node);
            take.setLong(3, ttlMillis);
            if (take.executeUpdate() == 0) {
                return null;
            }
        }
        try (PreparedStatement select = connection.prepareStatement(WorkSchema.SELECT_CLAIM)) {
            select.setString(1, name);
            select.setString(2, node);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Work.Fence(name, row.getLong(1)) : null;
            }
        }
    }

    static void release(Connection connection, Work.Fence fence, String node) throws SQLException {
        try (PreparedStatement release = connection.prepareStatement(WorkSchema.RELEASE_CLAIM)) {
            release.setString(1, fence.name());
            release.setString(2, node);
            release.setLong(3, fence.token());
            release.executeUpdate();
        }
    }
}
