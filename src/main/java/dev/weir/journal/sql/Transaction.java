package dev.weir.journal.sql;

import dev.weir.bus.Head;
import dev.weir.bus.Ids;
import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.Cut;
import dev.weir.journal.EventRow;
import dev.weir.journal.Identities;
import dev.weir.journal.Outcome;
import dev.weir.journal.RecentIds;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the writer does in one transaction: a group of appends, or a chunk of deletions. Memory follows the disk: states change
 * after the commit only. Owned by the writer.
 */
final class Transaction {
    static final int EPOCH_LENGTH = 10;
    private static final int DELETE_AHEAD = 1_000;
    private static final long AWAITED_MILLIS = 60_000;
    private static final String AWAITED =
            "SELECT 1 FROM logs WHERE id = ? AND EXISTS (" + DelayedSchema.WAITS_FOR_LOG + ")";

    private static final class Pending {
        long head;
        long floor;
        long appendedMillis;
        boolean deletes;
    }

    private final Connection connection;
    private final RecentIds recent;
    private final SqliteLatest latest;
    private final LongAdder trimmed;
    private final Holds holds;
    private final Holding holding;
    private final FlowTables flows;
    private final EventInserts inserts;
    private final PreparedStatement update;
    private final PreparedStatement delete;
    private final PreparedStatement since;
    private final Map<LogState, Pending> pending = new LinkedHashMap<>();
    private final Map<Identities.Key, Long> identities = new HashMap<>();
    private final List<Runnable> undo = new ArrayList<>();

    /**
     * @param trimmed counts what is deleted behind floors
     * @param holds what subscriptions and flows have not settled
     */
    Transaction(Connection connection, RecentIds recent, LongAdder trimmed, Holds holds) throws SQLException {
        this.holds = holds;
        this.holding = new Holding(connection);
        this.flows = new FlowTables(connection, "");
        this.trimmed = trimmed;
        this.connection = connection;
        this.recent = recent;
        this.latest = new SqliteLatest(connection);
        this.inserts = new EventInserts(connection);
        this.update = connection.prepareStatement(Schema.UPDATE_LOG);
        this.delete = connection.prepareStatement(Schema.DELETE_EVENTS);
        this.since = connection.prepareStatement(Schema.FIRST_SINCE);
    }

    /** Begins a log within the transaction of its first append. */
    LogState begin(int id, String address, long nowMillis) throws SQLException {
        Head head = new Head(Ids.secret().substring(0, EPOCH_LENGTH), 0, 0);
        try (PreparedStatement log = connection.prepareStatement(Schema.INSERT_LOG)) {
            log.setInt(1, id);
            log.setString(2, address);
            log.setString(3, head.epoch());
            log.setLong(4, 0);
            log.setLong(5, 0);
            log.setLong(6, nowMillis);
            log.executeUpdate();
        }
        return new LogState(id, address, head, nowMillis, 0);
    }

    /** Writes cuts through flows. */
    FlowTables flows() {
        return flows;
    }

    /** @param targets the log of each append */
    List<Outcome> commit(Group group, List<LogState> targets, long nowMillis) throws SQLException {
        List<Append> appends = group.appends;
        pending.clear();
        identities.clear();
        latest.clear();
        inserts.clear();
        List<Append> delivered = DelayedTable.deliver(connection, appends, nowMillis);
        List<long[]> offsets = new ArrayList<>(appends.size());
        List<Long> froms = new ArrayList<>(appends.size());
        boolean any = false;
        for (int i = 0; i < appends.size(); i++) {
            LogState log = targets.get(i);
            turn(log);
            Pending next = pending(log, nowMillis);
            froms.add(next.head);
            offsets.add(append(log, next, delivered.get(i).rows(), nowMillis));
            any |= next.head > log.head().head();
        }
        if (any) {
            for (SqliteLatest.Waiting each : latest.settle()) {
                inserts.add(each.log(), each.seq(), each.appended(), each.row());
            }
            inserts.execute();
            advance();
        }
        for (Cut cut : group.cuts) {
            flows.write(cut);
        }
        connection.commit();
        applied(nowMillis);
        List<Outcome> outcomes = new ArrayList<>(appends.size());
        for (int i = 0; i < appends.size(); i++) {
            long[] all = DelayedTable.spread(appends.get(i), delivered.get(i), offsets.get(i));
            outcomes.add(new Outcome(targets.get(i).head(), froms.get(i), all));
        }
        return outcomes;
    }

    private Pending pending(LogState log, long nowMillis) {
        return pending.computeIfAbsent(log, unseen -> {
            Pending fresh = new Pending();
            fresh.head = log.head().head();
            fresh.floor = log.head().floor();
            fresh.appendedMillis = Math.max(log.appendedMillis, nowMillis);
            return fresh;
        });
    }

    private long[] append(LogState log, Pending next, List<EventRow> rows, long nowMillis) throws SQLException {
        long[] offsets = new long[rows.size()];
        for (int i = 0; i < offsets.length; i++) {
            EventRow row = rows.get(i);
            Identities.Key key = row.ownId() ? recent.key(log.id, row.identity()) : null;
            Long first = key == null ? null : identities.get(key);
            if (first == null && key != null) {
                first = recent.find(key, nowMillis);
            }
            if (first != null) {
                offsets[i] = first;
                continue;
            }
            offsets[i] = ++next.head;
            if (key != null) {
                identities.put(key, next.head);
            }
            if (!log.latest) {
                inserts.add(log, next.head, next.appendedMillis, row);
                continue;
            }
            latest.add(new SqliteLatest.Waiting(log, next.head, next.appendedMillis, row));
            if (key != null) {
                latest.remember(key, log.id, next.head, nowMillis);
            }
        }
        return offsets;
    }

    /** Does what the policy says now; events that are there already are compacted, or no longer are. */
    private void turn(LogState log) throws SQLException {
        Keep keep = log.keep;
        if (keep != null && keep.latest() != log.latest) {
            boolean latestBefore = log.latest;
            long deletedBefore = log.deleted;
            undo.add(() -> {
                log.latest = latestBefore;
                log.deleted = deletedBefore;
            });
            latest.turn(log, keep.latest());
        }
    }

    /** What the last commit was about to do is not done. */
    void undo() {
        undo.forEach(Runnable::run);
        undo.clear();
    }

    /** Moves the heads, and the floors with them; deletes behind a floor once that is worth a statement. */
    private void advance() throws SQLException {
        for (Map.Entry<LogState, Pending> each : pending.entrySet()) {
            LogState log = each.getKey();
            Pending next = each.getValue();
            Keep keep = log.keep;
            if (keep != null && keep.events() < next.head) {
                next.floor = Math.max(next.floor, Math.min(next.head - keep.events(), holds.settled(log)));
            }
            move(log, next);
            // Only what readers know to be gone is deleted: they may look before this is committed, and be told of it
            // after.
            long visible = log.head().floor();
            long behind = visible - log.deleted;
            if (!log.latest
                    && behind >= DELETE_AHEAD
                    && behind < 4 * (next.head - log.head().head() + DELETE_AHEAD)) {
                remove(log, visible);
                next.deletes = true;
            }
        }
    }

    private void move(LogState log, Pending next) throws SQLException {
        update.setLong(1, next.head);
        update.setLong(2, next.floor);
        update.setLong(3, next.appendedMillis);
        update.setInt(4, log.id);
        update.executeUpdate();
    }

    private void remove(LogState log, long upTo) throws SQLException {
        delete.setInt(1, log.id);
        delete.setLong(2, log.deleted);
        delete.setLong(3, upTo);
        trimmed.add(delete.executeUpdate());
    }

    private void applied(long nowMillis) {
        undo.clear();
        pending.forEach((log, next) -> {
            log.appendedMillis = next.appendedMillis;
            log.deleted = next.deletes ? log.head().floor() : log.deleted;
            log.committed(next.head, next.floor);
        });
        identities.forEach((key, offset) -> recent.add(key, offset, nowMillis));
        recent.expire(nowMillis);
    }

    /** Moves the floor over what is too much or too old; all of it when nobody has kept it for long. The deletion follows. */
    void retain(LogState log, long nowMillis, long forgetMillis) throws SQLException {
        turn(log);
        Keep keep = log.keep;
        Head head = log.head();
        long floor = head.floor();
        if (log.latest) {
            floor = nowMillis < log.dueMillis ? floor : latest.expire(log, nowMillis);
        } else if (head.floor() < head.head() && keep != null) {
            long wanted = Math.max(aged(log, keep, nowMillis), head.head() - keep.events());
            floor = holding.floor(log.id, floor, wanted, holds.settled(log), keep, nowMillis);
        }
        if (keep == null && log.appendedMillis < nowMillis - forgetMillis) {
            log.latest = false;
            floor = head.head();
        }
        if (floor > head.floor()) {
            Pending next = new Pending();
            next.head = head.head();
            next.floor = floor;
            next.appendedMillis = log.appendedMillis;
            move(log, next);
            connection.commit();
            log.committed(next.head, next.floor);
        }
    }

    /** Whether there is more to be counted of what subscriptions hold. */
    boolean isHolding() {
        return holding.unfinished();
    }

    /** Forgets a log that has been empty for long. */
    boolean forget(LogState log, long nowMillis, long forgetMillis) throws SQLException {
        if (log.appendedMillis >= nowMillis - forgetMillis) {
            return false;
        }
        boolean empty = log.latest
                ? next(since, log.id, 0) == null
                : log.deleted >= log.head().head();
        if (!empty || isAwaited(log, nowMillis)) {
            return false;
        }
        for (String statement : List.of(Schema.SPREAD.get(0), Schema.DELETE_LOG)) {
            try (PreparedStatement gone = connection.prepareStatement(statement)) {
                gone.setInt(1, log.id);
                gone.executeUpdate();
            }
        }
        connection.commit();
        return true;
    }

    /** Whether events for later wait for the log: their place is kept. Asked seldom where they do. */
    private boolean isAwaited(LogState log, long nowMillis) throws SQLException {
        if (nowMillis >= log.awaitedMillis) {
            try (PreparedStatement waits = connection.prepareStatement(AWAITED)) {
                waits.setInt(1, log.id);
                try (ResultSet row = waits.executeQuery()) {
                    log.awaitedMillis = row.next() ? nowMillis + AWAITED_MILLIS : 0;
                }
            }
        }
        return log.awaitedMillis > 0;
    }

    /** Offset of the newest event that is too old, by halving: append times only grow. */
    private long aged(LogState log, Keep keep, long nowMillis) throws SQLException {
        if (keep.ageMillis() == Long.MAX_VALUE || nowMillis < log.dueMillis) {
            return 0;
        }
        long young = Loading.firstSince(since, log, nowMillis - keep.ageMillis());
        long[] oldest = next(since, log.id, young);
        log.dueMillis = (oldest == null ? nowMillis : oldest[1]) + keep.ageMillis();
        return young - 1;
    }

    /** Deletes a chunk below the floor; true when more is there. */
    boolean delete(LogState log, int most) throws SQLException {
        long floor = log.head().floor();
        if (log.latest || log.deleted >= floor) {
            return false;
        }
        long upTo = Math.min(floor, log.deleted + most);
        remove(log, upTo);
        connection.commit();
        log.deleted = upTo;
        return upTo < floor;
    }

    /** Ends the transaction that looking around has begun. */
    void finish(long nowMillis) throws SQLException {
        latest.expireIds(nowMillis - recent.windowMillis());
        connection.commit();
        undo.clear();
    }

    /** What {@link Schema#FIRST_SINCE} finds: an offset and when it was appended; null at the end. */
    static long @org.jspecify.annotations.Nullable [] next(PreparedStatement statement, int log, long seq)
            throws SQLException {
        statement.setInt(1, log);
        statement.setLong(2, seq);
        try (ResultSet found = statement.executeQuery()) {
            return found.next() ? new long[] {found.getLong(1), found.getLong(2)} : null;
        }
    }
}
