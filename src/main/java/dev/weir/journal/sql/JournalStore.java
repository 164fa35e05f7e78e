package dev.weir.journal.sql;

import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal as operators handle it beside the nodes: counted, read as a whole, checked, copied, trimmed. Reading goes on while
 * nodes write. Blocking; owned by one thread.
 */
public final class JournalStore implements AutoCloseable {
    /**
     * What is known of a log.
     *
     * @param events how many are there
     * @param bytes of their data
     */
    public record Log(
            int id,
            String address,
            String epoch,
            long head,
            long floor,
            long appendedMillis,
            boolean latest,
            long events,
            long bytes) {}

    /** Takes one event after another. */
    @FunctionalInterface
    public interface Sink {
        /** The next event of a log. */
        void event(long offset, long appendedMillis, EventRow event);
    }

    /** Where an import puts the events of an address until all are there. */
    public static final String IMPORT = Imports.PREFIX;

    private static final Logger LOG = LoggerFactory.getLogger(JournalStore.class);
    private static final String LOGS = "SELECT id, address, epoch, head, floor, appended, latest,"
            + " (SELECT count(*) FROM events WHERE log = logs.id AND (seq > logs.floor OR logs.latest = 1)),"
            + " (SELECT coalesce(sum(length(data)), 0) FROM events WHERE log = logs.id AND (seq > logs.floor OR logs.latest = 1))"
            + " FROM logs ORDER BY address";
    private static final int PAGE = 1_000;

    private final String name;
    private final Connection connection;
    private final @Nullable Path file;
    private final @Nullable PostgresServer server;

    private JournalStore(String name, Connection connection, @Nullable Path file, @Nullable PostgresServer server) {
        this.name = name;
        this.connection = connection;
        this.file = file;
        this.server = server;
    }

    /** The file of a journal in a data folder. */
    public static Path file(Path folder) {
        return folder.resolve(SqliteEngine.FILE);
    }

    /** The journal in a data folder. */
    public static JournalStore sqlite(Path folder) throws JournalException {
        Path file = file(folder);
        if (!Files.exists(file)) {
            throw new JournalException(
                    "there is no journal at " + file + "; one of a cluster is in the memory of its nodes",
                    new IllegalStateException("no file"));
        }
        new OpenedFile(file).setAside();
        try {
            return checked(new JournalStore(file.toString(), Sqlite.reader(file), file, null), Schema.SQLITE.size());
        } catch (SQLException e) {
            throw new JournalException("the journal " + file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** The journal in a PostgreSQL server. */
    public static JournalStore postgresql(String uri, String schema, int timeoutMillis) throws JournalException {
        // Counting and checking take their time.
        PostgresServer server = new PostgresServer(new PostgresUri(uri), schema, timeoutMillis * 100);
        try {
            return checked(
                    new JournalStore(server.toString(), server.connect(), null, server), Schema.POSTGRESQL.size());
        } catch (SQLException e) {
            throw server.explain("cannot be opened", e);
        }
    }

    private static JournalStore checked(JournalStore store, int known) throws JournalException {
        try (Statement statement = store.connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version FROM weir_schema")) {
            if (row.next() && row.getInt(1) == known) {
                return store;
            }
            store.close();
            throw new JournalException(
                    "the tables in " + store.name + " are of another version; start a node of this version once",
                    new IllegalStateException("version"));
        } catch (SQLException e) {
            store.close();
            throw new JournalException(store.name + " is no journal: " + e.getMessage(), e);
        }
    }

    private JournalException failed(SQLException e) {
        return new JournalException(name + ": " + e.getMessage(), e);
    }

    /** All logs by address. */
    public List<Log> logs() throws JournalException {
        List<Log> logs = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LOGS)) {
            while (row.next()) {
                logs.add(new Log(
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getInt(7) != 0,
                        row.getLong(8),
                        row.getLong(9)));
            }
            return logs;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /**
     * Every event of a log in order, up to the head that the log had when it was asked for.
     *
     * @param afterMillis only those appended then or later
     * @param beforeMillis only those appended before
     */
    public void events(Log log, Optional<Long> afterMillis, Optional<Long> beforeMillis, Sink sink)
            throws JournalException {
        long oldest = log.latest() ? 0 : log.floor();
        long at = afterMillis.isEmpty() ? oldest : before(log, oldest, afterMillis.get());
        long to = beforeMillis.isEmpty() ? log.head() : before(log, oldest, beforeMillis.get());
        try (PreparedStatement select = connection.prepareStatement("SELECT appended, " + Schema.EVENT_COLUMNS
                + " FROM events WHERE log = ? AND seq > ? AND seq <= ?" + " ORDER BY seq LIMIT " + PAGE)) {
            int found = PAGE;
            while (found == PAGE) {
                select.setInt(1, log.id());
                select.setLong(2, at);
                select.setLong(3, to);
                found = 0;
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        at = row.getLong(2);
                        sink.event(at, row.getLong(1), Rows.event(row, 3));
                        found++;
                    }
                }
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private long before(Log log, long oldest, long millis) throws JournalException {
        try (PreparedStatement since = connection.prepareStatement(Schema.FIRST_SINCE)) {
            return Loading.firstSince(since, log.id(), oldest + 1, log.head() + 1, millis) - 1;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Of how many keys stages of flows remember something: by flow, then by the stage with its digest. */
    public Map<String, Map<String, Long>> remembered() throws JournalException {
        Map<String, Map<String, Long>> flows = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FlowSchema.COUNT_ALL_STATES)) {
            while (row.next()) {
                flows.computeIfAbsent(row.getString(1), first -> new HashMap<>())
                        .put(row.getString(2), row.getLong(3));
            }
            return flows;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** What is wrong with it, empty when nothing is. */
    public List<String> verify() throws JournalException {
        List<String> wrong = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            if (file != null) {
                collect(
                        statement,
                        "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
                        "file: ",
                        wrong);
            }
            collect(statement, Schema.BEYOND_HEAD, "events beyond the head of ", wrong);
            collect(statement, Schema.HOLES, "events missing above the floor of ", wrong);
            collect(statement, Schema.WITHOUT_LOG, "events of no log, number ", wrong);
            collect(statement, Schema.STALE_KEYS, "keys without their event in ", wrong);
            collect(statement, Schema.UNLISTED, "events that are not the newest of their key in ", wrong);
            return wrong;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static void collect(Statement statement, String query, String what, List<String> wrong)
            throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                wrong.add(what + row.getString(1));
            }
        }
    }

    /**
     * Copies it as it is at one moment, also while a node writes.
     *
     * @param to a file that is not there yet
     */
    public void backup(Path to) throws JournalException {
        if (file == null) {
            throw new JournalException(
                    "PostgreSQL has its own way: pg_dump --schema=SCHEMA DATABASE > " + to,
                    new UnsupportedOperationException("postgresql"));
        }
        Path folder = to.toAbsolutePath().getParent();
        if (Files.exists(to) || folder == null || !Files.isDirectory(folder)) {
            throw new JournalException(
                    Files.exists(to)
                            ? to + " is there already; name another file"
                            : "there is no folder " + folder + "; make it first",
                    new IllegalArgumentException("backup"));
        }
        try (Connection own = Sqlite.plain(file);
                PreparedStatement copy = own.prepareStatement("VACUUM INTO ?")) {
            copy.setString(1, to.toString());
            copy.execute();
            durable(to);
        } catch (SQLException | IOException e) {
            discard(to);
            throw new JournalException(name + " could not be copied to " + to + ": " + e.getMessage(), e);
        }
    }

    /** Half a copy would be taken for a whole one. */
    private static void discard(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            LOG.warn("{} is half a copy and cannot be removed: {}", copy, e.toString());
        }
    }

    /** SQLite does not wait for the disk here. */
    private static void durable(Path to) throws IOException {
        try (FileChannel written = FileChannel.open(to, StandardOpenOption.WRITE)) {
            written.force(true);
        }
    }

    /** Raises the floor of a log, so that events up to there are not read any more; a node deletes them. */
    public void trim(Log log, long to) throws JournalException {
        change(own -> {
            try (PreparedStatement raise = own.prepareStatement(
                    "UPDATE logs SET floor = CASE WHEN floor > ? THEN floor ELSE ? END WHERE id = ?")) {
                raise.setLong(1, to);
                raise.setLong(2, to);
                raise.setInt(3, log.id());
                return raise.executeUpdate();
            }
        });
    }

    /**
     * Gives the logs of an import their addresses, all or none.
     *
     * @param replace the addresses whose events go
     */
    public void adopt(Set<String> addresses, Set<String> replace) throws JournalException {
        List<String> inTheWay = change(own -> Imports.adopt(own, addresses, replace, file == null));
        if (!inTheWay.isEmpty()) {
            throw new JournalException(
                    String.join(", ", inTheWay) + " got events meanwhile; --replace deletes them",
                    new IllegalStateException("events"));
        }
    }

    /** Whether this is the only import as long as it is open. */
    public boolean isOnlyImport() throws JournalException {
        try {
            return server == null || server.imports(connection);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Deletes what an import has left that did not end; false when there is nothing. */
    public boolean discardImport() throws JournalException {
        return change(Imports::discard);
    }

    private interface Change<T> {
        T in(Connection own) throws SQLException;
    }

    private <T> T change(Change<T> change) throws JournalException {
        try (Connection own = file == null ? opened() : Sqlite.plain(file)) {
            own.setAutoCommit(false);
            T done = change.in(own);
            own.commit();
            return done;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private Connection opened() throws SQLException {
        return java.util.Objects.requireNonNull(server, "PostgreSQL").connect();
    }

    /** An engine on the same store. */
    public static Engine engine(
            Path folder, @Nullable String uri, String schema, int timeoutMillis, EngineRules rules) {
        return uri == null ? new SqliteEngine(folder, rules) : new PostgresEngine(uri, schema, timeoutMillis, rules);
    }

    @Override
    public void close() {
        Closing.quietly(connection);
    }
}
