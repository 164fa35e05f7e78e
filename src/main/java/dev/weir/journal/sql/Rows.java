package dev.weir.journal.sql;

import dev.weir.journal.EventRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Reads events out of results that have {@link Schema#EVENT_COLUMNS} after their offset. Stateless. */
final class Rows {
    private Rows() {}

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
