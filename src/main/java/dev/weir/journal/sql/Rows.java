package dev.weir.journal.sql;

import dev.weir.journal.EventRow;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Writes events, and reads them out of results that have {@link Schema#EVENT_COLUMNS} after their offset. Stateless. */
final class Rows {
    private Rows() {}

    /**
     * Sets an event's columns.
     *
     * @param first the number of its id's
     * @param ownId whether the table has that column
     */
    static void bind(PreparedStatement statement, int first, EventRow event, boolean ownId) throws SQLException {
        int at = first;
        statement.setString(at++, event.id());
        statement.setString(at++, event.source());
        statement.setString(at++, event.type());
        statement.setString(at++, event.subject());
        statement.setString(at++, event.time());
        statement.setString(at++, event.authId());
        if (ownId) {
            statement.setInt(at++, event.ownId() ? 1 : 0);
        }
        statement.setString(at++, event.headers());
        statement.setInt(at++, event.kind());
        statement.setBytes(at, event.data());
    }

    /** @param first the column of the id */
    static EventRow event(ResultSet row, int first) throws SQLException {
        byte @Nullable [] data = row.getBytes(first + 9);
        int kind = row.getInt(first + 8);
        return new EventRow(
                row.getString(first),
                row.getString(first + 1),
                row.getString(first + 2),
                row.getString(first + 3),
                row.getString(first + 4),
                row.getString(first + 5),
                row.getInt(first + 6) != 0,
                row.getString(first + 7),
                kind,
                data == null && kind != EventRow.NOTHING ? new byte[0] : data);
    }
}
