package dev.weir.journal.sql;

import dev.weir.journal.ErrorKind;
import dev.weir.journal.Failure;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts dead letters by where and why they died: the same errors in SQL, then those that are of a kind. Looks at a bounded number of
 * them, the newest. One use for one question, over any connection.
 */
final class DeadLetterGroups {
    private static final int MOST_LOOKED_AT = 20_000;
    private static final int MOST_GROUPS = 200;

    private record Kind(String subscription, String hop, String reason, String error) {}

    private final Map<Kind, WorkStore.Group> groups = new LinkedHashMap<>();
    private long looked;

    private DeadLetterGroups() {}

    /** @param lastError the error of the last attempt, as an SQL expression over {@code failures} */
    static WorkStore.Groups of(Connection connection, WorkStore.Filter filter, String lastError) throws SQLException {
        DeadLetterGroups found = new DeadLetterGroups();
        boolean all = filter.isInTables() ? found.count(connection, filter, lastError) : found.look(connection, filter);
        List<WorkStore.Group> most = found.groups.values().stream()
                .sorted(Comparator.comparingLong(WorkStore.Group::count).reversed())
                .limit(MOST_GROUPS)
                .toList();
        return new WorkStore.Groups(most, found.looked, all);
    }

    private boolean count(Connection connection, WorkStore.Filter filter, String lastError) throws SQLException {
        List<Object> values = new ArrayList<>();
        String newest = "SELECT letter, subscription, hop, reason, died, failures FROM dead_letters"
                + DeadLetterTable.where(filter, values) + " ORDER BY died DESC, letter DESC LIMIT " + MOST_LOOKED_AT;
        String counted = "SELECT subscription, hop, reason, " + lastError
                + " AS error, COUNT(*), MIN(died), MAX(died), MAX(letter) FROM (" + newest
                + ") AS newest GROUP BY subscription, hop, reason, error";
        try (PreparedStatement select = connection.prepareStatement(counted)) {
            DeadLetterTable.bind(select, values);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String error = row.getString(4);
                    add(new WorkStore.Group(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            error == null ? "" : error,
                            row.getLong(5),
                            row.getLong(6),
                            row.getLong(7),
                            row.getString(8)));
                }
            }
        }
        return looked < MOST_LOOKED_AT;
    }

    /** What the tables cannot tell is looked for page by page. */
    private boolean look(Connection connection, WorkStore.Filter filter) throws SQLException {
        WorkStore.Page page =
                DeadLetterTable.find(connection, new WorkStore.Query(filter, null, false, MOST_LOOKED_AT));
        for (Work.DeadLetter letter : page.letters()) {
            List<Failure> failures = letter.failures();
            add(new WorkStore.Group(
                    letter.subscription(),
                    letter.hop(),
                    letter.reason(),
                    failures.isEmpty() ? "" : failures.get(failures.size() - 1).error(),
                    1,
                    letter.atMillis(),
                    letter.atMillis(),
                    letter.id()));
        }
        return page.next() == null;
    }

    private void add(WorkStore.Group exact) {
        looked += exact.count();
        String hop = Work.hopName(exact.hop());
        String error = ErrorKind.of(exact.error());
        Kind kind = new Kind(exact.subscription(), hop, exact.reason(), error);
        WorkStore.Group own = new WorkStore.Group(
                exact.subscription(),
                hop,
                exact.reason(),
                error,
                exact.count(),
                exact.firstMillis(),
                exact.lastMillis(),
                exact.sample());
        groups.merge(kind, own, WorkStore.Group::with);
    }
}
