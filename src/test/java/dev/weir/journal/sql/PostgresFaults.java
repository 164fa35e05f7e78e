package dev.weir.journal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.PostgresServer;
import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.EngineRules;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server, a database of its own for each test and a node's engine on it, for tests of what may go wrong between them. */
abstract class PostgresFaults {
    static final Keep ALL = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
    static final int TIMEOUT_MILLIS = 1_000;
    private static int databases;

    @TempDir
    static Path folder;

    static PostgresServer server;

    String name;
    String uri;
    PostgresEngine engine;

    @BeforeAll
    static void start() throws Exception {
        server = new PostgresServer(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        name = "hung" + databases++;
        uri = server.database(name);
        engine = engine(uri);
        append(engine, "before");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }

    static PostgresEngine engine(String uri) throws JournalException {
        return engine(uri, TIMEOUT_MILLIS);
    }

    static PostgresEngine engine(String uri, int timeoutMillis) throws JournalException {
        EngineRules rules = new EngineRules(120_000, 1_000, 86_400_000, address -> ALL);
        PostgresEngine made = new PostgresEngine(uri, "weir", timeoutMillis, rules);
        made.open(0);
        return made;
    }

    static EventRow row(String text) {
        byte[] data = ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8);
        return new EventRow(null, "/test", "note", "key", null, null, false, null, EventRow.JSON, data);
    }

    static long append(PostgresEngine engine, String text) throws JournalException {
        return append(engine, "a", row(text));
    }

    static long append(PostgresEngine engine, String address, EventRow... rows) throws JournalException {
        return engine.commit(List.of(new Append(address, ALL, List.of(rows))), 0)
                .get(0)
                .offsets()[0];
    }

    interface Asking<T> {
        T ask() throws JournalException;
    }

    static <T> CompletableFuture<T> later(Asking<T> asking) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return asking.ask();
            } catch (JournalException e) {
                throw new CompletionException(e);
            }
        });
    }

    /** On a slow machine the time-out may be over before; then it is opened again, as a node does it. */
    void appended(String address, String text, long offset) {
        patiently().untilAsserted(() -> {
            try {
                assertThat(append(engine, address, row(text))).isEqualTo(offset);
            } catch (JournalException late) {
                engine.open(0);
                throw new AssertionError(late);
            }
        });
    }

    List<String> texts() throws Exception {
        List<String> texts = new ArrayList<>();
        try (Connection connection = server.connect(name, name);
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT convert_from(data, 'UTF8') FROM weir.events ORDER BY seq")) {
            while (row.next()) {
                texts.add(row.getString(1).replace("\"", ""));
            }
        }
        return texts;
    }

    String waitsFor(int pid) throws Exception {
        try (Connection connection = server.connect(name, name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT state || ' ' || wait_event FROM pg_stat_activity WHERE pid = " + pid)) {
            return row.next() ? String.valueOf(row.getString(1)) : "gone";
        }
    }

    long count(String which) throws Exception {
        try (Connection connection = server.connect(name, name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = '" + name + "' AND " + which)) {
            row.next();
            return row.getLong(1);
        }
    }

    void awaitWaiting() {
        patiently().until(() -> count("wait_event_type = 'Lock'") > 0);
    }

    long rows(String from) throws Exception {
        try (Connection connection = server.connect(name, name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM weir." + from)) {
            row.next();
            return row.getLong(1);
        }
    }
}
