package dev.weir.journal.sql;

import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.journal.EventRow;
import dev.weir.journal.Stored;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads events and the ends of logs out of the database. Thread-safe. */
final class PostgresReaders {
    private static final long MOST_BYTES = 1 << 20;

    private static final String READ = """
            SELECT l.epoch, l.head, l.floor, e.seq, e.id, e.source, e.type, e.subject, e.time, e.authid, e.own_id, e.headers,
              e.kind, e.data
            FROM logs l LEFT JOIN LATERAL (
              SELECT * FROM (
                SELECT page.*, sum(octet_length(data)) OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                  AS before
                FROM (SELECT * FROM events WHERE log = l.id AND seq > CASE WHEN l.latest = 1 THEN ? ELSE greatest(l.floor, ?) END
                  AND seq <= l.head
                  ORDER BY seq LIMIT ?) page) sized
              WHERE before IS NULL OR before < ? ORDER BY seq) e ON true
            WHERE l.address = ?""";

    private static final String HEADS = "SELECT address, epoch, head, floor FROM logs WHERE address = ANY (?)";

    private static final String LOG = "SELECT id, head, floor, latest FROM logs WHERE address = ?";

    private record Reader(Connection connection, PreparedStatement read, PreparedStatement heads)
            implements ReaderPool.Reader {}

    private final ReaderPool<Reader> pool;

    PostgresReaders(PostgresServer server) {
        this.pool = new ReaderPool<>(
                server::connect,
                connection ->
                        new Reader(connection, connection.prepareStatement(READ), connection.prepareStatement(HEADS)));
    }

    /** What follows an offset, at most {@code limit} events and about 1 MiB, all as of one moment; empty without such a log. */
    Optional<Stored> read(String address, long from, int limit) throws SQLException {
        return pool.use(reader -> {
            PreparedStatement read = reader.read();
            read.setLong(1, from);
            read.setLong(2, from);
            // One more tells whether that is all.
            read.setInt(3, limit + 1);
            read.setLong(4, MOST_BYTES);
            read.setString(5, address);
            try (ResultSet row = read.executeQuery()) {
                return row.next() ? Optional.of(stored(row, from, limit)) : Optional.empty();
            }
        });
    }

    private static Stored stored(ResultSet row, long from, int limit) throws SQLException {
        Head head = new Head(row.getString(1), row.getLong(2), row.getLong(3));
        List<Stored.Row> rows = new ArrayList<>();
        long bytes = 0;
        boolean more = row.getObject(4) != null;
        boolean cut = false;
        while (more) {
            if (rows.size() == limit) {
                cut = true;
                break;
            }
            EventRow event = Rows.event(row, 5);
            bytes += event.data() == null ? 0 : event.data().length;
            rows.add(new Stored.Row(row.getLong(4), event));
            more = row.next();
        }
        long last = rows.isEmpty()
                ? Math.max(from, head.floor())
                : rows.get(rows.size() - 1).offset();
        return new Stored(head, from, cut || bytes >= MOST_BYTES ? last : Math.max(last, head.head()), rows);
    }

    /** The ends of those logs that are there. */
    Map<String, Head> heads(Collection<String> addresses) throws SQLException {
        return pool.use(reader -> {
            reader.heads().setArray(1, reader.connection().createArrayOf("text", addresses.toArray()));
            Map<String, Head> heads = new HashMap<>();
            try (ResultSet row = reader.heads().executeQuery()) {
                while (row.next()) {
                    heads.put(row.getString(1), new Head(row.getString(2), row.getLong(3), row.getLong(4)));
                }
            }
            return heads;
        });
    }

    /** The newest offset appended before a moment, by halving: a question for each time the log doubles. 0 without such a log. */
    long before(String address, long millis) throws SQLException {
        return pool.use(reader -> {
            try (PreparedStatement log = reader.connection().prepareStatement(LOG);
                    PreparedStatement since = reader.connection().prepareStatement(Schema.FIRST_SINCE)) {
                log.setString(1, address);
                try (ResultSet row = log.executeQuery()) {
                    if (!row.next()) {
                        return 0L;
                    }
                    long first = row.getInt(4) != 0 ? 1 : row.getLong(3) + 1;
                    return Loading.firstSince(since, row.getInt(1), first, row.getLong(2) + 1, millis) - 1;
                }
            }
        });
    }

    /** How much the newest events of a log take. */
    Journal.Size size(String address) throws SQLException {
        return pool.use(reader -> {
            try (PreparedStatement log = reader.connection().prepareStatement(LOG)) {
                log.setString(1, address);
                try (ResultSet row = log.executeQuery()) {
                    return row.next()
                            ? Loading.size(reader.connection(), row.getInt(1), row.getInt(4) != 0 ? 0 : row.getLong(3))
                            : new Journal.Size(0, 0, true);
                }
            }
        });
    }

    /** All that have a log. */
    Set<String> addresses() throws SQLException {
        return pool.use(reader -> {
            try (PreparedStatement select = reader.connection().prepareStatement("SELECT address FROM logs");
                    ResultSet row = select.executeQuery()) {
                Set<String> all = new HashSet<>();
                while (row.next()) {
                    all.add(row.getString(1));
                }
                all.removeIf(Imports::isUnfinished);
                return all;
            }
        });
    }

    /** Asks something else, in a transaction of its own. */
    <T> T ask(SqlQuestion<T> question) throws SQLException {
        return pool.use(reader -> question.ask(reader.connection()));
    }

    /** Something that is asked seldom. */
    interface SqlQuestion<T> {
        T ask(Connection connection) throws SQLException;
    }

    void close() {
        pool.close();
    }
}
