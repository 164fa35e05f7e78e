package dev.weir.journal.sql;

import dev.weir.journal.JournalException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Connections to a PostgreSQL server with the settings the journal's promises rest on: nothing waits longer than the time-out, on
 * either side, and the server soon knows when the machine of a node is gone. {@link HungSessions} ends what no time-out does. Thread-safe.
 */
final class PostgresServer {
    /** Any number: what only one node at a time does is guarded by it, together with the schema's name. */
    private static final int LOCKS = 0x57454952;

    private final PostgresUri uri;
    private final String schema;
    private final int timeoutMillis;

    /**
     * @param uri see {@link PostgresUri}
     * @param schema where the tables are, made when it is not there
     * @param timeoutMillis how long the server may take for a statement
     */
    PostgresServer(PostgresUri uri, String schema, int timeoutMillis) {
        this.uri = uri;
        this.schema = schema;
        this.timeoutMillis = timeoutMillis;
    }

    long timeoutMillis() {
        return timeoutMillis;
    }

    /** A connection of which every statement is a transaction of its own. */
    Connection connect() throws SQLException {
        Properties properties = uri.properties();
        String seconds = Integer.toString(Math.max(1, (timeoutMillis + 999) / 1000));
        properties.putIfAbsent("ApplicationName", "weir");
        properties.putIfAbsent("connectTimeout", seconds);
        properties.putIfAbsent("loginTimeout", seconds);
        // The server gives up first, which is the better message.
        String later = Integer.toString(Integer.parseInt(seconds) + 1);
        properties.putIfAbsent("socketTimeout", later);
        if (properties.putIfAbsent("socketFactory", TimedSockets.class.getName()) == null) {
            properties.setProperty("socketFactoryArg", later);
        }
        properties.putIfAbsent("tcpKeepAlive", "true");
        properties.setProperty("currentSchema", schema);
        properties.setProperty(
                "options",
                properties.getProperty("options", "") + " -c statement_timeout=" + timeoutMillis + " -c lock_timeout="
                        + timeoutMillis + " -c idle_in_transaction_session_timeout=" + timeoutMillis
                        + " -c tcp_keepalives_idle=" + seconds + " -c tcp_keepalives_interval=" + seconds
                        + " -c tcp_keepalives_count=3");
        return DriverManager.getConnection(uri.jdbc(), properties);
    }

    /** Makes what is missing of the schema and the tables. */
    void prepare(Connection connection) throws SQLException, JournalException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + LOCKS + ", hashtext('" + schema + "'))");
            if (!found(statement, "SELECT 1 FROM pg_namespace WHERE nspname = '" + schema + "'")) {
                statement.execute("CREATE SCHEMA " + schema);
            }
            Migration.run(
                    statement, Schema.POSTGRESQL, found(statement, "SELECT to_regclass('weir_schema') IS NOT NULL"));
        }
        connection.commit();
    }

    private static boolean found(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() && !"f".equals(row.getString(1));
        }
    }

    /** Becomes the node that tidies up, if none is; stays it as long as the connection lives. */
    boolean tidies(Connection connection) throws SQLException {
        return takes(connection, LOCKS + 1);
    }

    /** Becomes the one that imports, if nobody is; stays it as long as the connection lives. */
    boolean imports(Connection connection) throws SQLException {
        return takes(connection, LOCKS + 2);
    }

    private boolean takes(Connection connection, int lock) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_try_advisory_lock(" + lock + ", hashtext('" + schema + "'))")) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Which rows of {@code pg_locks} are of the session that {@link #tidies}, as an SQL condition. */
    String tidying() {
        return "locktype = 'advisory' AND classid = " + (LOCKS + 1) + " AND objid = hashtext('" + schema + "')::oid";
    }

    /** What an administrator has to allow so that nodes may end each other's sessions. */
    String mendEnding() {
        return "let an administrator run: GRANT pg_signal_backend TO " + (uri.user() == null ? "the user" : uri.user());
    }

    /** What went wrong, for operators; one that waiting does not mend says how to mend it. */
    JournalException explain(String what, SQLException failure) {
        String message = uri + " " + what + ": " + firstLine(failure.getMessage());
        String mend = mend(String.valueOf(failure.getSQLState()));
        return mend == null ? new JournalException(message, failure) : new JournalException(message, mend, failure);
    }

    private @Nullable String mend(String state) {
        String user = uri.user() == null ? "the user" : uri.user();
        if (state.startsWith("28")) {
            return "correct the user and the password in journal.uri (WEIR_JOURNAL_URI_FILE reads it from a file)";
        }
        return switch (state) {
            case "3D000" -> "create the database, or name another one in journal.uri";
            case "42501", "3F000" ->
                "let an administrator run: CREATE SCHEMA IF NOT EXISTS " + schema + " AUTHORIZATION " + user;
            default -> null;
        };
    }

    private static String firstLine(@Nullable String message) {
        String text = String.valueOf(message).strip();
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
