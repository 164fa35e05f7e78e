package dev.weir.bench;

import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.EventRow;
import dev.weir.journal.Stored;
import dev.weir.journal.sql.SqliteEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The SQLite engine beside raw inserts of the same bytes: events per second by batch size, and a replay. */
public final class JournalBench {
    private static final int DATA = 250;

    private JournalBench() {}

    public static void main(String[] args) throws Exception {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        Keep all = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
        Keep thousand = new Keep(1000, Long.MAX_VALUE, 0);
        for (int round = 0; round < 2; round++) {
            for (int batch : new int[] {100, 1000}) {
                double raw = raw(events, batch);
                double weir = weir(events, batch, all);
                double kept = weir(events, batch, thousand);
                System.out.printf(
                        "batch %d: raw %.0f/s, engine %.0f/s (%.0f %%), keep 1000 %.0f/s (%.0f %%)%n",
                        batch, raw, weir, 100 * weir / raw, kept, 100 * kept / weir);
            }
        }
    }

    private static double raw(int events, int batch) throws Exception {
        Path folder = Files.createTempDirectory("raw");
        byte[] data = new byte[DATA];
        try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("raw.db"));
                Statement statement = sql.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, data BLOB)");
            sql.setAutoCommit(false);
            long start = System.nanoTime();
            try (PreparedStatement insert = sql.prepareStatement("INSERT INTO t (id, data) VALUES (?, ?)")) {
                for (int i = 1; i <= events; i++) {
                    insert.setLong(1, i);
                    insert.setBytes(2, data);
                    insert.addBatch();
                    if (i % batch == 0) {
                        insert.executeBatch();
                        sql.commit();
                    }
                }
            }
            return events * 1e9 / (System.nanoTime() - start);
        }
    }

    private static double weir(int events, int batch, Keep keep) throws Exception {
        Path folder = Files.createTempDirectory("weir");
        byte[] data = ("\"" + "x".repeat(DATA - 2) + "\"").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try (SqliteEngine engine = new SqliteEngine(folder, 120_000, 1_000_000, none -> null)) {
            engine.open(System.currentTimeMillis());
            long start = System.nanoTime();
            for (int i = 0; i < events; i += batch) {
                List<EventRow> rows = new ArrayList<>(batch);
                for (int j = 0; j < batch; j++) {
                    rows.add(new EventRow(
                            "abcdefgh-" + (i + j),
                            "/bench",
                            "order",
                            "k" + j,
                            "2026-01-01T00:00:00.000Z",
                            null,
                            false,
                            null,
                            EventRow.JSON,
                            data));
                }
                engine.commit(List.of(new Append("orders", keep, rows)), System.currentTimeMillis());
            }
            double rate = events * 1e9 / (System.nanoTime() - start);
            if (keep.events() > 1000) {
                replay(engine, events);
            }
            return rate;
        }
    }

    private static void replay(SqliteEngine engine, int events) throws Exception {
        long start = System.nanoTime();
        long at = 0;
        while (at < events) {
            Stored part = engine.read("orders", at, 1000);
            at = part.to();
        }
        System.out.printf("replay %.0f/s%n", events * 1e9 / (System.nanoTime() - start));
    }
}
