package dev.weir.journal.sql;

import dev.weir.journal.EventRow;
import dev.weir.journal.Stored;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Connections that only read, used again and again. Thread-safe: each is used by one thread at a time. */
final class SqliteReaders {
    private static final int MOST_BYTES = 1 << 20;

    private record Reader(Connection connection, PreparedStatement select) {
        void close() {
            try {
                connection.close();
            } catch (SQLException ignored) {
                // It is given up either way.
            }
        }
    }

    private final Path file;
    private final ConcurrentLinkedQueue<Reader> idle = new ConcurrentLinkedQueue<>();

    SqliteReaders(Path file) {
        this.file = file;
    }

    /** Rows after {@code from} up to {@code to}, at most {@code limit} and about 1 MiB. */
    List<Stored.Row> read(int log, long from, long to, int limit) throws SQLException {
        Reader reader = idle.poll();
        if (reader == null) {
            Connection connection = Sqlite.reader(file);
            reader = new Reader(connection, connection.prepareStatement(Schema.SELECT_EVENTS));
        }
        try {
            List<Stored.Row> rows = rows(reader.select(), log, from, to, limit);
            idle.add(reader);
            return rows;
        } catch (SQLException e) {
            reader.close();
            throw e;
        }
    }

    private static List<Stored.Row> rows(PreparedStatement select, int log, long from, long to, int limit)
            throws SQLException {
        select.setInt(1, log);
        select.setLong(2, from);
        select.setLong(3, to);
        select.setInt(4, limit);
        List<Stored.Row> rows = new ArrayList<>();
        int bytes = 0;
        try (ResultSet found = select.executeQuery()) {
            while (bytes < MOST_BYTES && found.next()) {
                EventRow event = Rows.event(found, 2);
                bytes += event.size();
                rows.add(new Stored.Row(found.getLong(1), event));
            }
        }
        return rows;
    }

    void close() {
        for (Reader reader = idle.poll(); reader != null; reader = idle.poll()) {
            reader.close();
        }
    }
}
