package dev.weir.journal.sql;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Position;
import dev.weir.journal.Cut;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How what is kept of a flow is spread over its partitions, and the change to another way: all of it in one transaction of the writer,
 * for whoever commits meanwhile is waited for, and whoever comes later has no claim any more. Stateless.
 */
final class FlowLayouts {
    static final String TABLE = "CREATE TABLE flow_layouts (flow TEXT NOT NULL PRIMARY KEY, layout TEXT NOT NULL)";

    static final String DELETE = "DELETE FROM flow_layouts WHERE flow = ?";

    private static final Logger LOG = LoggerFactory.getLogger(FlowLayouts.class);
    private static final String SELECT = "SELECT layout FROM flow_layouts WHERE flow = ?";
    private static final String BEGIN =
            "INSERT INTO flow_layouts (flow, layout) VALUES (?, ?) ON CONFLICT (flow) DO NOTHING";
    private static final String UPDATE = "UPDATE flow_layouts SET layout = ? WHERE flow = ?";
    private static final String BEGIN_CLAIM =
            "INSERT INTO claims (name, node, token, expires) VALUES (?, '', 0, 0) ON CONFLICT (name) DO NOTHING";
    private static final String DELETE_STATES = "DELETE FROM flow_states WHERE flow = ?";
    private static final String MOVE_LETTER = "UPDATE dead_letters SET part = ? WHERE letter = ?";
    private static final int CHUNK = 500;

    /** In no log there is, so reading begins with the oldest event. */
    private static final Position NOWHERE = new Position("", 0);

    private static final Set<Integer> ALL =
            IntStream.range(0, FlowJournal.PARTITIONS).boxed().collect(Collectors.toUnmodifiableSet());

    private FlowLayouts() {}

    /**
     * The name of a flow's layout; null while it has none.
     *
     * @param lock what makes a row that is selected one's own
     */
    static @Nullable String of(Connection connection, String flow, String lock) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + lock)) {
            select.setString(1, flow);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** Whether something was changed. What has no layout yet is as it should be. */
    static boolean change(Connection connection, String flow, FlowJournal.Layout layout, String lock)
            throws SQLException {
        run(connection, BEGIN, flow, layout.name());
        String before = of(connection, flow, lock);
        if (layout.name().equals(before)) {
            return false;
        }
        for (String name :
                ALL.stream().map(each -> Cut.claimName(flow, each)).sorted().toList()) {
            run(connection, BEGIN_CLAIM, name);
        }
        FlowTidy.revoke(connection, flow, lock);
        FlowJournal.Standing standing = FlowReads.standing(connection, flow, ALL);
        run(connection, FlowSchema.DELETE_CURSORS, flow);
        run(connection, DELETE_STATES, flow);
        boolean wasSpread = !FlowJournal.Layout.WHOLE.equals(before);
        FlowCommit moved = moved(flow, standing, cursors(standing.cursors(), wasSpread, layout), layout);
        new FlowTables(connection, "").write(Cut.of(moved, false));
        moveLetters(connection, flow, layout);
        run(connection, UPDATE, layout.name(), flow);
        LOG.info("what is kept of flow {} is spread by {} now, no longer by {}", flow, layout.name(), before);
        return true;
    }

    private static void run(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }

    private static FlowCommit moved(
            String flow, FlowJournal.Standing standing, List<FlowCommit.Cursor> cursors, FlowJournal.Layout layout) {
        List<FlowCommit.State> states = standing.states().stream()
                .map(each -> new FlowCommit.State(
                        layout.ofState(each.key()), each.stage(), each.key(), each.json(), each.dueMillis()))
                .toList();
        List<FlowCommit.Parked> parked = standing.parked().stream()
                .map(each -> in(layout.ofEvent(each), each))
                .toList();
        return new FlowCommit(flow, List.of(), cursors, List.of(), states, parked, List.of(), List.of());
    }

    private static FlowCommit.Parked in(int partition, FlowCommit.Parked parked) {
        return new FlowCommit.Parked(
                parked.id(),
                partition,
                parked.stage(),
                parked.key(),
                parked.dueMillis(),
                parked.attempts(),
                parked.failures(),
                parked.place(),
                parked.headers(),
                parked.body());
    }

    /** All partitions where the slowest one was, for each input; one that had not begun has everything before it. */
    private static List<FlowCommit.Cursor> cursors(
            List<FlowCommit.Cursor> before, boolean wasSpread, FlowJournal.Layout layout) {
        Map<String, Position> slowest = new HashMap<>();
        Map<String, Integer> begun = new HashMap<>();
        before.forEach(each -> {
            slowest.merge(each.input(), each.at(), FlowLayouts::slower);
            begun.merge(each.input(), 1, Integer::sum);
        });
        slowest.replaceAll(
                (input, at) -> wasSpread && begun.getOrDefault(input, 0) < FlowJournal.PARTITIONS ? NOWHERE : at);
        List<FlowCommit.Cursor> cursors = new ArrayList<>();
        int partitions = layout.isSpread() ? FlowJournal.PARTITIONS : 1;
        slowest.forEach((input, at) -> {
            for (int partition = 0; partition < partitions; partition++) {
                cursors.add(new FlowCommit.Cursor(partition, input, at));
            }
        });
        return cursors;
    }

    /** Of two logs one is gone, and who stood in that has the other before it as a whole. */
    private static Position slower(Position one, Position other) {
        if (!one.epoch().equals(other.epoch())) {
            return NOWHERE;
        }
        return one.offset() <= other.offset() ? one : other;
    }

    private static void moveLetters(Connection connection, String flow, FlowJournal.Layout layout) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FlowSchema.SELECT_ALL_DEAD);
                PreparedStatement move = connection.prepareStatement(MOVE_LETTER)) {
            select.setFetchSize(CHUNK);
            select.setString(1, FlowJournal.subscription(flow));
            int waiting = 0;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    move.setInt(1, layout.ofEvent(FlowTidy.asParked(row)));
                    move.setString(2, row.getString(1));
                    move.addBatch();
                    if (++waiting % CHUNK == 0) {
                        move.executeBatch();
                    }
                }
            }
            if (waiting % CHUNK > 0) {
                move.executeBatch();
            }
        }
    }
}
