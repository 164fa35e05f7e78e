package dev.weir.journal.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes subscriptions that were made over HTTP, over any connection; transactions are the caller's. Stateless. */
final class SubscriptionTables {
    /** The table of an operator's own subscriptions. */
    static final List<String> TABLES =
            List.of("CREATE TABLE subscriptions (name TEXT NOT NULL PRIMARY KEY, spec TEXT NOT NULL)");

    private static final String UPSERT = "INSERT INTO subscriptions (name, spec) VALUES (?, ?)"
            + " ON CONFLICT (name) DO UPDATE SET spec = excluded.spec";

    /** Whoever owns it meanwhile on another node must not write its position once more. */
    private static final List<String> FORGET = List.of(
            "DELETE FROM subscriptions WHERE name = ?",
            "UPDATE claims SET token = token + 1, node = '', expires = 0 WHERE name = 'subscription/' || ?",
            "DELETE FROM cursors WHERE subscription = ?",
            "DELETE FROM deferred WHERE subscription = ?");

    private SubscriptionTables() {}

    /** Keeps what a subscription is; without that it goes, with its position and what waits for another attempt. */
    static void declare(Connection connection, String name, @Nullable String spec) throws SQLException {
        if (spec == null) {
            for (String statement : FORGET) {
                try (PreparedStatement forget = connection.prepareStatement(statement)) {
                    forget.setString(1, name);
                    forget.executeUpdate();
                }
            }
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            upsert.setString(1, name);
            upsert.setString(2, spec);
            upsert.executeUpdate();
        }
    }

    static Map<String, String> declared(Connection connection) throws SQLException {
        Map<String, String> all = new LinkedHashMap<>();
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT name, spec FROM subscriptions ORDER BY name");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                all.put(row.getString(1), row.getString(2));
            }
        }
        return all;
    }
}
