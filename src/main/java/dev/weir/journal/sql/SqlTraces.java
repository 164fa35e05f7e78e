package dev.weir.journal.sql;

import dev.weir.bus.Addresses;
import dev.weir.journal.DelayedEvent;
import dev.weir.journal.Failure;
import dev.weir.journal.JournalException;
import dev.weir.journal.Sought;
import dev.weir.journal.TraceStore;
import dev.weir.journal.Work;
import io.vertx.core.json.JsonArray;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for events in the tables of an SQL engine, over connections of its own. Of a log it reads a bounded stretch at a time, so no
 * statement runs for long; the tables of what waits and what died are bounded and looked at as a whole. Thread-safe.
 */
final class SqlTraces implements TraceStore {
    /** How many rows are looked at in one statement. */
    static final int STRETCH = 2_000;

    private static final String LOGS = "SELECT id, address, epoch, head, floor, latest, appended FROM logs";

    private static final String NEWEST =
            "SELECT seq, appended FROM events WHERE log = ? AND seq > ? AND seq <= ? ORDER BY seq DESC LIMIT 1";

    /** Where a stretch begins: by rows, since of some logs most offsets are gone. */
    private static final String BEGIN = "SELECT seq, appended FROM events WHERE log = ? AND seq > ? AND seq <= ?"
            + " ORDER BY seq DESC LIMIT 1 OFFSET " + (STRETCH - 1);

    private static final String LOOK = "SELECT " + Schema.EVENT_COLUMNS + ", appended FROM events"
            + " WHERE log = ? AND seq > ? AND seq <= ? AND %s ORDER BY seq DESC LIMIT ?";

    private static final int APPENDED = 12;

    private static final String READERS =
            "SELECT subscription, 0, epoch, seq, seq, settled FROM cursors WHERE address = ?"
                    + " UNION ALL SELECT flow, 1, epoch, min(seq), max(seq), '' FROM flow_cursors WHERE input = ?"
                    + " GROUP BY flow, epoch";

    private static final String DEFERRED = "SELECT subscription, '', address, epoch, seq, due, attempts, failures, "
            + WorkSchema.EVENT_COLUMNS + " FROM deferred WHERE %s ORDER BY due LIMIT ?";

    private static final String PARKED = "SELECT flow, stage, address, epoch, seq, due, attempts, failures, "
            + WorkSchema.EVENT_COLUMNS + " FROM flow_parked WHERE %s ORDER BY due LIMIT ?";

    private static final String AUDIT = "SELECT " + Schema.EVENT_COLUMNS + ", appended FROM events"
            + " WHERE log = (SELECT id FROM logs WHERE address = ?) AND appended >= ?"
            + " AND type IN ('dead-letters.replay', 'dead-letters.discard') ORDER BY seq DESC LIMIT ?";

    private record Reader(Connection connection) implements ReaderPool.Reader {}

    private interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private final SqlWork.Connections connections;
    private final SqlFilter filter;
    private final ReaderPool<Reader> readers;

    /** @param finds the database's function that says where a text has another one in it */
    SqlTraces(SqlWork.Connections connections, String finds) {
        this.connections = connections;
        this.filter = new SqlFilter(finds);
        this.readers = new ReaderPool<>(connections::other, Reader::new);
    }

    @Override
    public boolean knowsWork() {
        return true;
    }

    @Override
    public List<Log> logs() throws JournalException {
        return all(LOGS, List.of(), row -> {
            boolean latest = row.getInt(6) != 0;
            long floor = row.getLong(5);
            return new Log(
                    row.getInt(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    latest ? 0 : floor,
                    latest || floor > 0,
                    row.getLong(7));
        });
    }

    @Override
    public Log before(Log log, long millis) throws JournalException {
        long end = ask(connection -> {
            try (PreparedStatement since = connection.prepareStatement(Schema.FIRST_SINCE)) {
                return Loading.firstSince(since, log.id(), log.floor() + 1, log.head() + 1, millis) - 1;
            }
        });
        return all(NEWEST, List.of(log.id(), log.floor(), end), row -> log.endingAt(row.getLong(1), row.getLong(2)))
                .stream()
                .findFirst()
                .orElse(log.endingAt(log.floor(), 0));
    }

    @Override
    public Stretch look(Log log, long to, Sought sought, int limit) throws JournalException {
        List<long[]> begin =
                all(BEGIN, List.of(log.id(), log.floor(), to), row -> new long[] {row.getLong(1) - 1, row.getLong(2)});
        long from = begin.isEmpty() ? log.floor() : begin.get(0)[0];
        long oldest = begin.isEmpty() ? 0 : begin.get(0)[1];
        List<Object> values = new ArrayList<>(List.of(log.id(), from, to));
        values.addAll(filter.values(sought));
        values.add(limit);
        List<TraceStore.Row> rows =
                new ArrayList<>(all(LOOK.formatted(filter.condition(sought)), values, SqlTraces::row));
        rows.removeIf(row -> !sought.matches(row.event()));
        return new Stretch(rows, from, oldest, Math.min(STRETCH, to - from));
    }

    private static TraceStore.Row row(ResultSet row) throws SQLException {
        return new TraceStore.Row(row.getLong(1), row.getLong(APPENDED), Rows.event(row, 2));
    }

    @Override
    public List<TraceStore.Row> audit(long sinceMillis, int limit) throws JournalException {
        return all(AUDIT, List.of(Addresses.AUDIT, sinceMillis, limit), SqlTraces::row);
    }

    @Override
    public List<TraceStore.Reader> readers(String address) throws JournalException {
        return all(
                READERS,
                List.of(address, address),
                row -> new TraceStore.Reader(
                        row.getString(1),
                        row.getInt(2) != 0,
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getString(6)));
    }

    @Override
    public List<Work.DeadLetter> deadLetters(Sought sought, int limit) throws JournalException {
        String sql = WorkSchema.SELECT_DEAD + " WHERE " + filter.condition(sought)
                + " ORDER BY died DESC, letter DESC LIMIT ?";
        List<Work.DeadLetter> found = new ArrayList<>(all(sql, filter.and(sought, limit), DeadLetterTable::letter));
        found.removeIf(letter -> !sought.matches(letter.event()));
        return found;
    }

    @Override
    public List<Waiting> waiting(Sought sought, int limit) throws JournalException {
        List<Waiting> found = new ArrayList<>(waiting(DEFERRED, false, sought, limit));
        found.addAll(waiting(PARKED, true, sought, limit));
        found.removeIf(each -> !sought.matches(each.event()));
        return found;
    }

    private List<Waiting> waiting(String sql, boolean flow, Sought sought, int limit) throws JournalException {
        return all(
                sql.formatted(filter.condition(sought)),
                filter.and(sought, limit),
                row -> new Waiting(
                        row.getString(1),
                        flow,
                        row.getString(2),
                        new Work.Place(row.getString(3), row.getString(4), row.getLong(5)),
                        row.getLong(6),
                        row.getInt(7),
                        Failure.fromJson(new JsonArray(row.getString(8))),
                        WorkTables.event(row, 9)));
    }

    @Override
    public List<DelayedEvent> delayed(Sought sought, int limit) throws JournalException {
        List<DelayedEvent> found = ask(connection -> DelayedTable.events(
                connection,
                DelayedSchema.sought(filter.condition(sought)),
                filter.and(sought, limit).toArray()));
        return found.stream().filter(each -> sought.matches(each.event())).toList();
    }

    private <T> List<T> all(String sql, List<Object> values, Row<T> read) throws JournalException {
        return ask(connection -> {
            List<T> found = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.size(); i++) {
                    select.setObject(i + 1, values.get(i));
                }
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(read.of(row));
                    }
                }
            }
            return found;
        });
    }

    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    private <T> T ask(Question<T> question) throws JournalException {
        try {
            return readers.use(reader -> question.ask(reader.connection()));
        } catch (SQLException e) {
            throw connections.explain(e);
        }
    }

    void close() {
        readers.close();
    }
}
