package dev.weir.journal.sql;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.journal.Cut;
import dev.weir.journal.EventRow;
import dev.weir.journal.Work;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What is forgotten of flows, and what comes back from their dead letters; within the writer's transactions. Stateless. */
final class FlowTidy {
    private FlowTidy() {}

    private static int delete(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                delete.setString(i + 1, parameters[i]);
            }
            return delete.executeUpdate();
        }
    }

    /** Forgets some of what stages remember that are not among these; true when more may be there. */
    static boolean retain(Connection connection, String flow, Set<String> stages) throws SQLException {
        Set<String> gone = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(FlowSchema.SELECT_STAGES)) {
            select.setString(1, flow);
            select.setString(2, flow);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    gone.add(row.getString(1));
                }
            }
        }
        gone.removeAll(stages);
        String states = FlowSchema.DELETE_STATES.formatted(FlowSchema.OF_STAGE);
        for (String stage : gone) {
            if (delete(connection, states, flow, stage) > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Forgets some of a flow; true when more may be there. Whoever works on it must not write any of it once more.
     *
     * @param lock what makes a row that is selected one's own
     */
    static boolean forget(Connection connection, String flow, String lock) throws SQLException {
        revoke(connection, flow, lock);
        if (delete(connection, FlowSchema.DELETE_STATES.formatted(""), flow) > 0) {
            return true;
        }
        delete(connection, FlowSchema.DELETE_ALL_PARKED, flow);
        delete(connection, FlowSchema.DELETE_CURSORS, flow);
        delete(connection, FlowLayouts.DELETE, flow);
        return false;
    }

    /** Whoever has claims of a flow has none any more; waits for what is committed under them just now. */
    static void revoke(Connection connection, String flow, String lock) throws SQLException {
        String[] names = IntStream.range(0, FlowJournal.PARTITIONS)
                .mapToObj(partition -> Cut.claimName(flow, partition))
                .toArray(String[]::new);
        // In order, so that nobody who claims them waits for this in a circle.
        FlowTables.tokens(
                connection,
                Arrays.stream(names).map(name -> new Work.Fence(name, 0)).toList(),
                lock);
        delete(connection, FlowSchema.REVOKE, names);
    }

    private record Letter(int partition, String hop, FlowCommit.@Nullable Place place, EventRow event) {}

    /** @param lock what makes a row that is selected one's own */
    static FlowJournal.Replayed replay(
            Connection connection,
            String flow,
            Set<Integer> partitions,
            FlowJournal.Replay replay,
            String lock,
            long nowMillis)
            throws SQLException {
        Map<String, Letter> letters = letters(connection, flow, replay.ids(), lock);
        List<FlowCommit.Parked> parked = new ArrayList<>();
        List<EventRow> events = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (String id : replay.ids()) {
            Letter letter = letters.remove(id);
            if (letter == null) {
                continue;
            }
            if (!partitions.contains(letter.partition())) {
                left.add(id);
                continue;
            }
            EventRow event = replay.edited() ? letter.event().withData(replay.data()) : letter.event();
            long due = replay.rate() > 0 ? nowMillis + (long) (parked.size() * 1_000 / replay.rate()) : 0;
            events.add(event);
            parked.add(parked(id, letter, due, event));
            delete(connection, WorkSchema.DELETE_DEAD, id);
        }
        new FlowTables(connection, "").park(flow, parked, events);
        return new FlowJournal.Replayed(parked, left);
    }

    /** A row of {@link FlowSchema#SELECT_ALL_DEAD} as it would wait again. */
    static FlowCommit.Parked asParked(ResultSet row) throws SQLException {
        Letter letter = letter(row);
        return parked(row.getString(1), letter, 0, letter.event());
    }

    private static Letter letter(ResultSet row) throws SQLException {
        return new Letter(row.getInt(2), row.getString(3), FlowReads.place(row, 4), WorkTables.event(row, 7));
    }

    private static FlowCommit.Parked parked(String id, Letter letter, long dueMillis, EventRow event) {
        return new FlowCommit.Parked(
                id,
                letter.partition(),
                letter.hop(),
                "",
                dueMillis,
                0,
                List.of(),
                letter.place(),
                FlowReads.headers(event, letter.place()),
                event.body());
    }

    private static Map<String, Letter> letters(Connection connection, String flow, List<String> ids, String lock)
            throws SQLException {
        Map<String, Letter> found = new HashMap<>();
        if (ids.isEmpty()) {
            return found;
        }
        String sql = FlowSchema.SELECT_DEAD.formatted(FlowSchema.marks(ids.size()));
        try (PreparedStatement select =
                connection.prepareStatement(lock.isEmpty() ? sql : sql + " ORDER BY letter" + lock)) {
            select.setString(1, FlowJournal.subscription(flow));
            for (int i = 0; i < ids.size(); i++) {
                select.setString(i + 2, ids.get(i));
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(row.getString(1), letter(row));
                }
            }
        }
        return found;
    }
}
