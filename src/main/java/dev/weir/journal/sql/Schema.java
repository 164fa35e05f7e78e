package dev.weir.journal.sql;

import java.util.List;

/** The relational schema, shared by all SQL engines and described in docs/journal.md. */
final class Schema {
    /** The version of the tables; a newer one is refused. */
    static final int VERSION = 1;

    static final List<String> TABLES =
            List.of("CREATE TABLE IF NOT EXISTS weir_schema (version INTEGER NOT NULL)", """
            CREATE TABLE IF NOT EXISTS logs (
              id INTEGER NOT NULL PRIMARY KEY,
              address TEXT NOT NULL UNIQUE,
              epoch TEXT NOT NULL,
              head BIGINT NOT NULL,
              floor BIGINT NOT NULL,
              appended BIGINT NOT NULL)""", """
            CREATE TABLE IF NOT EXISTS events (
              log INTEGER NOT NULL,
              seq BIGINT NOT NULL,
              appended BIGINT NOT NULL,
              id TEXT,
              source TEXT,
              type TEXT,
              subject TEXT,
              time TEXT,
              authid TEXT,
              own_id INTEGER NOT NULL,
              headers TEXT,
              kind INTEGER NOT NULL,
              data BLOB,
              PRIMARY KEY (log, seq))""");

    static final String INSERT_EVENT =
            "INSERT INTO events (log, seq, appended, id, source, type, subject, time, authid, own_id, headers, kind, data)"
                    + " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)";

    static final String SELECT_EVENTS =
            "SELECT seq, id, source, type, subject, time, authid, own_id, headers, kind, data FROM events"
                    + " WHERE log = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?";

    static final String SELECT_IDENTITIES = "SELECT seq, appended, authid, source, id FROM events"
            + " WHERE log = ? AND seq >= ? AND own_id = 1 ORDER BY seq";

    static final String FIRST_SINCE =
            "SELECT seq, appended FROM events WHERE log = ? AND seq >= ? ORDER BY seq LIMIT 1";

    static final String INSERT_LOG =
            "INSERT INTO logs (id, address, epoch, head, floor, appended) VALUES (?,?,?,?,?,?)";

    static final String UPDATE_LOG = "UPDATE logs SET head = ?, floor = ?, appended = ? WHERE id = ?";

    static final String SELECT_LOGS = "SELECT id, address, epoch, head, floor, appended FROM logs";

    static final String OLDEST = "SELECT MIN(seq) FROM events WHERE log = ?";

    static final String DELETE_EVENTS = "DELETE FROM events WHERE log = ? AND seq > ? AND seq <= ?";

    private Schema() {}
}
