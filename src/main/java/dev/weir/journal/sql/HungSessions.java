package dev.weir.journal.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the database sessions of nodes that hang, on a thread of its own. A process that stands still in the middle of a request,
 * most likely while it sends rows, keeps its locks: the server waits for the rest, and then none of its time-outs counts. So every
 * node looks for sessions that for half of the time-out have neither sent nor taken anything while others wait for what they have
 * locked. Early enough that those who wait need not give up. The session that tidies is in nobody's way, but has a duty: it goes when
 * it is silent for long. Whoever loses a session like that has committed nothing, and finds out when it goes on.
 *
 * <p>Only sessions of the same user with the same application name, the nodes of this database. Owned by the writer.
 */
final class HungSessions {
    private static final Logger LOG = LoggerFactory.getLogger(HungSessions.class);
    private static final String DENIED = "42501";
    private static final long SELDOM_MILLIS = 1_000;
    private static final long OFTEN_MILLIS = 100;

    /** So many time-outs the session that tidies may be silent; a node that lives uses it twice a second. */
    private static final int TIDYING = 12;

    private static final String SILENT = """
            SELECT pid, host(client_addr), client_port, extract(epoch FROM clock_timestamp() - state_change),
              pg_terminate_backend(pid)
            FROM pg_stat_activity AS hung
            WHERE datname = current_database() AND usename = session_user
              AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()
              AND wait_event IN ('ClientRead', 'ClientWrite')
              AND (state <> 'idle' AND state_change < clock_timestamp() - ? * interval '1 millisecond'
                  AND EXISTS (SELECT 1 FROM pg_stat_activity AS waiting WHERE waiting.wait_event_type = 'Lock'
                    AND hung.pid = ANY (pg_blocking_pids(waiting.pid)))
                OR state_change < clock_timestamp() - ? * interval '1 millisecond'
                  AND pid IN (SELECT pid FROM pg_locks WHERE %s))""";

    /** A session that was ended. */
    private record Ended(int pid, @Nullable String host, int port, double silentSeconds) {}

    private final PostgresServer server;
    private final PostgresReaders readers;
    private final long patienceMillis;
    private final long everyMillis;
    private @Nullable ScheduledExecutorService thread;
    private boolean denied;

    HungSessions(PostgresServer server, PostgresReaders readers) {
        this.server = server;
        this.readers = readers;
        this.patienceMillis = server.timeoutMillis() / 2;
        this.everyMillis = Math.min(SELDOM_MILLIS, Math.max(OFTEN_MILLIS, server.timeoutMillis() / 8));
    }

    /** Begins to look. */
    void watch() {
        rest();
        ScheduledExecutorService own = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "weir-journal-hung");
            made.setDaemon(true);
            return made;
        });
        var unused = own.scheduleWithFixedDelay(this::look, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
        thread = own;
    }

    /** Looks no more. */
    void rest() {
        if (thread != null) {
            thread.shutdownNow();
            thread = null;
        }
    }

    private void look() {
        try {
            for (Ended each : readers.ask(this::end)) {
                LOG.warn(
                        "{}: a node hangs; its session {} of {}:{} was ended, after {} s in which it was silent and others"
                                + " needed what it had locked",
                        server,
                        each.pid(),
                        each.host(),
                        each.port(),
                        Math.round(each.silentSeconds()));
            }
        } catch (SQLException e) {
            failed(e);
        } catch (RuntimeException bug) {
            LOG.error("a bug: sessions that hang are not looked for now", bug);
        }
    }

    /** A server that does not answer is the writer's to tell. */
    private void failed(SQLException e) {
        if (DENIED.equals(e.getSQLState()) && !denied) {
            denied = true;
            LOG.warn(
                    "{}: a node hangs and its session could not be ended: {}; {}",
                    server,
                    e.getMessage(),
                    server.mendEnding());
        } else {
            LOG.debug("{}: sessions that hang could not be looked for", server, e);
        }
    }

    private List<Ended> end(Connection connection) throws SQLException {
        List<Ended> ended = new ArrayList<>();
        try (PreparedStatement silent = connection.prepareStatement(SILENT.formatted(server.tidying()))) {
            silent.setLong(1, patienceMillis);
            silent.setLong(2, TIDYING * server.timeoutMillis());
            try (ResultSet row = silent.executeQuery()) {
                while (row.next()) {
                    ended.add(new Ended(row.getInt(1), row.getString(2), row.getInt(3), row.getDouble(4)));
                }
            }
        }
        return ended;
    }
}
