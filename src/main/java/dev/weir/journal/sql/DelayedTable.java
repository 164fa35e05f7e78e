package dev.weir.journal.sql;

import dev.weir.journal.Append;
import dev.weir.journal.DelayedEvent;
import dev.weir.journal.DelayedEvent.State;
import dev.weir.journal.DelayedStore.Order;
import dev.weir.journal.DelayedStore.Standing;
import dev.weir.journal.EventRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads and writes the events whose time is to come over any connection; transactions are the caller's. Stateless. */
final class DelayedTable {
    private DelayedTable() {}

    /**
     * In the transaction of appends: what of them is delivered now. Of those whose rows wait for nothing that is all of them.
     *
     * @return the appends without the events that another has delivered, or somebody has cancelled
     */
    static List<Append> deliver(Connection connection, List<Append> appends, long nowMillis) throws SQLException {
        List<Append> delivered = appends;
        for (int i = 0; i < appends.size(); i++) {
            Append append = appends.get(i);
            if (append.delayed().isEmpty()) {
                continue;
            }
            if (delivered == appends) {
                delivered = new ArrayList<>(appends);
            }
            boolean[] mine =
                    change(connection, DelayedSchema.over(State.DELIVERED, Long.toString(nowMillis)), append.delayed());
            List<EventRow> rows = new ArrayList<>();
            List<String> keys = new ArrayList<>();
            for (int at = 0; at < mine.length; at++) {
                if (mine[at]) {
                    rows.add(append.rows().get(at));
                    keys.add(append.delayed().get(at));
                }
            }
            delivered.set(i, new Append(append.address(), append.keep(), rows, keys));
        }
        return delivered;
    }

    /** The offsets of an append's events, given those of what was delivered of it; 0 for what was not. */
    static long[] spread(Append asked, Append delivered, long[] offsets) {
        if (asked.rows().size() == delivered.rows().size()) {
            return offsets;
        }
        long[] all = new long[asked.rows().size()];
        for (int i = 0, next = 0; i < all.length && next < offsets.length; i++) {
            if (asked.delayed().get(i).equals(delivered.delayed().get(next))) {
                all[i] = offsets[next++];
            }
        }
        return all;
    }

    /** Runs a statement for each key; which of them it changed. */
    static boolean[] change(Connection connection, String sql, List<String> keys) throws SQLException {
        boolean[] changed = new boolean[keys.size()];
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            for (String key : keys) {
                update.setString(1, key);
                update.addBatch();
            }
            int[] counts = update.executeBatch();
            for (int i = 0; i < counts.length; i++) {
                changed[i] = counts[i] > 0;
            }
        }
        return changed;
    }

    /** How many events would wait beside those that do; one that is there twice counts once. */
    static long fresh(Connection connection, List<Order> orders) throws SQLException {
        Set<String> keys = new HashSet<>();
        for (Order order : orders) {
            if (count(connection, DelayedSchema.KNOWN, order.key()) == 0) {
                keys.add(order.key());
            }
        }
        return keys.size();
    }

    static Standing accept(Connection connection, String address, Order order, String clock, String steady)
            throws SQLException {
        boolean fresh;
        String sql = DelayedSchema.accept(order.relative(), clock, steady);
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, order.key());
            insert.setString(2, address);
            insert.setLong(3, order.millis());
            Rows.bind(insert, 4, order.event(), true);
            fresh = insert.executeUpdate() > 0;
        }
        return fresh && !order.relative()
                ? new Standing(true, State.WAITING, order.millis())
                : standing(connection, order.key(), fresh);
    }

    static Standing standing(Connection connection, String key, boolean changed) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(DelayedSchema.SELECT_STANDING)) {
            select.setString(1, key);
            try (ResultSet row = select.executeQuery()) {
                // What is not there any more was over long ago.
                return row.next()
                        ? new Standing(changed, State.of(row.getInt(1)), row.getLong(2))
                        : new Standing(false, State.DELIVERED, 0);
            }
        }
    }

    /** Runs a query of {@link DelayedSchema} with its parameters, texts and numbers. */
    static List<DelayedEvent> events(Connection connection, String sql, Object... parameters) throws SQLException {
        List<DelayedEvent> events = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    events.add(new DelayedEvent(
                            row.getString(1),
                            row.getString(2),
                            State.of(row.getInt(3)),
                            row.getLong(4),
                            row.getInt(15),
                            Rows.event(row, 5)));
                }
            }
        }
        return events;
    }

    /** Where other nodes change events too: has these to itself until the commit, whether they are there or not. */
    static void lock(Connection connection, Collection<String> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try (PreparedStatement lock = connection.prepareStatement(DelayedSchema.LOCK)) {
            lock.setArray(1, connection.createArrayOf("text", keys.toArray()));
            lock.executeQuery().close();
        }
    }

    /** How many rows a query counts. */
    static long count(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    /** The lesser of the two numbers of a row, {@link Long#MAX_VALUE} when both are null. */
    static long soonest(Connection connection, String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            return row.next() ? Math.min(number(row, 1), number(row, 2)) : Long.MAX_VALUE;
        }
    }

    private static long number(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? Long.MAX_VALUE : number;
    }
}
