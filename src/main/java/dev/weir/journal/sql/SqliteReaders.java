package dev.weir.journal.sql;

import dev.weir.bus.Journal;
import dev.weir.journal.EventRow;
import dev.weir.journal.Stored;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads events out of the file. Thread-safe. */
final class SqliteReaders {
    private static final int MOST_BYTES = 1 << 20;

    private record Reader(Connection connection, PreparedStatement select, PreparedStatement since)
            implements ReaderPool.Reader {}

    private final ReaderPool<Reader> pool;

    /** @param connect another connection that reads */
    SqliteReaders(ReaderPool.Connect connect) {
        this.pool = new ReaderPool<>(
                connect,
                connection -> new Reader(
                        connection,
                        connection.prepareStatement(Schema.SELECT_EVENTS),
                        connection.prepareStatement(Schema.FIRST_SINCE)));
    }

    /** Rows after {@code from} up to {@code to}, at most {@code limit} and about 1 MiB. */
    List<Stored.Row> read(int log, long from, long to, int limit) throws SQLException {
        return pool.use(reader -> rows(reader.select(), log, from, to, limit));
    }

    /** The first offset from {@code from} on that was appended at a moment or later, {@code to} when none before it was. */
    long firstSince(int log, long from, long to, long millis) throws SQLException {
        return pool.use(reader -> Loading.firstSince(reader.since(), log, from, to, millis));
    }

    /** How much the newest rows after an offset take. */
    Journal.Size size(int log, long after) throws SQLException {
        return pool.use(reader -> Loading.size(reader.connection(), log, after));
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
        pool.close();
    }
}
