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

    private String now(Moment now) {
        return shared ? clock : Long.toString(now.millis());
    }

    private String steady(Moment now) {
        return shared ? clock : Long.toString(now.steadyMillis());
    }

    @Override
    public List<List<Standing>> keep(List<Change> changes, Moment now) throws JournalException {
        known.values().removeIf(each -> Math.abs(now.steadyMillis() - each.countedMillis()) > COUNT_MILLIS);
        boolean done = false;
        try {
            List<List<Standing>> kept = connections.write(connection -> {
                if (shared) {
                    DelayedTable.lock(connection, marked(changes));
                }
                List<List<Standing>> each = new ArrayList<>(changes.size());
                for (Change change : changes) {
                    each.add(keep(connection, change, now));
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

    private static List<String> marked(List<Change> changes) {
        List<String> keys = new ArrayList<>();
        for (Change change : changes) {
            if (change instanceof Mark mark) {
                keys.addAll(mark.keys());
            }
        }
        return keys;
    }

    private List<Standing> keep(Connection connection, Change change, Moment now) throws SQLException {
        if (change instanceof Accept accept) {
            return accept(connection, accept, now);
        }
        if (change instanceof Mark mark) {
            return mark(connection, mark, now);
        }
        String sql = change instanceof Forget forget
                ? DelayedSchema.forget(forget.ageMillis(), steady(now))
                : DelayedSchema.REOPEN;
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
        return List.of();
    }

    private List<Standing> accept(Connection connection, Accept accept, Moment now) throws SQLException {
        String address = accept.address();
        Known before = known.get(address);
        long more = accept.orders().size();
        boolean full = before != null && before.waiting() + more > accept.most();
        if (before == null || (full && now.steadyMillis() - before.countedMillis() > RECOUNT_MILLIS)) {
            long waiting = DelayedTable.count(connection, DelayedSchema.COUNT_OF_ADDRESS, address);
            before = new Known(waiting, now.steadyMillis());
            known.put(address, before);
        }
        if (before.waiting() + more > accept.most()) {
            // What is known takes no other place.
            more = DelayedTable.fresh(connection, accept.orders());
            if (more > 0 && before.waiting() + more > accept.most()) {
                return List.of();
            }
        }
        List<Standing> standings = new ArrayList<>(accept.orders().size());
        long placed = 0;
        for (Order order : accept.orders()) {
            Standing standing = DelayedTable.accept(connection, address, order, now(now), steady(now));
            standings.add(standing);
            placed += standing.changed() ? 1 : 0;
        }
        known.put(address, new Known(before.waiting() + placed, before.countedMillis()));
        return standings;
    }

    private List<Standing> mark(Connection connection, Mark mark, Moment now) throws SQLException {
        String sql =
                switch (mark.state()) {
                    case WAITING -> DelayedSchema.postpone(mark.delayMillis(), now(now));
                    case DELIVERED -> DelayedSchema.over(State.DELIVERED, steady(now));
                    case CANCELLED -> DelayedSchema.cancel(steady(now));
                    case TAKEN -> DelayedSchema.take(steady(now));
                };
        boolean[] changed = DelayedTable.change(connection, sql, mark.keys());
        List<Standing> standings = new ArrayList<>(changed.length);
        for (int i = 0; i < changed.length; i++) {
            standings.add(DelayedTable.standing(connection, mark.keys().get(i), changed[i]));
        }
        return standings;
    }

    @Override
    public long nextMillis(Moment now) throws JournalException {
        return read(connection -> DelayedTable.soonest(connection, DelayedSchema.next(now(now), steady(now))));
    }

    @Override
    public List<DelayedEvent> due(long lateMillis, int limit, Moment now) throws JournalException {
        return read(connection -> {
            List<DelayedEvent> lost = DelayedTable.events(connection, DelayedSchema.lost(steady(now)), limit);
            return lost.isEmpty()
                    ? DelayedTable.events(connection, DelayedSchema.due(lateMillis, now(now)), limit)
                    : lost;
        });
    }

    @Override
    public List<DelayedEvent> find(String address, String id, @Nullable String authId) throws JournalException {
        Object[] parameters = authId == null ? new Object[] {address, id} : new Object[] {address, id, authId};
        return read(connection -> DelayedTable.events(connection, DelayedSchema.find(authId != null), parameters));
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
