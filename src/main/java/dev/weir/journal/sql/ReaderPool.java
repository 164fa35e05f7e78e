package dev.weir.journal.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Connections that only read, used again and again; one that broke while it was idle is replaced at once. Thread-safe: each is used
 * by one thread at a time, and none outlives a {@link #close} that came while it was in use, since it may be of a store that is no
 * longer there.
 */
final class ReaderPool<R extends ReaderPool.Reader> {
    /** A connection with what was prepared on it. */
    interface Reader {
        Connection connection();
    }

    /** Makes another connection. */
    interface Connect {
        Connection connect() throws SQLException;
    }

    /** Prepares what is asked over a connection. */
    interface Prepare<R> {
        R prepare(Connection connection) throws SQLException;
    }

    /** A question. */
    interface Query<R, T> {
        T ask(R reader) throws SQLException;
    }

    private final Connect connect;
    private final Prepare<R> prepare;
    private final Deque<R> idle = new ArrayDeque<>();
    private int closings;

    ReaderPool(Connect connect, Prepare<R> prepare) {
        this.connect = connect;
        this.prepare = prepare;
    }

    <T> T use(Query<R, T> query) throws SQLException {
        int begun = closings();
        R known = poll();
        R reader = known == null ? open() : known;
        boolean done = false;
        try {
            T answer = query.ask(reader);
            done = true;
            return answer;
        } catch (SQLException broken) {
            if (known == null || !known.connection().isClosed()) {
                throw broken;
            }
            // The server went away while nobody asked; the others are as old.
            close();
        } finally {
            back(reader, done, begun);
        }
        return use(query);
    }

    private R open() throws SQLException {
        Connection connection = connect.connect();
        boolean done = false;
        try {
            R reader = prepare.prepare(connection);
            done = true;
            return reader;
        } finally {
            if (!done) {
                Closing.quietly(connection);
            }
        }
    }

    private synchronized int closings() {
        return closings;
    }

    private synchronized @Nullable R poll() {
        return idle.poll();
    }

    private synchronized void back(R reader, boolean useful, int begun) {
        if (useful && begun == closings) {
            idle.push(reader);
        } else {
            Closing.quietly(reader.connection());
        }
    }

    synchronized void close() {
        closings++;
        for (R reader = idle.poll(); reader != null; reader = idle.poll()) {
            Closing.quietly(reader.connection());
        }
    }
}
