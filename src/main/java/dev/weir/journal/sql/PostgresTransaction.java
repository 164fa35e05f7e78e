package dev.weir.journal.sql;

import dev.weir.bus.Head;
import dev.weir.bus.Ids;
import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.Cut;
import dev.weir.journal.EngineRules;
import dev.weir.journal.EventRow;
import dev.weir.journal.FlowStore;
import dev.weir.journal.Identities;
import dev.weir.journal.Outcome;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A group of appends as one transaction, whichever node makes it: locks its logs in the order of their ids, so that nodes never
 * wait for each other in a circle; the locks last until the commit, so the order of offsets is the order of commits. Owned by the
 * writer, lives as long as its connection.
 */
final class PostgresTransaction {
    private static final int EPOCH_LENGTH = 10;

    /** A log within the transaction. */
    private static final class Locked {
        final int id;
        final Head before;
        final long appended;
        final long settled;
        boolean latest;
        long head;

        Locked(int id, Head before, long appended, boolean latest, long settled) {
            this.latest = latest;
            this.settled = settled;
            this.id = id;
            this.before = before;
            this.appended = appended;
            this.head = before.head();
        }

        /** Another policy is applied with the next event, or by whoever tidies up. */
        long floor(Keep keep) {
            boolean moves = head > before.head() && keep.events() < head;
            return Math.max(before.floor(), moves ? Math.min(head - keep.events(), settled) : 0);
        }
    }

    /** An append whose events have their places; of an event without an id of its own there is no key. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared; filled by whoever makes it.
    private record Placed(Append append, Locked log, long from, long[] offsets, Identities.@Nullable Key[] keys) {}

    private final Connection connection;
    private final String writer;
    private final long windowMillis;
    private final Identities identities = new Identities();
    private final CopyRows copy = new CopyRows();
    private final PostgresLatest latest;
    private final PreparedStatement begin;
    private final PreparedStatement lock;
    private final PreparedStatement lockHeld;
    private final EngineRules rules;
    private final FlowTables flows;
    private final PreparedStatement remember;
    private final PreparedStatement find;
    private final PreparedStatement correct;
    private final PreparedStatement advance;
    private long nowMillis;

    /**
     * @param clock the database's time in milliseconds, as an SQL expression
     * @param share what makes a selected row stay as it is until the commit
     */
    PostgresTransaction(Connection connection, String writer, EngineRules rules, String clock, String share)
            throws SQLException {
        this.connection = connection;
        this.writer = writer;
        this.windowMillis = rules.windowMillis();
        this.rules = rules;
        this.flows = new FlowTables(connection, share);
        this.latest = new PostgresLatest(connection);
        this.begin = connection.prepareStatement(
                "INSERT INTO logs (address, epoch, head, floor, appended) SELECT address, epoch, 0, 0, " + clock
                        + " FROM unnest(?::text[], ?::text[]) AS new (address, epoch) ON CONFLICT (address) DO NOTHING");
        String locked = "SELECT id, address, epoch, head, floor, greatest(appended, " + clock + "), " + clock
                + ", latest, %s FROM logs WHERE address = ANY (?) ORDER BY id FOR UPDATE";
        this.lock = connection.prepareStatement(locked.formatted(Long.MAX_VALUE));
        this.lockHeld = connection.prepareStatement(locked.formatted(Settled.SQL));
        this.remember = connection.prepareStatement(
                "INSERT INTO recent_ids (high, low, log, seq, seen) SELECT high, low, log, seq, ? FROM"
                        + " unnest(?::bigint[], ?::bigint[], ?::int[], ?::bigint[]) AS new (high, low, log, seq)"
                        + " ON CONFLICT (high, low) DO UPDATE SET seq = excluded.seq, seen = excluded.seen"
                        + " WHERE recent_ids.seen < ?");
        this.find = connection.prepareStatement("SELECT high, low, recent_ids.seq FROM recent_ids"
                + " JOIN unnest(?::bigint[], ?::bigint[]) AS new (high, low) USING (high, low)");
        this.correct = connection.prepareStatement("UPDATE recent_ids SET seq = new.seq FROM"
                + " unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS new (high, low, seq)"
                + " WHERE recent_ids.high = new.high AND recent_ids.low = new.low");
        this.advance =
                connection.prepareStatement("WITH done AS (INSERT INTO writers (writer, batch, seen) VALUES (?, ?, ?)"
                        + " ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch, seen = excluded.seen)"
                        + " UPDATE logs SET head = new.head, floor = new.floor, appended = new.appended FROM"
                        + " unnest(?::int[], ?::bigint[], ?::bigint[], ?::bigint[]) AS new (id, head, floor, appended)"
                        + " WHERE logs.id = new.id");
    }

    /** Does everything but the commit. */
    FlowStore.Kept prepare(List<Append> alone, List<Cut> cuts, long batch) throws SQLException {
        TreeSet<String> addresses = new TreeSet<>();
        alone.forEach(append -> addresses.add(append.address()));
        cuts.forEach(cut -> cut.appends().forEach(append -> addresses.add(append.address())));
        Map<String, Locked> logs = addresses.isEmpty() ? Map.of() : lock(addresses);
        Group group = cuts.isEmpty() ? Group.of(alone) : new Group(alone, cuts, flows.inForce(cuts));
        List<Outcome> outcomes = prepare(group.appends, logs, batch);
        for (Cut cut : group.cuts) {
            flows.write(cut);
        }
        return group.kept(outcomes);
    }

    private List<Outcome> prepare(List<Append> asked, Map<String, Locked> logs, long batch) throws SQLException {
        // After the locks, since getting them may begin the transaction anew.
        DelayedTable.lock(
                connection,
                asked.stream().flatMap(append -> append.delayed().stream()).toList());
        List<Append> appends = DelayedTable.deliver(connection, asked, nowMillis);
        for (Append append : appends) {
            turn(java.util.Objects.requireNonNull(logs.get(append.address()), "locked"), append.keep());
        }
        List<Placed> placed = new ArrayList<>(appends.size());
        Map<Identities.Key, Long> named = new LinkedHashMap<>();
        for (Append append : appends) {
            placed.add(place(append, logs, named));
        }
        if (!named.isEmpty()) {
            placed = resolve(placed, logs, named);
        }
        store(placed);
        advance(placed, batch);
        List<Outcome> outcomes = new ArrayList<>(placed.size());
        for (int i = 0; i < placed.size(); i++) {
            outcomes.add(outcome(asked.get(i), placed.get(i)));
        }
        return outcomes;
    }

    /** Does what the policy says now; events that are there already are compacted, or no longer are. */
    private void turn(Locked log, Keep keep) throws SQLException {
        if (log.latest != keep.latest()) {
            latest.turn(log.id, keep.latest());
            log.latest = keep.latest();
        }
    }

    private static Outcome outcome(Append asked, Placed placed) {
        Locked log = placed.log();
        Head head =
                new Head(log.before.epoch(), log.head, log.floor(placed.append().keep()));
        return new Outcome(head, placed.from(), DelayedTable.spread(asked, placed.append(), placed.offsets()));
    }

    /** @param addresses in order, so that nodes that begin the same logs do not wait for each other in a circle */
    private Map<String, Locked> lock(SortedSet<String> addresses) throws SQLException {
        Map<String, Locked> logs = select(addresses);
        while (logs.size() < addresses.size()) {
            connection.rollback();
            TreeSet<String> missing = new TreeSet<>(addresses);
            missing.removeAll(logs.keySet());
            begin(missing);
            logs = select(addresses);
        }
        return logs;
    }

    private Map<String, Locked> select(Collection<String> addresses) throws SQLException {
        Map<String, Locked> logs = new HashMap<>();
        boolean held = Settled.any(rules);
        PreparedStatement select = held ? lockHeld : lock;
        int last = held ? Settled.bind(connection, select, 1, rules) : 1;
        select.setArray(last, texts(addresses.toArray(String[]::new)));
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Head head = new Head(row.getString(3), row.getLong(4), row.getLong(5));
                logs.put(
                        row.getString(2),
                        new Locked(row.getInt(1), head, row.getLong(6), row.getInt(8) != 0, row.getLong(9)));
                nowMillis = row.getLong(7);
            }
        }
        return logs;
    }

    private void begin(Collection<String> addresses) throws SQLException {
        String[] epochs = addresses.stream()
                .map(address -> Ids.secret().substring(0, EPOCH_LENGTH))
                .toArray(String[]::new);
        begin.setArray(1, texts(addresses.toArray(String[]::new)));
        begin.setArray(2, texts(epochs));
        begin.executeUpdate();
        connection.commit();
    }

    /** Gives every event the next offset, as if none was a repeat of one in an earlier transaction. */
    private Placed place(Append append, Map<String, Locked> logs, Map<Identities.Key, Long> named) {
        Locked log = java.util.Objects.requireNonNull(logs.get(append.address()), "locked");
        List<EventRow> rows = append.rows();
        Placed placed =
                new Placed(append, log, log.head, new long[rows.size()], new Identities.@Nullable Key[rows.size()]);
        for (int i = 0; i < rows.size(); i++) {
            EventRow row = rows.get(i);
            Identities.Key key = row.ownId() ? identities.key(log.id, row.identity()) : null;
            Long first = key == null ? null : named.get(key);
            placed.offsets()[i] = first == null ? ++log.head : first;
            if (key != null) {
                placed.keys()[i] = key;
                named.putIfAbsent(key, log.head);
            }
        }
        return placed;
    }

    /** Remembers the ids; where some are remembered already, all events are placed once more. */
    private List<Placed> resolve(List<Placed> placed, Map<String, Locked> logs, Map<Identities.Key, Long> named)
            throws SQLException {
        if (remember(placed, named) == named.size()) {
            return placed;
        }
        Map<Identities.Key, Long> known = find(named.keySet());
        Map<Identities.Key, Long> first = new HashMap<>();
        for (Placed each : placed) {
            for (Identities.Key key : each.keys()) {
                Long seq = key == null ? null : known.get(key);
                if (seq != null && seq <= each.log().before.head()) {
                    first.put(key, seq);
                }
            }
        }
        logs.values().forEach(log -> log.head = log.before.head());
        Map<Identities.Key, Long> fresh = new LinkedHashMap<>();
        List<Placed> again = new ArrayList<>(placed.size());
        for (Placed each : placed) {
            again.add(placeAgain(each, first, fresh));
        }
        correct(fresh);
        return again;
    }

    private static Placed placeAgain(Placed before, Map<Identities.Key, Long> first, Map<Identities.Key, Long> fresh) {
        Locked log = before.log();
        Placed placed = new Placed(before.append(), log, log.head, new long[before.offsets().length], before.keys());
        for (int i = 0; i < placed.offsets().length; i++) {
            Identities.Key key = placed.keys()[i];
            Long known = key == null ? null : first.getOrDefault(key, fresh.get(key));
            placed.offsets()[i] = known == null ? ++log.head : known;
            if (key != null && known == null) {
                fresh.put(key, log.head);
            }
        }
        return placed;
    }

    private int remember(List<Placed> placed, Map<Identities.Key, Long> named) throws SQLException {
        Map<Identities.Key, Integer> logs = new HashMap<>();
        for (Placed each : placed) {
            Arrays.stream(each.keys()).filter(java.util.Objects::nonNull).forEach(key -> logs.put(key, each.log().id));
        }
        remember.setLong(1, nowMillis);
        remember.setArray(2, longs(named.keySet().stream().map(Identities.Key::high)));
        remember.setArray(3, longs(named.keySet().stream().map(Identities.Key::low)));
        remember.setArray(
                4,
                connection.createArrayOf(
                        "int4", named.keySet().stream().map(logs::get).toArray(Integer[]::new)));
        remember.setArray(5, longs(named.values().stream()));
        remember.setLong(6, nowMillis - windowMillis);
        return remember.executeUpdate();
    }

    private Map<Identities.Key, Long> find(Collection<Identities.Key> keys) throws SQLException {
        find.setArray(1, longs(keys.stream().map(Identities.Key::high)));
        find.setArray(2, longs(keys.stream().map(Identities.Key::low)));
        Map<Identities.Key, Long> found = new HashMap<>();
        try (ResultSet row = find.executeQuery()) {
            while (row.next()) {
                found.put(new Identities.Key(row.getLong(1), row.getLong(2)), row.getLong(3));
            }
        }
        return found;
    }

    private void correct(Map<Identities.Key, Long> fresh) throws SQLException {
        if (!fresh.isEmpty()) {
            correct.setArray(1, longs(fresh.keySet().stream().map(Identities.Key::high)));
            correct.setArray(2, longs(fresh.keySet().stream().map(Identities.Key::low)));
            correct.setArray(3, longs(fresh.values().stream()));
            correct.executeUpdate();
        }
    }

    private void store(List<Placed> placed) throws SQLException {
        copy.clear();
        latest.clear();
        for (Placed each : placed) {
            long next = each.from();
            for (int i = 0; i < each.offsets().length; i++) {
                if (each.offsets()[i] > next) {
                    next = each.offsets()[i];
                    add(each, next, each.append().rows().get(i));
                }
            }
        }
        latest.settle(copy);
        copy.send(connection);
    }

    private void add(Placed to, long seq, EventRow row) {
        if (to.log().latest) {
            latest.add(to.log().id, seq, to.log().appended, row);
        } else {
            copy.add(to.log().id, seq, to.log().appended, row);
        }
    }

    private void advance(List<Placed> placed, long batch) throws SQLException {
        Map<Locked, Keep> moved = new LinkedHashMap<>();
        placed.forEach(each -> moved.put(each.log(), each.append().keep()));
        moved.keySet().removeIf(log -> log.head == log.before.head());
        advance.setString(1, writer);
        advance.setLong(2, batch);
        advance.setLong(3, nowMillis);
        advance.setArray(
                4,
                connection.createArrayOf(
                        "int4", moved.keySet().stream().map(log -> log.id).toArray(Integer[]::new)));
        advance.setArray(5, longs(moved.keySet().stream().map(log -> log.head)));
        advance.setArray(
                6, longs(moved.entrySet().stream().map(each -> each.getKey().floor(each.getValue()))));
        advance.setArray(7, longs(moved.keySet().stream().map(log -> log.appended)));
        advance.executeUpdate();
    }

    private Array longs(java.util.stream.Stream<Long> values) throws SQLException {
        return connection.createArrayOf("int8", values.toArray(Long[]::new));
    }

    private Array texts(String[] values) throws SQLException {
        return connection.createArrayOf("text", values);
    }
}
