package dev.weir.journal.sql;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Position;
import dev.weir.bus.Wire;
import dev.weir.journal.Cut;
import dev.weir.journal.EventRow;
import dev.weir.journal.Failure;
import dev.weir.journal.Work;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what is kept of flows, and claims their partitions, over any connection; transactions are the caller's. Stateless. */
final class FlowReads {
    private FlowReads() {}

    private interface Read<T> {
        T row(ResultSet row) throws SQLException;
    }

    static FlowJournal.Standing standing(Connection connection, String flow, Set<Integer> partitions)
            throws SQLException {
        String which = FlowSchema.of(partitions);
        List<FlowCommit.Cursor> cursors = all(
                connection,
                FlowSchema.SELECT_CURSORS + which,
                flow,
                row -> new FlowCommit.Cursor(
                        row.getInt(1), row.getString(2), new Position(row.getString(3), row.getLong(4))));
        List<FlowCommit.State> states = all(
                connection,
                FlowSchema.SELECT_STATES + which,
                flow,
                row -> new FlowCommit.State(
                        row.getInt(1), row.getString(2), row.getString(3), row.getString(4), row.getLong(5)));
        List<FlowCommit.Parked> parked = all(connection, FlowSchema.SELECT_PARKED + which, flow, FlowReads::parked);
        // By the characters, whatever order the database has for texts.
        parked.sort(Comparator.comparing(FlowCommit.Parked::id));
        return new FlowJournal.Standing(cursors, states, parked);
    }

    private static <T> List<T> all(Connection connection, String sql, String flow, Read<T> read) throws SQLException {
        List<T> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, flow);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(read.row(row));
                }
            }
        }
        return found;
    }

    private static FlowCommit.Parked parked(ResultSet row) throws SQLException {
        FlowCommit.Place place = place(row, 8);
        EventRow event = WorkTables.event(row, 11);
        return new FlowCommit.Parked(
                row.getString(1),
                row.getInt(2),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                row.getInt(6),
                Failure.fromJson(new JsonArray(row.getString(7))).stream()
                        .map(each -> new FlowCommit.Failure(each.atMillis(), each.error()))
                        .toList(),
                place,
                headers(event, place),
                event.body());
    }

    static FlowCommit.@Nullable Place place(ResultSet row, int first) throws SQLException {
        String address = row.getString(first);
        return address.isEmpty()
                ? null
                : new FlowCommit.Place(address, new Position(row.getString(first + 1), row.getLong(first + 2)));
    }

    /** Those of the bus; what says where the event is kept is not kept with it. */
    static MultiMap headers(EventRow event, FlowCommit.@Nullable Place place) {
        MultiMap headers = event.busHeaders();
        if (place != null) {
            headers.set(Wire.EPOCH, place.at().epoch())
                    .set(Wire.OFFSET, Long.toString(place.at().offset()));
        }
        return headers;
    }

    /**
     * Waits until nobody is about to commit anything of these partitions: who does has their claims locked.
     *
     * @param lock what makes a row that is selected one's own
     */
    static void await(Connection connection, String flow, Set<Integer> partitions, String lock) throws SQLException {
        List<Work.Fence> fences = partitions.stream()
                .map(each -> new Work.Fence(Cut.claimName(flow, each), 0))
                .toList();
        FlowTables.tokens(connection, fences, lock);
    }

    static Set<String> present(Connection connection, Set<String> nodes, String node, long ttlMillis, String clock)
            throws SQLException {
        try (PreparedStatement say = connection.prepareStatement(FlowSchema.sayPresent(clock))) {
            say.setString(1, node);
            say.setString(2, node);
            say.setLong(3, ttlMillis);
            say.executeUpdate();
        }
        Set<String> present = new HashSet<>();
        try (PreparedStatement others = connection.prepareStatement(FlowSchema.selectPresent(nodes.size(), clock))) {
            int at = 1;
            for (String each : nodes) {
                others.setString(at++, each);
            }
            try (ResultSet row = others.executeQuery()) {
                while (row.next()) {
                    present.add(row.getString(1));
                }
            }
        }
        return present;
    }

    static Map<Integer, Long> claim(
            Connection connection, String flow, Set<Integer> wanted, String node, long ttlMillis, String clock)
            throws SQLException {
        Map<String, Integer> partitions = new HashMap<>();
        wanted.forEach(each -> partitions.put(Cut.claimName(flow, each), each));
        Map<Integer, Long> taken = new HashMap<>();
        if (wanted.isEmpty()) {
            return taken;
        }
        try (PreparedStatement take = connection.prepareStatement(FlowSchema.takeClaims(wanted.size(), clock))) {
            int at = 1;
            for (String name : new TreeSet<>(partitions.keySet())) {
                take.setString(at++, name);
                take.setString(at++, node);
                take.setLong(at++, ttlMillis);
            }
            try (ResultSet row = take.executeQuery()) {
                while (row.next()) {
                    taken.put(partitions.get(row.getString(1)), row.getLong(2));
                }
            }
        }
        return taken;
    }

    static void release(Connection connection, String flow, List<FlowCommit.Claim> claims, String node)
            throws SQLException {
        try (PreparedStatement release = connection.prepareStatement(FlowSchema.RELEASE)) {
            for (FlowCommit.Claim each : claims) {
                release.setString(1, Cut.claimName(flow, each.partition()));
                release.setString(2, node);
                release.setLong(3, each.token());
                release.addBatch();
            }
            release.executeBatch();
        }
    }
}
