package dev.weir.journal.sql;

import dev.weir.journal.EventRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts events into SQLite's table, ten rows with each statement as long as there are so many: beginning, ending and calling a
 * statement is about an eighth of what a row of its own costs. Owned by the writer.
 */
final class EventInserts {
    private static final int ROWS = 10;
    private static final int COLUMNS = 13;

    private record Row(int log, long seq, long appendedMillis, EventRow event) {}

    private final PreparedStatement one;
    private final PreparedStatement many;
    private final List<Row> waiting = new ArrayList<>(ROWS);

    EventInserts(Connection connection) throws SQLException {
        this.one = connection.prepareStatement(Schema.insertEvents(1));
        this.many = connection.prepareStatement(Schema.insertEvents(ROWS));
    }

    void add(LogState log, long seq, long appendedMillis, EventRow event) throws SQLException {
        waiting.add(new Row(log.id, seq, appendedMillis, event));
        if (waiting.size() == ROWS) {
            for (int i = 0; i < ROWS; i++) {
                bind(many, i * COLUMNS, waiting.get(i));
            }
            many.addBatch();
            waiting.clear();
        }
    }

    /** Writes all that was added. */
    void execute() throws SQLException {
        many.executeBatch();
        for (Row row : waiting) {
            bind(one, 0, row);
            one.addBatch();
        }
        one.executeBatch();
        waiting.clear();
    }

    /** Forgets what was added and not written. */
    void clear() throws SQLException {
        waiting.clear();
        many.clearBatch();
        one.clearBatch();
    }

    private static void bind(PreparedStatement insert, int before, Row row) throws SQLException {
        insert.setInt(before + 1, row.log());
        insert.setLong(before + 2, row.seq());
        insert.setLong(before + 3, row.appendedMillis());
        Rows.bind(insert, before + 4, row.event(), true);
    }
}
