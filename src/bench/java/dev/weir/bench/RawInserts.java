package dev.weir.bench;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Inserts without a journal, one transaction for each batch: what the store itself can do. */
final class RawInserts {
    private static final String COLUMNS =
            "log INTEGER NOT NULL, seq BIGINT NOT NULL, appended BIGINT NOT NULL, id TEXT, source TEXT,"
                    + " type TEXT, subject TEXT, time TEXT, headers TEXT, kind INTEGER NOT NULL, data %s, PRIMARY KEY (log, seq)";

    private final Target target;

    RawInserts(Target target) {
        this.target = target;
    }

    /** The data of an event alone, in a table with a key. */
    Figures run(int batch, double seconds) throws SQLException, IOException {
        return run(
                "CREATE TABLE t (id BIGINT PRIMARY KEY, data " + target.blob() + ")",
                "INSERT INTO t (id, data) VALUES (?, ?)",
                batch,
                seconds,
                RawInserts::bind);
    }

    /** Everything that the journal keeps of an event, in columns like its own. */
    Figures rows(int batch, double seconds) throws SQLException, IOException {
        return run(
                "CREATE TABLE t (" + COLUMNS.formatted(target.blob()) + ")",
                "INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                batch,
                seconds,
                RawInserts::bindRow);
    }

    /** The same by {@code COPY}, which is the fastest way into a table of PostgreSQL. */
    Figures copy(int batch, double seconds) throws SQLException, IOException {
        try (Connection sql = target.raw()) {
            Target.execute(sql, "CREATE TABLE t (" + COLUMNS.formatted(target.blob()) + ")");
            sql.setAutoCommit(false);
            CopyManager copies = sql.unwrap(PGConnection.class).getCopyAPI();
            String data = new String(Sample.bytes(), StandardCharsets.UTF_8);
            Figures figures = new Figures();
            for (long number = 1; !figures.isOver(seconds); ) {
                long begun = System.nanoTime();
                StringBuilder lines = new StringBuilder(batch * 600);
                for (int i = 0; i < batch; i++) {
                    lines.append("1\t")
                            .append(number)
                            .append("\t1700000000000\tabcdefgh-")
                            .append(number++);
                    lines.append('\t')
                            .append(Sample.SOURCE)
                            .append('\t')
                            .append(Sample.TYPE)
                            .append('\t');
                    lines.append(Sample.SUBJECT)
                            .append('\t')
                            .append(Sample.TIME)
                            .append('\t');
                    lines.append(Sample.HEADERS).append("\t1\t").append(data).append('\n');
                }
                copies.copyIn("COPY t FROM STDIN", new StringReader(lines.toString()));
                sql.commit();
                figures.add(batch, System.nanoTime() - begun);
            }
            return figures.end();
        }
    }

    private interface Binding {
        void bind(PreparedStatement insert, long number) throws SQLException;
    }

    private static void bind(PreparedStatement insert, long number) throws SQLException {
        insert.setLong(1, number);
        insert.setBytes(2, Sample.bytes());
    }

    private static void bindRow(PreparedStatement insert, long number) throws SQLException {
        insert.setInt(1, 1);
        insert.setLong(2, number);
        insert.setLong(3, 1_700_000_000_000L);
        insert.setString(4, "abcdefgh-" + number);
        insert.setString(5, Sample.SOURCE);
        insert.setString(6, Sample.TYPE);
        insert.setString(7, Sample.SUBJECT);
        insert.setString(8, Sample.TIME);
        insert.setString(9, Sample.HEADERS);
        insert.setInt(10, 1);
        insert.setBytes(11, Sample.bytes());
    }

    private Figures run(String table, String insert, int batch, double seconds, Binding binding)
            throws SQLException, IOException {
        try (Connection sql = target.raw()) {
            Target.execute(sql, table);
            sql.setAutoCommit(false);
            try (PreparedStatement statement = sql.prepareStatement(insert)) {
                Figures figures = new Figures();
                for (long number = 1; !figures.isOver(seconds); ) {
                    long begun = System.nanoTime();
                    for (int i = 0; i < batch; i++) {
                        binding.bind(statement, number++);
                        statement.addBatch();
                    }
                    statement.executeBatch();
                    sql.commit();
                    figures.add(batch, System.nanoTime() - begun);
                }
                return figures.end();
            }
        }
    }
}
