package dev.weir.journal.sql;

import dev.weir.journal.JournalException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Connections to a SQLite file with the settings the journal's promises rest on. Stateless. */
final class Sqlite {
    private static final int WAIT_MILLIS = 1_000;

    private Sqlite() {}

    /** The writer's connection: the file is made if there is none, its tables too. */
    static Connection writer(Path file) throws SQLException, JournalException {
        Connection connection = open(
                file,
                // Takes effect only before the first table is there.
                "auto_vacuum=INCREMENTAL",
                "journal_mode=WAL",
                // A commit is on the disk, not in its cache, before anybody is told.
                "synchronous=FULL",
                // SqliteCheckpoints has copied most of it by then.
                "wal_autocheckpoint=16000",
                "cache_size=-16384");
        try {
            connection.setAutoCommit(false);
            tables(connection);
            connection.commit();
            return connection;
        } catch (SQLException | JournalException e) {
            Closing.quietly(connection);
            throw e;
        }
    }

    /** A reader's connection; every statement is a short transaction of its own, so that checkpoints get on. */
    static Connection reader(Path file) throws SQLException {
        return open(file, "query_only=ON", "cache_size=-4096");
    }

    /** A connection with no more than patience. */
    static Connection plain(Path file) throws SQLException {
        return open(file);
    }

    private static Connection open(Path file, String... settings) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try {
            pragma(connection, "busy_timeout=" + WAIT_MILLIS);
            for (String setting : settings) {
                pragma(connection, setting);
            }
            return connection;
        } catch (SQLException e) {
            Closing.quietly(connection);
            throw e;
        }
    }

    private static void tables(Connection connection) throws SQLException, JournalException {
        try (Statement statement = connection.createStatement()) {
            boolean exists;
            try (ResultSet found = statement.executeQuery(
                    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'weir_schema'")) {
                exists = found.next();
            }
            Migration.run(statement, Schema.SQLITE, exists);
        }
    }

    /** Gives free pages back to the file system, within the transaction: the driver lets SQLite free one with each call. */
    static void shrink(Connection connection, int most) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int free;
            try (ResultSet count = statement.executeQuery("PRAGMA freelist_count")) {
                free = count.next() ? count.getInt(1) : 0;
            }
            for (int i = Math.min(free, most); i > 0; i--) {
                statement.execute("PRAGMA incremental_vacuum(1)");
            }
        }
    }

    static void pragma(Connection connection, String setting) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA " + setting);
        }
    }
}
