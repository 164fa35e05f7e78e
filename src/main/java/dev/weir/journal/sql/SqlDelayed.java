package dev.weir.journal.sql;

import dev.weir.journal.DelayedEvent;
import dev.weir.journal.DelayedEvent.State;
import dev.weir.journal.DelayedStore;
import dev.weir.journal.JournalException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events whose time is to come in a table of an SQL engine. Writes over the writer's connection, reads over one of its own, so that
 * what is due never waits for somebody's long search.
 */
final class SqlDelayed implements DelayedStore {
    private static final long COUNT_MILLIS = 1_000;

    /** Where there would be too many it is counted again, but not for each that is refused. */
    private static final long RECOUNT_MILLIS = 100;

    /** How many wait on an address, with what was accepted since they were counted. */
    private record Known(long waiting, long countedMillis) {}

    private final SqlWork.Connections connections;
    private final boolean shared;
    private final String clock;
    /** The writer's own. */
    private final Map<String, Known> known = new HashMap<>();

    private @Nullable Connection other;

    /** See {@link SqlWork}. */
    SqlDelayed(SqlWork.Connections connections, boolean shared, String clock) {
        this.connections = connections;
        this.shared = shared;
        // As a query of its own it is asked once, so that an index can be used with it.
        this.clock = "(SELECT " + clock + ")";
    }

    private String now(long nowMillis) {
        return shared ? clock : Long.toString(nowMillis);
    }

    @Override
    public List<List<Standing>> keep(List<Change> changes, long nowMillis) throws JournalException {
        known.values().removeIf(each -> Math.abs(nowMillis - each.countedMillis()) > COUNT_MILLIS);
        boolean done = false;
        try {
            List<List<Standing>> kept = connections.write(connection -> {
                List<List<Standing>> each = new ArrayList<>(changes.size());
                for (Change change : changes) {
                    each.add(keep(connection, change, nowMillis));
                }
                return each;
            });
            done = true;
            return kept;
        } finally {
            if (!done) {
                known.clear();
            }
        }
    }

    private List<Standing> keep(Connection connection, Change change, long nowMillis) throws SQLException {
        if (change instanceof Accept accept) {
            return accept(connection, accept, nowMillis);
        }
        if (change instanceof Mark mark) {
            return mark(connection, mark, now(nowMillis));
        }
        String sql = change instanceof Forget forget
                ? DelayedSchema.forget(forget.ageMillis(), now(nowMillis))
                : DelayedSchema.REOPEN;
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
        return List.of();
    }

    private List<Standing> accept(Connection connection, Accept accept, long nowMillis) throws SQLException {
        Known before = known.get(accept.address());
        int more = accept.orders().size();
        if (before == null
                || (before.waiting() + more > accept.most() && nowMillis - before.countedMillis() > RECOUNT_MILLIS)) {
            long waiting = DelayedTable.count(connection, DelayedSchema.COUNT_OF_ADDRESS, accept.address());
            before = new Known(waiting, nowMillis);
            known.put(accept.address(), before);
        }
        if (before.waiting() + more > accept.most()) {
            return List.of();
        }
        known.put(accept.address(), new Known(before.waiting() + more, before.countedMillis()));
        List<Standing> standings = new ArrayList<>(accept.orders().size());
        for (Order order : accept.orders()) {
            standings.add(DelayedTable.accept(connection, accept.address(), order, now(nowMillis)));
        }
        return standings;
    }

    private static List<Standing> mark(Connection connection, Mark mark, String now) throws SQLException {
        String sql =
                switch (mark.state()) {
                    case WAITING -> DelayedSchema.postpone(mark.delayMillis(), now);
                    case DELIVERED -> DelayedSchema.over(State.DELIVERED, now);
                    case CANCELLED -> DelayedSchema.cancel(now);
                    case TAKEN -> DelayedSchema.take(now);
                };
        boolean[] changed = DelayedTable.change(connection, sql, mark.keys());
        List<Standing> standings = new ArrayList<>(changed.length);
        for (int i = 0; i < changed.length; i++) {
            standings.add(DelayedTable.standing(connection, mark.keys().get(i), changed[i]));
        }
        return standings;
    }

    @Override
    public long nextMillis(long nowMillis) throws JournalException {
        return read(connection -> DelayedTable.soonest(connection, DelayedSchema.next(now(nowMillis))));
    }

    @Override
    public List<DelayedEvent> due(long lateMillis, int limit, long nowMillis) throws JournalException {
        String now = now(nowMillis);
        return read(connection -> {
            List<DelayedEvent> lost = DelayedTable.events(connection, DelayedSchema.lost(now), limit);
            return lost.isEmpty() ? DelayedTable.events(connection, DelayedSchema.due(lateMillis, now), limit) : lost;
        });
    }

    @Override
    public List<DelayedEvent> find(String address, String id) throws JournalException {
        return read(connection -> DelayedTable.events(connection, DelayedSchema.FIND, address, id));
    }

    @Override
    public List<DelayedEvent> waiting(String address, @Nullable String authId, @Nullable String after, int limit)
            throws JournalException {
        List<Object> parameters = new ArrayList<>(List.of(address));
        if (authId != null) {
            parameters.add(authId);
        }
        if (after != null) {
            parameters.add(after);
        }
        parameters.add(limit);
        String sql = DelayedSchema.waiting(authId != null, after != null);
        return read(connection -> DelayedTable.events(connection, sql, parameters.toArray()));
    }

    @Override
    public long count() throws JournalException {
        return read(connection -> DelayedTable.count(connection, DelayedSchema.COUNT));
    }

    private synchronized <T> T read(SqlWork.Task<T> task) throws JournalException {
        try {
            Connection connection = other == null || other.isClosed() ? connections.other() : other;
            other = connection;
            return Objects.requireNonNull(task.run(connection));
        } catch (SQLException e) {
            close();
            throw connections.explain(e);
        }
    }

    synchronized void close() {
        Closing.quietly(other);
        other = null;
    }
}
