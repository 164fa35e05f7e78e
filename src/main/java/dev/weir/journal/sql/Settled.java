package dev.weir.journal.sql;

import dev.weir.journal.EngineRules;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks PostgreSQL how far those have come who hold the events of a log: subscriptions and flows in force. Stateless. */
final class Settled {
    /** Up to where all have settled a row of {@code logs}, with the parameters that {@link #bind} gives; a number always. */
    static final String SQL = "coalesce(least((SELECT min(seq) FROM cursors WHERE cursors.address = logs.address"
            + " AND cursors.epoch = logs.epoch AND (? OR EXISTS (SELECT 1 FROM unnest(?::text[], ?::text[]) AS own(name, read)"
            + " WHERE own.name = subscription AND cursors.address ~ own.read))),"
            + " (SELECT min(seq) FROM flow_cursors WHERE flow_cursors.input = logs.address"
            + " AND flow_cursors.epoch = logs.epoch"
            + " AND (? OR EXISTS (SELECT 1 FROM unnest(?::text[], ?::text[]) AS own(name, read)"
            + " WHERE own.name = flow AND input ~ own.read)))), " + Long.MAX_VALUE + ")";

    private Settled() {}

    /** Whether anybody may hold anything. */
    static boolean any(EngineRules rules) {
        Map<String, Set<String>> subscriptions = rules.subscriptions().get();
        Map<String, Set<String>> flows = rules.flows().get();
        return subscriptions == null || flows == null || !subscriptions.isEmpty() || !flows.isEmpty();
    }

    /** Sets the parameters from the first one on; answers the number of the next. */
    static int bind(Connection connection, PreparedStatement statement, int first, EngineRules rules)
            throws SQLException {
        int next = bind(connection, statement, first, rules.subscriptions().get());
        return bind(connection, statement, next, rules.flows().get());
    }

    private static int bind(
            Connection connection, PreparedStatement statement, int first, @Nullable Map<String, Set<String>> readers)
            throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> inputs = new ArrayList<>();
        read(readers, names, inputs);
        statement.setBoolean(first, readers == null);
        statement.setArray(first + 1, connection.createArrayOf("text", names.toArray()));
        statement.setArray(first + 2, connection.createArrayOf("text", inputs.toArray()));
        return first + 3;
    }

    /** An address, or all of a pattern's, as the database understands it. */
    private static String regex(String name) {
        return "^"
                + name.replace(".", "\\.")
                        .replace("+", "\\+")
                        .replace("**", ".+")
                        .replace("*", "[^.]+")
                + "$";
    }

    private static void read(@Nullable Map<String, Set<String>> readers, List<String> names, List<String> inputs) {
        if (readers != null) {
            readers.forEach((reader, addresses) -> addresses.forEach(address -> {
                names.add(reader);
                inputs.add(regex(address));
            }));
        }
    }
}
