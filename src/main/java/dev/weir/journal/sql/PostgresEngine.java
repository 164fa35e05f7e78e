package dev.weir.journal.sql;

import dev.weir.bus.Head;
import dev.weir.bus.Ids;
import dev.weir.bus.Journal;
import dev.weir.journal.Append;
import dev.weir.journal.Cut;
import dev.weir.journal.EngineRules;
import dev.weir.journal.FlowStore;
import dev.weir.journal.JournalException;
import dev.weir.journal.Stored;
import dev.weir.time.Clock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * A PostgreSQL server, which gives the offsets, so that any number of nodes may write. Survives what the server survives. Nothing
 * is in memory that a node of its own would have to agree on with others; time is the database's.
 */
public final class PostgresEngine extends SqlEngine {
    private static final String CLOCK = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    private static final String SHARE = " FOR SHARE";
    private static final long RETRY_MILLIS = 250;

    /** The server undid it, since it and another transaction waited for each other. */
    private static final String DEADLOCK = "40P01";

    /** A value is missing, or a check says no. */
    private static final Set<String> REFUSED = Set.of("23502", "23514");

    private final PostgresServer server;
    private final EngineRules rules;
    private final String clock;
    private final PostgresReaders readers;
    private final HungSessions hung;
    private final String writer = Ids.secret();
    private final Clock time = Clock.system();
    private long batch;

    /** What the batch comes to, once its commit was sent and nobody knows what became of it. */
    private FlowStore.@Nullable Kept sent;

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
        super(true, clock, SHARE, "strpos", rules);
        this.server = new PostgresServer(new PostgresUri(uri), schema, timeoutMillis);
        this.rules = rules;
        this.clock = clock;
        this.readers = new PostgresReaders(server);
        this.hung = new HungSessions(server, readers);
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
    Connection connect() throws SQLException {
        return server.connect();
    }

    @Override
    Connection other() throws SQLException {
        return server.connect();
    }

    @Override
    void begin(Connection opened, long nowMillis) throws SQLException, JournalException {
        hung.watch();
        server.prepare(opened);
        transaction = new PostgresTransaction(opened, writer, rules, clock, SHARE);
        tidy = new PostgresTidy(server, opened, rules, clock, trimmed, work);
    }

    @Override
    void end() {
        transaction = null;
        tidy = null;
        hung.rest();
        readers.close();
    }

    @Override
    JournalException explain(String what, SQLException failure) {
        return server.explain(what, failure);
    }

    /**
     * The server says: wrong data, more than fits, or a constraint that an administrator has added. Not what another writer may be the
     * cause of, nor what the driver says, which would be a bug.
     */
    @Override
    boolean isOfEvents(SQLException failure) {
        if (!(failure instanceof PSQLException own) || own.getServerErrorMessage() == null) {
            return false;
        }
        String state = String.valueOf(own.getSQLState());
        return state.startsWith("22") || state.startsWith("54") || REFUSED.contains(state);
    }

    @Override
    public String toString() {
        return server.toString();
    }

    /**
     * When the connection is lost while the outcome of the commit is on its way, the batch is looked for under its number and
     * done again when it is not there.
     */
    @Override
    FlowStore.Kept commit(List<Append> appends, List<Cut> cuts, long nowMillis) throws JournalException {
        batch++;
        sent = null;
        try {
            return keep("did not keep events", own -> attempt(own, appends, cuts));
        } catch (JournalException lost) {
            if (sent == null || lost.isOfEvents()) {
                // Not on its way, or refused by the server.
                throw lost;
            }
            return settle(appends, cuts, lost, nowMillis);
        }
    }

    /** Nobody was told anything of what the server undid so that another transaction could go on. */
    private FlowStore.Kept attempt(Connection own, List<Append> appends, List<Cut> cuts) throws SQLException {
        try {
            return once(own, appends, cuts);
        } catch (SQLException e) {
            if (!DEADLOCK.equals(e.getSQLState())) {
                throw e;
            }
            sent = null;
            own.rollback();
            return once(own, appends, cuts);
        }
    }

    private FlowStore.Kept once(Connection own, List<Append> appends, List<Cut> cuts) throws SQLException {
        FlowStore.Kept kept = Objects.requireNonNull(transaction).prepare(appends, cuts, batch);
        sent = kept;
        own.commit();
        return kept;
    }

    private FlowStore.Kept settle(List<Append> appends, List<Cut> cuts, JournalException lost, long nowMillis)
            throws JournalException {
        long begun = time.nanos();
        long patience = TimeUnit.MILLISECONDS.toNanos(2 * server.timeoutMillis());
        do {
            try {
                open(nowMillis);
                FlowStore.Kept kept = sent;
                if (kept != null && write("did not say whether it kept events", this::isCommitted)) {
                    return kept;
                }
                // The transaction of the lost connection is over without a trace, so these are no repeats.
                sent = null;
                return keep("did not keep events", own -> attempt(own, appends, cuts));
            } catch (JournalException notYet) {
                lost.addSuppressed(notYet);
            }
            pause();
        } while (time.nanos() - begun < patience && !Thread.currentThread().isInterrupted());
        throw lost;
    }

    /**
     * Waits for the transaction of the lost connection, if it still runs, since that has our row, or is about to make it: then too
     * the insertion here waits for its end.
     */
    private boolean isCommitted(Connection own) throws SQLException {
        try (PreparedStatement mine = own.prepareStatement("INSERT INTO writers (writer, batch, seen) VALUES (?, 0, 0)"
                + " ON CONFLICT (writer) DO UPDATE SET seen = writers.seen RETURNING batch")) {
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
        return write("could not be tidied", own -> Objects.requireNonNull(tidy).run(nowMillis));
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
    public OptionalLong before(String address, long millis) throws JournalException {
        try {
            return OptionalLong.of(readers.before(address, millis));
        } catch (SQLException e) {
            throw server.explain("could not be read", e);
        }
    }

    @Override
    public Optional<Journal.Size> size(String address) throws JournalException {
        try {
            return Optional.of(readers.size(address));
        } catch (SQLException e) {
            throw server.explain("could not be read", e);
        }
    }

    @Override
    public Optional<Set<String>> addresses() throws JournalException {
        try {
            return Optional.of(readers.addresses());
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
}
