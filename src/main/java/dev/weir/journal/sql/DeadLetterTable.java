package dev.weir.journal.sql;

import dev.weir.journal.ErrorKind;
import dev.weir.journal.EventRow;
import dev.weir.journal.Failure;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads and writes dead letters over any connection; transactions are the caller's. Stateless. */
final class DeadLetterTable {
    private static final int CHUNK = 100;
    private static final int MOST_LOOKED_AT = 5_000;
    private static final long MOST_BYTES = 8L << 20;

    private DeadLetterTable() {}

    /** Writes new ones, changes and deletes others. */
    static void write(Connection connection, Work work) throws SQLException {
        add(connection, work.dead());
        edit(connection, work.edited());
        discard(connection, work.discarded());
    }

    private static void add(Connection connection, List<Work.DeadLetter> letters) throws SQLException {
        if (letters.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(WorkSchema.INSERT_DEAD)) {
            for (Work.DeadLetter letter : letters) {
                insert.setString(1, letter.id());
                insert.setString(2, letter.subscription());
                insert.setString(3, letter.hop());
                insert.setString(4, letter.place().address());
                insert.setString(5, letter.place().epoch());
                insert.setLong(6, letter.place().offset());
                insert.setLong(7, letter.atMillis());
                insert.setString(8, letter.reason());
                insert.setInt(9, letter.attempts());
                insert.setString(10, Failure.toJson(letter.failures()).encode());
                WorkTables.event(insert, 11, letter.event());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** One that was given back or thrown away meanwhile stays gone. */
    private static void edit(Connection connection, List<Work.DeadLetter> letters) throws SQLException {
        if (letters.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(WorkSchema.UPDATE_DEAD)) {
            for (Work.DeadLetter letter : letters) {
                update.setString(1, letter.event().headers());
                update.setInt(2, letter.event().kind());
                update.setBytes(3, letter.event().data());
                update.setString(4, letter.id());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    private static void discard(Connection connection, List<String> ids) throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        try (PreparedStatement delete = connection.prepareStatement(WorkSchema.DELETE_DEAD)) {
            for (String id : ids) {
                delete.setString(1, id);
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    /** Looks at a bounded number and amount of them, so that whoever waits for the connection does not wait long. */
    static WorkStore.Page find(Connection connection, WorkStore.Query query) throws SQLException {
        List<Work.DeadLetter> found = new ArrayList<>();
        WorkStore.Mark at = query.after();
        int looked = 0;
        long bytes = 0;
        while (looked < MOST_LOOKED_AT && bytes < MOST_BYTES) {
            List<Work.DeadLetter> chunk = chunk(connection, query, at);
            for (Work.DeadLetter letter : chunk) {
                looked++;
                bytes += letter.event().size();
                at = new WorkStore.Mark(letter.atMillis(), letter.id());
                if (has(letter, query.filter())) {
                    found.add(letter);
                }
                if (found.size() == query.limit() || bytes >= MOST_BYTES) {
                    return new WorkStore.Page(found, at);
                }
            }
            if (chunk.size() < CHUNK) {
                return new WorkStore.Page(found, null);
            }
        }
        return new WorkStore.Page(found, at);
    }

    private static List<Work.DeadLetter> chunk(
            Connection connection, WorkStore.Query query, WorkStore.@Nullable Mark after) throws SQLException {
        List<Object> values = new ArrayList<>();
        StringBuilder sql = new StringBuilder(WorkSchema.SELECT_DEAD).append(where(query.filter(), values));
        if (after != null) {
            sql.append(query.oldestFirst() ? " AND (died, letter) > (?, ?)" : " AND (died, letter) < (?, ?)");
            values.add(after.millis());
            values.add(after.id());
        }
        sql.append(query.oldestFirst() ? " ORDER BY died, letter" : " ORDER BY died DESC, letter DESC");
        List<Work.DeadLetter> found = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement(sql.append(" LIMIT ").append(CHUNK).toString())) {
            bind(select, values);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(letter(row));
                }
            }
        }
        return found;
    }

    /**
     * What the tables know of a filter, as a WHERE clause.
     *
     * @param values gets what stands for its question marks
     */
    static String where(WorkStore.Filter filter, List<Object> values) {
        StringBuilder sql = new StringBuilder(" WHERE 1 = 1");
        condition(sql, values, "subscription = ?", filter.subscription());
        condition(sql, values, "address = ?", filter.address());
        condition(sql, values, "type = ?", filter.type());
        condition(sql, values, "reason = ?", filter.reason());
        condition(sql, values, "died >= ?", filter.sinceMillis());
        condition(sql, values, "died < ?", filter.untilMillis());
        return sql.toString();
    }

    static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }

    private static void condition(StringBuilder where, List<Object> values, String condition, @Nullable Object value) {
        if (value != null) {
            where.append(" AND ").append(condition);
            values.add(value);
        }
    }

    /** The data is bytes to the database, so that text is looked for here. */
    private static boolean has(Work.DeadLetter letter, WorkStore.Filter filter) {
        return (filter.error() == null || diedOf(letter, filter.error()))
                && (filter.text() == null || has(letter, filter.text()));
    }

    private static boolean diedOf(Work.DeadLetter letter, String error) {
        List<Failure> failures = letter.failures();
        return !failures.isEmpty()
                && ErrorKind.of(failures.get(failures.size() - 1).error()).equals(ErrorKind.of(error));
    }

    private static boolean has(Work.DeadLetter letter, String text) {
        EventRow event = letter.event();
        String all = letter.reason() + "\n" + Failure.toJson(letter.failures()).encode() + "\n" + event.id() + "\n"
                + event.subject() + "\n" + event.headers() + "\n"
                + (event.data() == null ? "" : new String(event.data(), StandardCharsets.UTF_8));
        return all.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }

    static Work.@Nullable DeadLetter one(Connection connection, String id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(WorkSchema.SELECT_DEAD + " WHERE letter = ?")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? letter(row) : null;
            }
        }
    }

    static Work.DeadLetter letter(ResultSet row) throws SQLException {
        return new Work.DeadLetter(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                new Work.Place(row.getString(4), row.getString(5), row.getLong(6)),
                row.getLong(7),
                row.getString(8),
                row.getInt(9),
                Failure.fromJson(new JsonArray(row.getString(10))),
                WorkTables.event(row, 11));
    }
}
