package dev.weir.journal.sql;

import java.util.List;

/** The tables of subscriptions, the same for all SQL engines but for the name of the type that holds bytes. */
final class WorkSchema {
    static final String EVENT = """
              id TEXT,
              source TEXT,
              type TEXT,
              subject TEXT,
              time TEXT,
              authid TEXT,
              headers TEXT,
              kind INTEGER NOT NULL,
              data %s""";

    private static final String CURSORS = """
            CREATE TABLE cursors (
              subscription TEXT NOT NULL,
              address TEXT NOT NULL,
              epoch TEXT NOT NULL,
              seq BIGINT NOT NULL,
              settled TEXT NOT NULL,
              PRIMARY KEY (subscription, address))""";

    private static final String DEFERRED = """
            CREATE TABLE deferred (
              subscription TEXT NOT NULL,
              address TEXT NOT NULL,
              epoch TEXT NOT NULL,
              seq BIGINT NOT NULL,
              due BIGINT NOT NULL,
              attempts INTEGER NOT NULL,
              failures TEXT NOT NULL,
            %s,
              PRIMARY KEY (subscription, address, epoch, seq))""";

    private static final String DEAD_LETTERS = """
            CREATE TABLE dead_letters (
              letter TEXT NOT NULL PRIMARY KEY,
              subscription TEXT NOT NULL,
              hop TEXT NOT NULL,
              address TEXT NOT NULL,
              epoch TEXT NOT NULL,
              seq BIGINT NOT NULL,
              died BIGINT NOT NULL,
              reason TEXT NOT NULL,
              attempts INTEGER NOT NULL,
              failures TEXT NOT NULL,
            %s)""";

    private static final String CLAIMS = """
            CREATE TABLE claims (
              name TEXT NOT NULL PRIMARY KEY,
              node TEXT NOT NULL,
              token BIGINT NOT NULL,
              expires BIGINT NOT NULL)""";

    static final String EVENT_COLUMNS = "id, source, type, subject, time, authid, headers, kind, data";

    static final String UPSERT_CURSOR =
            "INSERT INTO cursors (subscription, address, epoch, seq, settled) VALUES (?,?,?,?,?)"
                    + " ON CONFLICT (subscription, address) DO UPDATE SET"
                    + " epoch = excluded.epoch, seq = excluded.seq, settled = excluded.settled";

    static final String UPSERT_DEFERRED =
            "INSERT INTO deferred (subscription, address, epoch, seq, due, attempts, failures, "
                    + EVENT_COLUMNS + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
                    + " ON CONFLICT (subscription, address, epoch, seq) DO UPDATE SET"
                    + " due = excluded.due, attempts = excluded.attempts, failures = excluded.failures";

    static final String DELETE_DEFERRED =
            "DELETE FROM deferred WHERE subscription = ? AND address = ? AND epoch = ? AND seq = ?";

    static final String INSERT_DEAD =
            "INSERT INTO dead_letters (letter, subscription, hop, address, epoch, seq, died, reason, attempts, failures, "
                    + EVENT_COLUMNS
                    + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (letter) DO NOTHING";

    static final String UPDATE_DEAD = "UPDATE dead_letters SET headers = ?, kind = ?, data = ? WHERE letter = ?";

    static final String DELETE_DEAD = "DELETE FROM dead_letters WHERE letter = ?";

    static final String DELETE_OLD_DEAD = "DELETE FROM dead_letters WHERE letter IN"
            + " (SELECT letter FROM dead_letters WHERE died < ? ORDER BY died, letter LIMIT ?)";

    static final String DELETE_OLDEST_DEAD = "DELETE FROM dead_letters WHERE letter IN"
            + " (SELECT letter FROM dead_letters ORDER BY died, letter LIMIT ?)";

    static final String SELECT_CURSORS = "SELECT address, epoch, seq, settled FROM cursors WHERE subscription = ?";

    static final String SELECT_DEFERRED = "SELECT address, epoch, seq, due, attempts, failures, " + EVENT_COLUMNS
            + " FROM deferred WHERE subscription = ? ORDER BY address, seq";

    static final String SELECT_DEAD =
            "SELECT letter, subscription, hop, address, epoch, seq, died, reason, attempts, failures, " + EVENT_COLUMNS
                    + " FROM dead_letters";

    static final String COUNT_DEAD = "SELECT COUNT(*) FROM dead_letters";

    static final String SELECT_TOKEN = "SELECT token FROM claims WHERE name = ?";

    static final String LOCK_CLAIM = "SELECT token FROM claims WHERE name = 'subscription/' || ? FOR UPDATE";

    static final String SELECT_CLAIM = "SELECT token FROM claims WHERE name = ? AND node = ?";

    static final String RELEASE_CLAIM = "UPDATE claims SET expires = 0 WHERE name = ? AND node = ? AND token = ?";

    private WorkSchema() {}

    /** Takes a claim that is free, over or the node's own. A token that was in force before is never in force again. */
    static String takeClaim(String clock) {
        return "INSERT INTO claims (name, node, token, expires) VALUES (?, ?, 1, ? + " + clock + ")"
                + " ON CONFLICT (name) DO UPDATE SET node = excluded.node, expires = excluded.expires,"
                + " token = claims.token + CASE WHEN claims.node = excluded.node THEN 0 ELSE 1 END"
                + " WHERE claims.node = excluded.node OR claims.expires < " + clock;
    }

    /** @param bytes the type of columns that hold bytes */
    static List<String> tables(String bytes) {
        String event = EVENT.formatted(bytes);
        return List.of(
                CURSORS,
                DEFERRED.formatted(event),
                DEAD_LETTERS.formatted(event),
                "CREATE INDEX dead_letters_died ON dead_letters (died, letter)",
                CLAIMS);
    }
}
