package dev.weir.journal.sql;

import dev.weir.bus.Head;
import dev.weir.bus.Ids;
import dev.weir.journal.Append;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.JournalException;
import dev.weir.journal.Outcome;
import dev.weir.journal.Stored;
import dev.weir.journal.WorkStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server, which gives the offsets, so that any number of nodes may write. Survives what the server survives. Nothing
 * is in memory that a node of its own would have to agree on with others; time is the database's.
 */
public final class PostgresEngine implements Engine {
    private static final String CLOCK = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    private static final long RETRY_MILLIS = 250;

    private final PostgresServer server;
    private final EngineRules rules;
    private final String clock;
    private final PostgresReaders readers;
    private final SqlWork work;
    private final String writer = Ids.secret();
    private final LongAdder trimmed = new LongAdder();
    private long batch;
    private @Nullable Connection connection;
    private @Nullable PostgresTransaction transaction;
    private @Nullable PostgresTidy tidy;

    /**
     * An engine that is not open yet.
     *
     * @param uri {@code postgresql://user:password@host:port/database?options}
     * @param schema the schema of its tables, made when it is not there
     * @param timeoutMillis how long the server may take for anything
     * @throws IllegalArgumentException when the URI is wrong; the message has no secret in it
     */
    public PostgresEngine(String uri, String schema, int timeoutMillis, EngineRules rules) {
        this(uri, schema, timeoutMillis, rules, CLOCK);
    }

    /** @param clock what time it is in milliseconds, as an SQL expression */
    PostgresEngine(String uri, String schema, int timeoutMillis, EngineRules rules, String clock) {
        this.server = new PostgresServer(new PostgresUri(uri), schema, timeoutMillis);
        this.rules = rules;
        this.clock = clock;
        this.readers = new PostgresReaders(server);
        this.work = new SqlWork(new WorkConnections(), true, clock, " FOR SHARE");
    }

    @Override
    public Optional<WorkStore> work() {
        return Optional.of(work);
    }

    private final class WorkConnections implements SqlWork.Connections {
        @Override
        public <T> @Nullable T write(SqlWork.Task<T> task) throws JournalException {
            Connection own = opened(connection);
            try {
                T result = task.run(own);
                own.commit();
                return result;
            } catch (SQLException e) {
                // Whether it was kept does not matter: keeping it again changes nothing.
                close();
                throw explain(e);
            }
        }

        @Override
        public Connection other() throws SQLException {
            return server.connect();
        }

        @Override
        public JournalException explain(SQLException e) {
            return server.explain("failed", e);
        }
    }

    /** @throws IllegalArgumentException when the URI is wrong; the message has no secret in it */
    public static void check(String uri) {
        PostgresUri.check(uri);
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void open(long nowMillis) throws JournalException {
        close();
        try {
            Connection opened = server.connect();
            connection = opened;
            server.prepare(opened);
            transaction = new PostgresTransaction(opened, writer, rules.windowMillis(), clock);
            tidy = new PostgresTidy(server, opened, rules, clock, trimmed);
        } catch (SQLException e) {
            close();
            throw server.explain("cannot be opened", e);
        } catch (JournalException e) {
            close();
            throw e;
        }
    }

    /**
     * When the connection is lost while the outcome of the commit is on its way, the batch is looked for under its number and
     * done again when it is not there.
     */
    @Override
    public List<Outcome> commit(List<Append> appends, long nowMillis) throws JournalException {
        batch++;
        try {
            return attempt(appends);
        } catch (Unknown unknown) {
            close();
            return settle(appends, unknown, nowMillis);
        } catch (SQLException e) {
            close();
            throw server.explain("did not keep events", e);
        }
    }

    /** The commit was sent and nobody knows what became of it. */
    private static final class Unknown extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient List<Outcome> outcomes;

        Unknown(List<Outcome> outcomes, SQLException cause) {
            super(cause);
            this.outcomes = outcomes;
        }
    }

    private List<Outcome> attempt(List<Append> appends) throws SQLException, JournalException, Unknown {
        Connection own = opened(connection);
        List<Outcome> outcomes = opened(transaction).prepare(appends, batch);
        try {
            own.commit();
        } catch (SQLException e) {
            throw new Unknown(outcomes, e);
        }
        return outcomes;
    }

    private List<Outcome> settle(List<Append> appends, Unknown first, long nowMillis) throws JournalException {
        Unknown unknown = first;
        long tries = 1 + server.timeoutMillis() / RETRY_MILLIS;
        for (long i = 0; i < tries && !Thread.currentThread().isInterrupted(); i++) {
            try {
                open(nowMillis);
                if (isCommitted()) {
                    return unknown.outcomes;
                }
                return attempt(appends);
            } catch (Unknown again) {
                unknown = again;
                close();
            } catch (SQLException | JournalException notYet) {
                unknown.addSuppressed(notYet);
                close();
            }
            pause();
        }
        SQLException cause = (SQLException) java.util.Objects.requireNonNull(unknown.getCause());
        throw server.explain("did not say whether it kept events", cause);
    }

    /** Waits for the transaction of the lost connection, if it still runs, since that has our row. */
    private boolean isCommitted() throws SQLException, JournalException {
        Connection own = opened(connection);
        try (PreparedStatement mine = own.prepareStatement("SELECT batch FROM writers WHERE writer = ? FOR UPDATE")) {
            mine.setString(1, writer);
            try (ResultSet row = mine.executeQuery()) {
                boolean committed = row.next() && row.getLong(1) >= batch;
                own.rollback();
                return committed;
            }
        }
    }

    /** The writer's own thread waits here for the server; nothing else runs on it, and its end interrupts it. */
    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean tidy(long nowMillis) throws JournalException {
        try {
            return opened(tidy).run();
        } catch (SQLException e) {
            close();
            throw server.explain("could not be tidied", e);
        }
    }

    private <T> T opened(@Nullable T part) throws JournalException {
        if (part == null) {
            throw new JournalException(server + " is not open", new IllegalStateException("closed"));
        }
        return part;
    }

    @Override
    public @Nullable Stored read(String address, long from, int limit) throws JournalException {
        try {
            return readers.read(address, from, limit).orElse(null);
        } catch (SQLException e) {
            throw server.explain("could not be read", e);
        }
    }

    @Override
    public Map<String, Head> heads(Collection<String> addresses) throws JournalException {
        try {
            return readers.heads(addresses);
        } catch (SQLException e) {
            throw server.explain("could not be read", e);
        }
    }

    @Override
    public long trimmed() {
        return trimmed.sum();
    }

    @Override
    public void close() {
        transaction = null;
        tidy = null;
        readers.close();
        work.close();
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException ignored) {
                // It is given up; what was committed is in the database.
            }
        }
    }
}
