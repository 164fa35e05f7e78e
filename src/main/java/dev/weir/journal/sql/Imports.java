package dev.weir.journal.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Events that are imported wait in logs of their own until all are there. Within the caller's transaction. Stateless. */
final class Imports {
    /** Before the address of such a log. */
    static final String PREFIX = "__import.";

    private static final List<String> DELETE = List.of(
            "DELETE FROM logs WHERE id = ?", "DELETE FROM latest WHERE log = ?", "DELETE FROM events WHERE log = ?");

    private record Found(int id, long head) {}

    private Imports() {}

    /** Whether an address is that of such a log. */
    static boolean isUnfinished(String address) {
        return address.startsWith(PREFIX);
    }

    /**
     * Gives them their addresses.
     *
     * @param replace the addresses whose events go
     * @param shared whether nodes may be writing
     * @return the addresses that have events and are not to be replaced; then nothing is changed
     */
    static List<String> adopt(Connection connection, Set<String> addresses, Set<String> replace, boolean shared)
            throws SQLException {
        List<String> inTheWay = new ArrayList<>();
        for (String address : new TreeSet<>(addresses)) {
            for (Found log : find(connection, "address = ?" + (shared ? " FOR UPDATE" : ""), address)) {
                if (log.head() > 0 && !replace.contains(address)) {
                    inTheWay.add(address);
                }
                delete(connection, log.id());
            }
            rename(connection, address);
        }
        if (!inTheWay.isEmpty()) {
            connection.rollback();
        }
        return inTheWay;
    }

    /** Deletes what is there; whether there was anything. */
    static boolean discard(Connection connection) throws SQLException {
        List<Found> left = find(connection, "substr(address, 1, " + PREFIX.length() + ") = ?", PREFIX);
        for (Found log : left) {
            delete(connection, log.id());
        }
        return !left.isEmpty();
    }

    private static List<Found> find(Connection connection, String which, String text) throws SQLException {
        List<Found> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT id, head FROM logs WHERE " + which)) {
            select.setString(1, text);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Found(row.getInt(1), row.getLong(2)));
                }
            }
        }
        return found;
    }

    private static void rename(Connection connection, String address) throws SQLException {
        try (PreparedStatement rename = connection.prepareStatement("UPDATE logs SET address = ? WHERE address = ?")) {
            rename.setString(1, address);
            rename.setString(2, PREFIX + address);
            if (rename.executeUpdate() != 1) {
                throw new SQLException("what was imported of " + address + " is gone");
            }
        }
    }

    private static void delete(Connection connection, int log) throws SQLException {
        for (String each : DELETE) {
            try (PreparedStatement delete = connection.prepareStatement(each)) {
                delete.setInt(1, log);
                delete.executeUpdate();
            }
        }
    }
}
