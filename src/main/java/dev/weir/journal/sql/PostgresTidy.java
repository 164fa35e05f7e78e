package dev.weir.journal.sql;

import dev.weir.bus.Keep;
import dev.weir.journal.EngineRules;
import dev.weir.time.Clock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Moves floors, deletes behind them and forgets ids past the window, a little at a time. One node does it for all: the one that
 * has the lock, as long as its connection lives. Owned by the writer.
 */
final class PostgresTidy {
    private static final int CHUNK = 5_000;
    private static final int EXPIRED_AT_ONCE = 10_000;

    /** Much longer than any node asks what became of its commit. */
    private static final long WRITER_MILLIS = 86_400_000;

    private static final int ROUNDS = 1_000;

    /** So long producers may wait for it at a time. */
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long AGAIN_MILLIS = 60_000;

    private record Log(int id, String address, long head, long floor, boolean latest, boolean idle, long nowMillis) {}

    /** When something is too old next, given how old it may be. */
    private record Due(long ageMillis, long millis) {}

    private final PostgresServer server;
    private final Connection connection;
    private final EngineRules rules;
    private final PreparedStatement logs;
    private final PreparedStatement young;
    private final PreparedStatement settled;
    private final Holding holding;
    private final PreparedStatement raise;
    private final PreparedStatement oldest;
    private final PreparedStatement delete;
    private final PreparedStatement gone;
    private final PreparedStatement forget;
    private final PreparedStatement forgetIds;
    private final PreparedStatement forgetWriters;
    private final PreparedStatement forgetNodes;
    private final PreparedStatement nextGone;
    private final PreparedStatement lock;
    private final Clock time = Clock.system();
    private final Map<Integer, Long> deleted = new HashMap<>();
    private final Map<Integer, Due> dues = new HashMap<>();

    /** Logs that could have been forgotten and were not, and when to try again. */
    private final Map<Integer, Long> kept = new HashMap<>();

    private Iterator<Log> rest = Collections.emptyIterator();
    private boolean more;
    private final LongAdder trimmed;
    private final SqlWork work;
    private boolean mine;
    private int round;

    PostgresTidy(
            PostgresServer server,
            Connection connection,
            EngineRules rules,
            String clock,
            LongAdder trimmed,
            SqlWork work)
            throws SQLException {
        this.work = work;
        this.server = server;
        this.connection = connection;
        this.rules = rules;
        this.trimmed = trimmed;
        this.logs = connection.prepareStatement("SELECT id, address, head, floor, latest, appended < " + clock
                + " - ?, " + clock + " FROM logs ORDER BY id");
        this.young =
                connection.prepareStatement("SELECT seq, appended FROM events WHERE log = ? AND seq > ? AND seq <= ?"
                        + " AND appended >= " + clock + " - ? ORDER BY seq LIMIT 1");
        this.settled = connection.prepareStatement("SELECT " + Settled.SQL + ", " + clock + " FROM logs WHERE id = ?");
        this.holding = new Holding(connection);
        this.raise = connection.prepareStatement("UPDATE logs SET floor = greatest(floor, ?) WHERE id = ?");
        this.oldest = connection.prepareStatement("SELECT min(seq) FROM events WHERE log = ?");
        this.delete = connection.prepareStatement("DELETE FROM events WHERE log = ? AND seq > ? AND seq <= ?");
        this.gone = connection.prepareStatement("WITH old AS (DELETE FROM latest WHERE log = ? AND gone > 0 AND gone < "
                + clock + " - " + Schema.GONE_MILLIS + " RETURNING log, seq), events AS (DELETE FROM events USING old"
                + " WHERE events.log = old.log AND events.seq = old.seq) SELECT max(seq) FROM old");
        this.nextGone = connection.prepareStatement(Schema.OLDEST_GONE);
        this.lock = connection.prepareStatement("SELECT id FROM logs WHERE id = ? FOR UPDATE");
        // A node that has just appended has the row locked, and afterwards it is not idle any more.
        this.forget = connection.prepareStatement("DELETE FROM logs WHERE id = ? AND appended < " + clock
                + " - ? AND NOT EXISTS (SELECT 1 FROM events WHERE log = logs.id) AND NOT EXISTS ("
                + DelayedSchema.WAITS_FOR_LOG + ")");
        // Those that a writer remembers anew just now are left out: who waits for it, and has others locked that it
        // needs, waits in a circle.
        this.forgetIds =
                connection.prepareStatement("DELETE FROM recent_ids WHERE (high, low) IN (SELECT high, low FROM"
                        + " recent_ids WHERE seen < " + clock + " - ? ORDER BY seen LIMIT " + CHUNK
                        + " FOR UPDATE SKIP LOCKED)");
        // One that commits just now has its row locked, and need not be waited for.
        this.forgetWriters =
                connection.prepareStatement("DELETE FROM writers WHERE writer IN (SELECT writer FROM writers WHERE"
                        + " seen < " + clock + " - " + WRITER_MILLIS + " FOR UPDATE SKIP LOCKED)");
        this.forgetNodes = connection.prepareStatement("DELETE FROM claims WHERE starts_with(name, '"
                + FlowSchema.PRESENT + "') AND expires < " + clock + " - " + WRITER_MILLIS);
    }

    /** One round over all logs, or a part of one that would take long; true when more waits. */
    boolean run(long nowMillis) throws SQLException {
        if (!mine) {
            mine = server.tidies(connection);
            deleted.clear();
            dues.clear();
            kept.clear();
            round = 0;
            connection.commit();
        }
        if (!mine) {
            return false;
        }
        if (!rest.hasNext()) {
            rest = logs().iterator();
            more = false;
        }
        for (long begun = time.nanos(); rest.hasNext(); ) {
            if (time.nanos() - begun > ROUND_NANOS) {
                return true;
            }
            tidy(rest.next());
        }
        if (round++ % ROUNDS == 0) {
            forgetWriters.executeUpdate();
            forgetNodes.executeUpdate();
            connection.commit();
        }
        boolean moreIds = forgetIds();
        boolean moreLetters = work.tidy(connection, nowMillis);
        return more || moreIds || moreLetters || holding.unfinished();
    }

    private void tidy(Log log) throws SQLException {
        more |= log.latest() ? expire(log) : retain(log);
        boolean empty = log.latest() || deleted.getOrDefault(log.id(), 0L) >= log.head();
        if (log.idle() && empty && log.nowMillis() >= kept.getOrDefault(log.id(), 0L)) {
            forget(log);
        }
    }

    /** Most logs have nothing that is old enough, most of the time, and need not be looked at. */
    private boolean isDue(Log log, long ageMillis) {
        Due known = dues.get(log.id());
        return known == null || known.ageMillis() != ageMillis || log.nowMillis() >= known.millis();
    }

    private boolean retain(Log log) throws SQLException {
        return delete(log, raised(log, rules.keeps().apply(log.address())));
    }

    /** Forgets keys that were deleted long ago; who was away longer cannot learn of it, which the floor says. */
    private boolean expire(Log log) throws SQLException {
        if (isDue(log, Schema.GONE_MILLIS)) {
            lock(log);
            gone.setInt(1, log.id());
            long newest = 0;
            try (ResultSet row = gone.executeQuery()) {
                newest = row.next() ? row.getLong(1) : 0;
            }
            if (newest > log.floor()) {
                raise(log, newest);
            }
            nextGone.setInt(1, log.id());
            try (ResultSet row = nextGone.executeQuery()) {
                long oldest = row.next() && row.getLong(1) > 0 ? row.getLong(1) : log.nowMillis();
                dues.put(log.id(), new Due(Schema.GONE_MILLIS, oldest + Schema.GONE_MILLIS));
            }
            connection.commit();
        }
        if (log.idle() && rules.keeps().apply(log.address()) == null) {
            return delete(log, raised(log, null));
        }
        return false;
    }

    private void forget(Log log) throws SQLException {
        forget.setInt(1, log.id());
        forget.setLong(2, rules.forgetMillis());
        kept.put(log.id(), log.nowMillis() + AGAIN_MILLIS);
        if (forget.executeUpdate() > 0) {
            deleted.remove(log.id());
            dues.remove(log.id());
            kept.remove(log.id());
            try (PreparedStatement keys = connection.prepareStatement(Schema.SPREAD.get(0))) {
                keys.setInt(1, log.id());
                keys.executeUpdate();
            }
        }
        connection.commit();
    }

    private List<Log> logs() throws SQLException {
        List<Log> found = new ArrayList<>();
        logs.setLong(1, rules.forgetMillis());
        try (ResultSet row = logs.executeQuery()) {
            while (row.next()) {
                found.add(new Log(
                        row.getInt(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getInt(5) != 0,
                        row.getBoolean(6),
                        row.getLong(7)));
            }
        }
        connection.commit();
        return found;
    }

    /** What nobody has kept for long goes as a whole. */
    private long raised(Log log, @Nullable Keep keep) throws SQLException {
        long floor = log.floor();
        if (keep == null) {
            floor = log.idle() ? log.head() : floor;
        } else {
            long wanted = holding.wanted(log.id(), floor);
            wanted = Math.max(wanted, keep.events() < log.head() ? log.head() - keep.events() : 0);
            if (keep.ageMillis() < Long.MAX_VALUE && wanted < log.head() && isDue(log, keep.ageMillis())) {
                wanted = aged(log, wanted, keep.ageMillis());
            }
            floor = wanted > floor ? held(log, wanted, keep) : floor;
        }
        if (floor > log.floor()) {
            raise(log, floor);
        }
        connection.commit();
        return floor;
    }

    private long held(Log log, long wanted, Keep keep) throws SQLException {
        settled.setInt(Settled.bind(connection, settled, 1, rules), log.id());
        long upTo = wanted;
        long nowMillis = 0;
        try (ResultSet row = settled.executeQuery()) {
            if (row.next()) {
                upTo = row.getLong(1);
                nowMillis = row.getLong(2);
            }
        }
        return holding.floor(log.id(), log.floor(), wanted, upTo, keep, nowMillis);
    }

    /** As writers do, before any of its keys: else each may wait for what the other has locked. */
    private void lock(Log log) throws SQLException {
        lock.setInt(1, log.id());
        lock.executeQuery().close();
    }

    private void raise(Log log, long floor) throws SQLException {
        raise.setLong(1, floor);
        raise.setInt(2, log.id());
        raise.executeUpdate();
    }

    /** Append times only grow, so what is before the first young event is old. */
    private long aged(Log log, long floor, long ageMillis) throws SQLException {
        long to = Math.min(log.head(), floor + EXPIRED_AT_ONCE);
        young.setInt(1, log.id());
        young.setLong(2, floor);
        young.setLong(3, to);
        young.setLong(4, ageMillis);
        try (ResultSet row = young.executeQuery()) {
            if (row.next()) {
                dues.put(log.id(), new Due(ageMillis, row.getLong(2) + ageMillis));
                return row.getLong(1) - 1;
            }
        }
        dues.remove(log.id());
        return to;
    }

    /** Deletes a chunk below the floor; nobody reads there any more, so it need not be on the disk at once. */
    private boolean delete(Log log, long floor) throws SQLException {
        long from = deleted.computeIfAbsent(log.id(), unseen -> -1L);
        if (from < 0) {
            from = first(log) - 1;
        }
        long to = Math.min(floor, from + CHUNK);
        if (to > from) {
            lazily();
            if (log.latest()) {
                lock(log);
            }
            delete.setInt(1, log.id());
            delete.setLong(2, from);
            delete.setLong(3, to);
            trimmed.add(delete.executeUpdate());
            connection.commit();
        }
        deleted.put(log.id(), Math.max(from, to));
        return to < floor;
    }

    private long first(Log log) throws SQLException {
        oldest.setInt(1, log.id());
        try (ResultSet row = oldest.executeQuery()) {
            long seq = row.next() ? row.getLong(1) : 0;
            connection.commit();
            return seq == 0 ? log.head() + 1 : seq;
        }
    }

    private boolean forgetIds() throws SQLException {
        lazily();
        forgetIds.setLong(1, rules.windowMillis());
        int forgotten = forgetIds.executeUpdate();
        connection.commit();
        return forgotten == CHUNK;
    }

    private void lazily() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL synchronous_commit = off");
        }
    }
}
