package dev.weir.bench;

import dev.weir.bus.Keep;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.sql.PostgresEngine;
import dev.weir.journal.sql.SqliteEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where events go: new files of SQLite in a folder, or new schemas of a PostgreSQL database.
 *
 * @param uri of the database, null for SQLite
 */
record Target(Path folder, @Nullable String uri) {
    static final Keep ALL = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
    private static final AtomicInteger NAMES = new AtomicInteger();

    Engine engine() throws IOException {
        EngineRules rules = new EngineRules(120_000, 1_000_000, Long.MAX_VALUE / 2, any -> ALL);
        return uri == null
                ? new SqliteEngine(Files.createTempDirectory(folder, "engine"), rules)
                : new PostgresEngine(uri, schema(), 10_000, rules);
    }

    /** The journal of a node, as its configuration says it. */
    String yaml() throws IOException {
        return uri == null
                ? "journal: {engine: sqlite, path: " + Files.createTempDirectory(folder, "node") + "}"
                : "journal: {engine: postgresql, uri: \"" + uri + "\", schema: " + schema() + "}";
    }

    private static String schema() {
        return "bench" + ProcessHandle.current().pid() + "_" + NAMES.incrementAndGet();
    }

    /** A connection as safe as the journal's, to an empty place. */
    Connection raw() throws SQLException, IOException {
        if (uri != null) {
            String plain = uri.replaceFirst(
                    "^postgresql://([^@]*)@(.*)$", "jdbc:postgresql://$2?user=$1&reWriteBatchedInserts=true");
            Connection sql = DriverManager.getConnection(plain);
            String schema = schema();
            execute(sql, "CREATE SCHEMA " + schema);
            execute(sql, "SET search_path = " + schema);
            return sql;
        }
        Connection sql = DriverManager.getConnection(
                "jdbc:sqlite:" + Files.createTempDirectory(folder, "raw").resolve("raw.db"));
        execute(sql, "PRAGMA journal_mode=WAL");
        execute(sql, "PRAGMA synchronous=FULL");
        return sql;
    }

    String blob() {
        return uri == null ? "BLOB" : "BYTEA";
    }

    static void execute(Connection sql, String statement) throws SQLException {
        try (Statement own = sql.createStatement()) {
            own.execute(statement);
        }
    }
}
