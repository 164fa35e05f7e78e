package dev.weir.journal.sql;

import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.Cut;
import dev.weir.journal.DelayedStore;
import dev.weir.journal.FlowStore;
import dev.weir.journal.JournalException;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions in the tables of an SQL engine. Writes over the writer's connection, reads and claims over others, so that a long search
 * does not make a claim late.
 */
final class SqlWork implements WorkStore {
    private static final String SQLITE_LAST_ERROR = "json_extract(failures, '$[#-1].error')";

    /** PostgreSQL has no text with U+0000. */
    private static final String POSTGRES_LAST_ERROR =
            "CASE WHEN strpos(failures, '\\u0000') > 0 THEN ''" + " ELSE failures::json -> -1 ->> 'error' END";

    private record Reader(Connection connection) implements ReaderPool.Reader {}

    /** What is done with a connection. */
    interface Task<T> {
        @Nullable
        T run(Connection connection) throws SQLException;
    }

    /** An engine's connections. */
    interface Connections {
        /** Runs a transaction of the writer; after a failure the engine is closed. */
        <T> T write(SqlEngine.Step<T> step) throws JournalException;

        /** Another connection, each of whose statements is a transaction. */
        Connection other() throws SQLException;

        JournalException explain(SQLException failure);

        /** That is on the disk now. */
        void kept(Work work);

        /** Keeps appends and cuts as {@link dev.weir.journal.FlowStore} says. */
        FlowStore.Kept commit(List<Append> appends, List<Cut> cuts, long nowMillis) throws JournalException;

        /** The subscription, or the flow, is gone. */
        void forgotten(String name, boolean flow);
    }

    private final Connections connections;
    private final boolean shared;
    private final String clock;
    private final String lock;
    private final SqlDelayed delayed;
    private final SqlFlows flows;
    private final DeadLetterTidy letters;
    private final ReaderPool<Reader> readers;

    /**
     * @param shared whether other nodes work here too
     * @param clock the engine's time in milliseconds, as an SQL expression
     * @param lock what makes a selected row stay as it is until the commit
     * @param letters how many dead letters are kept, and how long
     */
    SqlWork(Connections connections, boolean shared, String clock, String lock, Keep letters) {
        this.connections = connections;
        this.shared = shared;
        this.clock = clock;
        this.lock = lock;
        this.delayed = new SqlDelayed(connections, shared, clock);
        this.flows = new SqlFlows(connections, shared, clock, lock);
        this.letters = new DeadLetterTidy(letters, shared ? clock : null);
        this.readers = new ReaderPool<>(connections::other, Reader::new);
    }

    /** Does a little of what can wait, over the writer's connection; true when more waits. */
    boolean tidy(Connection writer, long nowMillis) throws SQLException {
        return letters.run(writer, nowMillis);
    }

    @Override
    public List<Boolean> keep(List<Work> works) throws JournalException {
        List<Boolean> kept = connections.write(connection -> {
            List<Boolean> each = new ArrayList<>(works.size());
            for (Work work : works) {
                each.add(WorkTables.write(connection, work, lock));
            }
            return each;
        });
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i)) {
                connections.kept(works.get(i));
            }
        }
        return kept;
    }

    @Override
    public DelayedStore delayed() {
        return delayed;
    }

    @Override
    public FlowStore flows() {
        return flows;
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    @Override
    public Standing standing(String subscription) throws JournalException {
        return java.util.Objects.requireNonNull(read(connection -> {
            if (shared) {
                WorkTables.await(connection, subscription);
            }
            return WorkTables.standing(connection, subscription);
        }));
    }

    @Override
    public Page deadLetters(Query query) throws JournalException {
        return java.util.Objects.requireNonNull(read(connection -> DeadLetterTable.find(connection, query)));
    }

    @Override
    public Groups deadLetterGroups(Filter filter) throws JournalException {
        return java.util.Objects.requireNonNull(read(connection ->
                DeadLetterGroups.of(connection, filter, shared ? POSTGRES_LAST_ERROR : SQLITE_LAST_ERROR)));
    }

    @Override
    public Work.@Nullable DeadLetter deadLetter(String id) throws JournalException {
        return read(connection -> DeadLetterTable.one(connection, id));
    }

    @Override
    public void declare(String name, @Nullable String spec) throws JournalException {
        connections.write(connection -> {
            SubscriptionTables.declare(connection, name, spec);
            return true;
        });
        if (spec == null) {
            connections.forgotten(name, false);
        }
    }

    @Override
    public Map<String, String> declared() throws JournalException {
        return java.util.Objects.requireNonNull(read(SubscriptionTables::declared));
    }

    @Override
    public long deadLetters() {
        return letters.count();
    }

    @Override
    public long trimmedDeadLetters() {
        return letters.trimmed();
    }

    @Override
    public Work.@Nullable Fence claim(String name, String node, long ttlMillis) throws JournalException {
        return read(connection -> WorkTables.claim(connection, name, node, ttlMillis, clock));
    }

    @Override
    public void release(Work.Fence fence, String node) throws JournalException {
        read(connection -> {
            WorkTables.release(connection, fence, node);
            return true;
        });
    }

    private <T> @Nullable T read(Task<T> task) throws JournalException {
        try {
            return readers.<Optional<T>>use(reader -> Optional.ofNullable(task.run(reader.connection())))
                    .orElse(null);
        } catch (SQLException e) {
            throw connections.explain(e);
        }
    }

    void close() {
        delayed.close();
        flows.close();
        readers.close();
    }
}
