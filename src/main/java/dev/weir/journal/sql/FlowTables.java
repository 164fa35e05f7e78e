package dev.weir.journal.sql;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.journal.Cut;
import dev.weir.journal.EventRow;
import dev.weir.journal.Failure;
import dev.weir.journal.Work;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes cuts through flows, within the writer's transactions; their appends are written as all appends are. Owned by the writer, lives
 * as long as its connection.
 */
final class FlowTables {
    private final Connection connection;
    private final String lock;
    private final PreparedStatement cursor;
    private final PreparedStatement state;
    private final PreparedStatement stateless;
    private final PreparedStatement park;
    private final PreparedStatement unpark;
    private final PreparedStatement bury;

    /** @param lock what makes a selected row stay as it is until the commit */
    FlowTables(Connection connection, String lock) throws SQLException {
        this.connection = connection;
        this.lock = lock;
        this.cursor = connection.prepareStatement(FlowSchema.UPSERT_CURSOR);
        this.state = connection.prepareStatement(FlowSchema.UPSERT_STATE);
        this.stateless = connection.prepareStatement(FlowSchema.DELETE_STATE);
        this.park = connection.prepareStatement(FlowSchema.UPSERT_PARKED);
        this.unpark = connection.prepareStatement(FlowSchema.DELETE_PARKED);
        this.bury = connection.prepareStatement(FlowSchema.INSERT_DEAD);
    }

    /** Which cuts may be kept; what lets them stays so until the commit. */
    boolean[] inForce(List<Cut> cuts) throws SQLException {
        List<Work.Fence> fences = new ArrayList<>();
        cuts.forEach(cut -> fences.addAll(cut.fences()));
        Map<String, Long> tokens = tokens(connection, fences, lock);
        boolean[] inForce = new boolean[cuts.size()];
        for (int i = 0; i < inForce.length; i++) {
            inForce[i] = hold(tokens, cuts.get(i).fences());
        }
        return inForce;
    }

    static boolean hold(Map<String, Long> tokens, List<Work.Fence> fences) {
        return fences.stream().allMatch(each -> Long.valueOf(each.token()).equals(tokens.get(each.name())));
    }

    /**
     * The tokens in force of what fences name, by name.
     *
     * @param lock PostgreSQL locks the rows so, in the order in which they are claimed; empty where a process is alone
     */
    static Map<String, Long> tokens(Connection connection, List<Work.Fence> fences, String lock) throws SQLException {
        Map<String, Long> tokens = new HashMap<>();
        if (fences.isEmpty()) {
            return tokens;
        }
        String[] names =
                fences.stream().map(Work.Fence::name).distinct().sorted().toArray(String[]::new);
        String which = lock.isEmpty()
                ? "IN (" + FlowSchema.marks(names.length) + ")"
                : "= ANY (?) ORDER BY name COLLATE \"C\"" + lock;
        try (PreparedStatement select =
                connection.prepareStatement("SELECT name, token FROM claims WHERE name " + which)) {
            if (lock.isEmpty()) {
                for (int i = 0; i < names.length; i++) {
                    select.setString(i + 1, names[i]);
                }
            } else {
                // There may be more than a statement has parameters: 64 for each flow of a group.
                select.setArray(1, connection.createArrayOf("text", names));
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    tokens.put(row.getString(1), row.getLong(2));
                }
            }
        }
        return tokens;
    }

    /** Writes all of a cut but its appends. */
    void write(Cut cut) throws SQLException {
        FlowCommit commit = cut.commit();
        cursors(commit);
        states(commit);
        park(commit.flow(), commit.parked(), cut.parked());
        for (String id : commit.unparked()) {
            unpark.setString(1, commit.flow());
            unpark.setString(2, id);
            unpark.addBatch();
        }
        run(unpark, commit.unparked().size());
        bury(commit, cut.dead());
    }

    private static void run(PreparedStatement statement, int batched) throws SQLException {
        if (batched > 0) {
            statement.executeBatch();
        }
    }

    private void cursors(FlowCommit commit) throws SQLException {
        for (FlowCommit.Cursor each : commit.cursors()) {
            cursor.setString(1, commit.flow());
            cursor.setInt(2, each.partition());
            cursor.setString(3, each.input());
            cursor.setString(4, each.at().epoch());
            cursor.setLong(5, each.at().offset());
            cursor.addBatch();
        }
        run(cursor, commit.cursors().size());
    }

    private void states(FlowCommit commit) throws SQLException {
        int kept = 0;
        for (FlowCommit.State each : commit.states()) {
            PreparedStatement change = each.json() == null ? stateless : state;
            change.setString(1, commit.flow());
            change.setInt(2, each.partition());
            change.setString(3, each.stage());
            change.setString(4, each.key());
            if (each.json() != null) {
                change.setLong(5, each.dueMillis());
                change.setString(6, each.json());
                kept++;
            }
            change.addBatch();
        }
        run(state, kept);
        run(stateless, commit.states().size() - kept);
    }

    /** @param events those of the parked, in their order */
    void park(String flow, List<FlowCommit.Parked> parked, List<EventRow> events) throws SQLException {
        for (int i = 0; i < parked.size(); i++) {
            FlowCommit.Parked each = parked.get(i);
            park.setString(1, flow);
            park.setString(2, each.id());
            park.setInt(3, each.partition());
            park.setString(4, each.stage());
            park.setString(5, each.key());
            park.setLong(6, each.dueMillis());
            park.setInt(7, each.attempts());
            park.setString(8, failures(each.failures()));
            place(park, 9, each.place());
            WorkTables.event(park, 12, events.get(i));
            park.addBatch();
        }
        run(park, parked.size());
    }

    private void bury(FlowCommit commit, List<EventRow> events) throws SQLException {
        for (int i = 0; i < events.size(); i++) {
            FlowCommit.Dead each = commit.dead().get(i);
            bury.setString(1, each.id());
            bury.setString(2, FlowJournal.subscription(commit.flow()));
            bury.setString(3, each.hop());
            bury.setInt(4, each.partition());
            place(bury, 5, each.place());
            bury.setLong(8, each.atMillis());
            bury.setString(9, each.reason());
            bury.setInt(10, each.attempts());
            bury.setString(11, failures(each.failures()));
            WorkTables.event(bury, 12, events.get(i));
            bury.addBatch();
        }
        run(bury, events.size());
    }

    /** What is nowhere has an address without characters. */
    private static void place(PreparedStatement statement, int first, FlowCommit.@Nullable Place place)
            throws SQLException {
        statement.setString(first, place == null ? "" : place.address());
        statement.setString(first + 1, place == null ? "" : place.at().epoch());
        statement.setLong(first + 2, place == null ? 0 : place.at().offset());
    }

    private static String failures(List<FlowCommit.Failure> failures) {
        return Failure.toJson(failures.stream()
                        .map(each -> new Failure(each.atMillis(), each.error()))
                        .toList())
                .encode();
    }
}
