package dev.weir.journal.sql;

import dev.weir.journal.JournalException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Brings the tables to the version this program knows, within the caller's transaction. Stateless. */
final class Migration {
    private Migration() {}

    /**
     * @param steps the statements that lead from each version to the next, from an empty store on
     * @param exists whether the store has any table yet
     */
    static void run(Statement statement, List<List<String>> steps, boolean exists)
            throws SQLException, JournalException {
        int version = exists ? version(statement) : 0;
        if (version > steps.size()) {
            throw new JournalException(
                    "the journal was written by a newer Weir (schema " + version + ", this one knows " + steps.size()
                            + ")",
                    "run that one, or let this one keep its events elsewhere",
                    new IllegalStateException("schema " + version));
        }
        for (int next = version; next < steps.size(); next++) {
            for (String step : steps.get(next)) {
                statement.executeUpdate(step);
            }
        }
        if (version == 0) {
            statement.executeUpdate("INSERT INTO weir_schema (version) VALUES (" + steps.size() + ")");
        } else if (version < steps.size()) {
            statement.executeUpdate("UPDATE weir_schema SET version = " + steps.size());
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery("SELECT version FROM weir_schema")) {
            return found.next() ? found.getInt(1) : 0;
        }
    }
}
