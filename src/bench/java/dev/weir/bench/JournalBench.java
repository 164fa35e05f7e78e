package dev.weir.bench;

import dev.weir.PostgresServer;
import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.EventRow;
import dev.weir.journal.Stored;
import dev.weir.journal.sql.PostgresEngine;
import dev.weir.journal.sql.SqliteEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The SQL engines beside raw inserts of the same bytes into the same store: events per second by batch size, with ids of the
 * producers, with {@code keep: {events: 1000}}, and a replay. Usage: {@code JournalBench sqlite|postgresql [events]}.
 */
public final class JournalBench {
    private static final int DATA = 250;
    private static final Keep ALL = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
    private static final Keep THOUSAND = new Keep(1000, Long.MAX_VALUE, 0);
    private static final AtomicInteger NAMES = new AtomicInteger();

    /** Where events go. */
    private interface Store {
        Engine engine(Keep keep) throws Exception;

        Connection raw() throws Exception;

        String blob();
    }

    private JournalBench() {}

    public static void main(String[] args) throws Exception {
        int events = args.length > 1 ? Integer.parseInt(args[1]) : 200_000;
        if (args.length > 0 && args[0].equals("postgresql")) {
            try (PostgresServer server = new PostgresServer(Files.createTempDirectory("bench"))) {
                measure(postgresql(server), events);
            }
        } else {
            measure(sqlite(), events);
        }
    }

    private static Store sqlite() {
        return new Store() {
            @Override
            public Engine engine(Keep keep) throws Exception {
                return new SqliteEngine(
                        Files.createTempDirectory("weir"),
                        new EngineRules(120_000, 1_000_000, Long.MAX_VALUE / 2, any -> keep));
            }

            @Override
            public Connection raw() throws Exception {
                Path file = Files.createTempDirectory("raw").resolve("raw.db");
                Connection sql = DriverManager.getConnection("jdbc:sqlite:" + file);
                try (Statement statement = sql.createStatement()) {
                    statement.execute("PRAGMA journal_mode=WAL");
                    statement.execute("PRAGMA synchronous=FULL");
                }
                return sql;
            }

            @Override
            public String blob() {
                return "BLOB";
            }
        };
    }

    private static Store postgresql(PostgresServer server) {
        return new Store() {
            @Override
            public Engine engine(Keep keep) throws Exception {
                String name = "b" + NAMES.incrementAndGet();
                return new PostgresEngine(
                        server.database(name),
                        "weir",
                        10_000,
                        new EngineRules(120_000, 1_000_000, Long.MAX_VALUE / 2, any -> keep));
            }

            @Override
            public Connection raw() throws Exception {
                String name = "b" + NAMES.incrementAndGet();
                server.database(name);
                return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/" + name
                        + "?user=" + name + "&reWriteBatchedInserts=true");
            }

            @Override
            public String blob() {
                return "BYTEA";
            }
        };
    }

    private static void measure(Store store, int events) throws Exception {
        for (int round = 0; round < 2; round++) {
            for (int batch : new int[] {1, 100, 1000}) {
                int count = batch == 1 ? events / 100 : events;
                double raw = raw(store, count, batch);
                double weir = weir(store, count, batch, ALL, false);
                double named = weir(store, count, batch, ALL, true);
                double kept = weir(store, count, batch, THOUSAND, false);
                System.out.printf(
                        "batch %d: raw %.0f/s, engine %.0f/s (%.0f %%), own ids %.0f/s (%.0f %%), keep 1000 %.0f/s (%.0f %%)%n",
                        batch, raw, weir, 100 * weir / raw, named, 100 * named / weir, kept, 100 * kept / weir);
            }
        }
    }

    private static double raw(Store store, int events, int batch) throws Exception {
        byte[] data = new byte[DATA];
        try (Connection sql = store.raw()) {
            try (Statement statement = sql.createStatement()) {
                statement.execute("CREATE TABLE t (id BIGINT PRIMARY KEY, data " + store.blob() + ")");
            }
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

    private static double weir(Store store, int events, int batch, Keep keep, boolean ownId) throws Exception {
        byte[] data = ("\"" + "x".repeat(DATA - 2) + "\"").getBytes(StandardCharsets.UTF_8);
        try (Engine engine = store.engine(keep)) {
            engine.open(System.currentTimeMillis());
            long start = System.nanoTime();
            boolean untidy = false;
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
                            ownId,
                            null,
                            EventRow.JSON,
                            data));
                }
                engine.commit(List.of(new Append("orders", keep, rows)), System.currentTimeMillis());
                // As the writer does: all the time while something waits.
                if (untidy || i % (100 * batch) == 0) {
                    untidy = engine.tidy(System.currentTimeMillis());
                }
            }
            double rate = events * 1e9 / (System.nanoTime() - start);
            if (batch > 1 && keep.events() > 1000 && !ownId) {
                replay(engine, events);
            }
            return rate;
        }
    }

    private static void replay(Engine engine, int events) throws Exception {
        long start = System.nanoTime();
        long at = 0;
        while (at < events) {
            Stored part = engine.read("orders", at, 1000);
            at = part.to();
        }
        System.out.printf("replay %.0f/s%n", events * 1e9 / (System.nanoTime() - start));
    }
}
