package dev.weir.journal.sql;

import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.journal.Identities;
import dev.weir.journal.RecentIds;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What is read when a journal is opened: all logs, and the ids of the last moments, never the whole history. */
final class Loading {
    private static final int MOST_COUNTED = 10_000;

    private final Connection connection;

    Loading(Connection connection) {
        this.connection = connection;
    }

    List<LogState> logs() throws SQLException {
        List<LogState> logs = new ArrayList<>();
        try (Statement all = connection.createStatement();
                PreparedStatement oldest = connection.prepareStatement(Schema.OLDEST);
                ResultSet row = all.executeQuery(Schema.SELECT_LOGS)) {
            while (row.next()) {
                int id = row.getInt(1);
                Head head = new Head(row.getString(3), row.getLong(4), row.getLong(5));
                LogState log = new LogState(id, row.getString(2), head, row.getLong(6), deleted(oldest, id, head));
                log.latest = row.getInt(7) != 0;
                logs.add(log);
            }
        }
        connection.commit();
        return logs;
    }

    static long deleted(PreparedStatement oldest, int log, Head head) throws SQLException {
        oldest.setInt(1, log);
        try (ResultSet row = oldest.executeQuery()) {
            long first = row.next() ? row.getLong(1) : 0;
            return first == 0 ? head.head() : first - 1;
        }
    }

    void recent(List<LogState> logs, RecentIds recent, long nowMillis) throws SQLException {
        recent.clear();
        long since = nowMillis - recent.windowMillis();
        try (PreparedStatement first = connection.prepareStatement(Schema.FIRST_SINCE);
                PreparedStatement identities = connection.prepareStatement(Schema.SELECT_IDENTITIES)) {
            for (LogState log : logs) {
                if (log.appendedMillis >= since) {
                    identities.setInt(1, log.id);
                    identities.setLong(2, firstSince(first, log, since));
                    remember(identities, log, recent, nowMillis);
                }
            }
        }
        try (PreparedStatement apart = connection.prepareStatement(Schema.SELECT_IDS)) {
            apart.setLong(1, since);
            try (ResultSet row = apart.executeQuery()) {
                while (row.next()) {
                    Identities.Key key = new Identities.Key(row.getLong(1), row.getLong(2));
                    recent.add(key, row.getLong(3), Math.min(row.getLong(4), nowMillis));
                }
            }
        }
        connection.commit();
    }

    private static void remember(PreparedStatement identities, LogState log, RecentIds recent, long nowMillis)
            throws SQLException {
        try (ResultSet row = identities.executeQuery()) {
            while (row.next()) {
                String identity = row.getString(3) + "\u0000" + row.getString(4) + "\u0000" + row.getString(5);
                Identities.Key key = recent.key(log.id, identity.getBytes(StandardCharsets.UTF_8));
                recent.add(key, row.getLong(1), Math.min(row.getLong(2), nowMillis));
            }
        }
        recent.expire(nowMillis);
    }

    /** By halving, since append times only grow: the first offset appended at that time or later, head + 1 when none was. */
    static long firstSince(PreparedStatement since, LogState log, long millis) throws SQLException {
        return firstSince(
                since,
                log.id,
                Math.max(log.deleted, log.head().floor()) + 1,
                log.head().head() + 1,
                millis);
    }

    /** The same between two offsets; the second when none was. Some between them may be missing. */
    static long firstSince(PreparedStatement since, int log, long from, long to, long millis) throws SQLException {
        long low = from;
        long high = to;
        while (low < high) {
            long middle = (low + high) >>> 1;
            long[] found = Transaction.next(since, log, middle);
            if (found == null || found[1] >= millis) {
                high = middle;
            } else {
                low = found[0] + 1;
            }
        }
        return low;
    }

    /** How much the newest events after an offset take; a bounded look, since the sum of all would read all. */
    static Journal.Size size(Connection connection, int log, long after) throws SQLException {
        try (PreparedStatement sum = connection.prepareStatement(Schema.SIZE)) {
            sum.setInt(1, log);
            sum.setLong(2, after);
            sum.setInt(3, MOST_COUNTED);
            try (ResultSet row = sum.executeQuery()) {
                long counted = row.next() ? row.getLong(1) : 0;
                return new Journal.Size(counted == 0 ? 0 : row.getLong(2), counted, counted < MOST_COUNTED);
            }
        }
    }
}
