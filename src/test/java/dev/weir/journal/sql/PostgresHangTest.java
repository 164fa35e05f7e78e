package dev.weir.journal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.PostgresProxy;
import dev.weir.PostgresServer;
import dev.weir.RawPostgres;
import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.EngineRules;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node stands still in the middle of a transaction, at each of the places at which the server's own time-outs do not count or count
 * late. The others go on, and it has committed nothing.
 */
class PostgresHangTest {
    private static final Keep ALL = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
    private static final int LOG = 4;
    private static final int TIMEOUT_MILLIS = 1_000;
    private static int databases;

    @TempDir
    static Path folder;

    private static PostgresServer server;

    private String name;
    private String uri;
    private PostgresEngine engine;

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

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }

    private static PostgresEngine engine(String uri) throws JournalException {
        return engine(uri, TIMEOUT_MILLIS);
    }

    private static PostgresEngine engine(String uri, int timeoutMillis) throws JournalException {
        EngineRules rules = new EngineRules(120_000, 1_000, 86_400_000, address -> ALL);
        PostgresEngine made = new PostgresEngine(uri, "weir", timeoutMillis, rules);
        made.open(0);
        return made;
    }

    private static EventRow row(String text) {
        byte[] data = ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8);
        return new EventRow(null, "/test", "note", "key", null, null, false, null, EventRow.JSON, data);
    }

    private static long append(PostgresEngine engine, String text) throws JournalException {
        return append(engine, row(text));
    }

    private static long append(PostgresEngine engine, EventRow... rows) throws JournalException {
        return engine.commit(List.of(new Append("a", ALL, List.of(rows))), 0)
                .get(0)
                .offsets()[0];
    }

    private interface Asking<T> {
        T ask() throws JournalException;
    }

    private static <T> CompletableFuture<T> later(Asking<T> asking) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return asking.ask();
            } catch (JournalException e) {
                throw new CompletionException(e);
            }
        });
    }

    /** On a slow machine the time-out may be over before; then it is opened again, as a node does it. */
    private void appended(String text, long offset) {
        patiently().untilAsserted(() -> {
            try {
                assertThat(append(engine, text)).isEqualTo(offset);
            } catch (JournalException late) {
                engine.open(0);
                throw new AssertionError(late);
            }
        });
    }

    private List<String> texts() throws Exception {
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

    private String waitsFor(int pid) throws Exception {
        try (Connection connection = server.connect(name, name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT state || ' ' || wait_event FROM pg_stat_activity WHERE pid = " + pid)) {
            return row.next() ? String.valueOf(row.getString(1)) : "gone";
        }
    }

    /** Within a transaction that has the lock of that number, the last of them also that of the log. */
    private RawPostgres session(String application, int lock) throws IOException {
        RawPostgres session = new RawPostgres(server.port(), name, name, application);
        session.run("SET search_path = weir");
        session.run("BEGIN");
        session.run("SELECT pg_advisory_lock(" + lock + ")");
        if (lock == LOG) {
            session.run("SELECT * FROM logs WHERE address = 'a' FOR UPDATE");
        }
        return session;
    }

    private interface Hang {
        void in(RawPostgres session) throws IOException;
    }

    private static void copies(RawPostgres session) throws IOException {
        session.ask("COPY events FROM STDIN");
        session.await('G');
    }

    /** Where a process stands still, and what the server says then. */
    private static Stream<Arguments> places() {
        return Stream.of(
                place("between statements", "idle in transaction ClientRead", session -> {}),
                place(
                        "before the end of a request",
                        "active ClientRead",
                        session -> session.runWithoutSync("UPDATE logs SET head = head + 5 WHERE address = 'a'")),
                place("before a row", "active ClientRead", PostgresHangTest::copies),
                place("in a row", "active ClientRead", session -> {
                    copies(session);
                    session.begin('d', 1_000);
                }),
                place(
                        "while it is answered",
                        "active ClientWrite",
                        session -> session.ask("SELECT repeat('x', 1000000) FROM generate_series(1, 100)")));
    }

    private static Arguments place(String where, String seen, Hang hang) {
        return Arguments.of(where, seen, hang);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("places")
    void whatANodeThatHangsHasLockedIsFreeForTheOthersSoon(String where, String seen, Hang hang) throws Exception {
        try (RawPostgres hung = session("weir", LOG)) {
            hang.in(hung);
            patiently().until(() -> waitsFor(hung.pid()).equals(seen));
            appended("after", 2);
            patiently().until(() -> waitsFor(hung.pid()).equals("gone"));
            assertThatThrownBy(() -> hung.run("COMMIT")).isInstanceOf(IOException.class);
        }
        assertThat(texts()).containsExactly("before", "after");
    }

    /** The others are a human's, one that works, and one in nobody's way. */
    @Test
    void onlySilentSessionsOfNodesInTheWayOfOthersAreEnded() throws Exception {
        try (RawPostgres human = session("psql", 1);
                RawPostgres works = session("weir", 2);
                RawPostgres alone = session("weir", 3);
                RawPostgres first = new RawPostgres(server.port(), name, name, "weir");
                RawPostgres second = new RawPostgres(server.port(), name, name, "weir")) {
            works.ask("SELECT pg_sleep(60)");
            first.ask("SELECT pg_advisory_lock(1)");
            second.ask("SELECT pg_advisory_lock(2)");
            patiently().until(() -> waitsFor(works.pid()).equals("active PgSleep"));
            patiently().until(() -> waitsFor(first.pid()).equals("active advisory"));
            patiently().until(() -> waitsFor(second.pid()).equals("active advisory"));
            try (RawPostgres hung = session("weir", LOG)) {
                appended("after", 2);
                patiently().until(() -> waitsFor(hung.pid()).equals("gone"));
            }
            assertThat(waitsFor(human.pid())).isEqualTo("idle in transaction ClientRead");
            assertThat(waitsFor(works.pid())).isEqualTo("active PgSleep");
            assertThat(waitsFor(alone.pid())).isEqualTo("idle in transaction ClientRead");
        }
    }

    @Test
    void aNodeThatHangsWhileItSendsEventsFindsThemRefusedAndKeepsThemOnceItRepeatsThem() throws Exception {
        try (PostgresProxy network = new PostgresProxy(server.port());
                PostgresEngine hangs = engine(network.uri(uri))) {
            append(hangs, "of both");
            network.stallRows();
            CompletableFuture<Long> late = later(() -> append(hangs, "late"));
            patiently().until(() -> count("query LIKE 'COPY%' AND wait_event = 'ClientRead'") == 1);
            appended("after", 3);
            network.release();
            assertThatThrownBy(late::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(JournalException.class);
            assertThat(texts()).containsExactly("before", "of both", "after");
            hangs.open(0);
            assertThat(append(hangs, "late")).isEqualTo(4);
            assertThat(texts()).containsExactly("before", "of both", "after", "late");
        }
    }

    private long count(String which) throws Exception {
        try (Connection connection = server.connect(name, name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = '" + name + "' AND " + which)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** It is in nobody's way, but nothing is deleted meanwhile. */
    @Test
    void aNodeThatHangsLeavesTidyingUpToAnother() throws Exception {
        dev.weir.journal.sql.PostgresServer hasty =
                new dev.weir.journal.sql.PostgresServer(new PostgresUri(uri), "weir", 100);
        HungSessions watch = new HungSessions(hasty, new PostgresReaders(hasty));
        try (RawPostgres hung = new RawPostgres(server.port(), name, name, "weir")) {
            hung.run(
                    "SELECT pg_try_advisory_lock(classid::int, objid::int) FROM (VALUES (1464158547, hashtext('weir')))"
                            + " AS tidying (classid, objid)");
            assertThat(tidies()).isFalse();
            watch.watch();
            patiently().until(this::tidies);
            patiently().until(() -> waitsFor(hung.pid()).equals("gone"));
        } finally {
            watch.rest();
        }
    }

    private boolean tidies() throws Exception {
        dev.weir.journal.sql.PostgresServer other =
                new dev.weir.journal.sql.PostgresServer(new PostgresUri(uri), "weir", 5_000);
        try (Connection connection = other.connect()) {
            return other.tidies(connection);
        }
    }

    /** More than the buffers of sockets take, so that the writer waits to send, not for an answer. */
    @Test
    void aServerThatTakesNothingIsGivenUpAndNothingIsKeptTwice() throws Exception {
        EventRow[] rows = new EventRow[32];
        Arrays.fill(rows, row("x".repeat(1 << 19)));
        try (PostgresProxy network = new PostgresProxy(server.port());
                PostgresEngine sends = engine(network.uri(uri))) {
            append(sends, "of both");
            network.stallRows();
            assertThatThrownBy(() -> later(() -> append(sends, rows)).get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(JournalException.class);
            network.release();
            sends.open(0);
            assertThat(append(sends, "after")).isEqualTo(3);
            assertThat(texts()).containsExactly("before", "of both", "after");
        }
    }

    private static Work cursor(Work.Fence fence, long offset) {
        List<Work.Cursor> cursors = List.of(new Work.Cursor("a", "epoch", offset, ""));
        return new Work("s", fence, cursors, List.of(), List.of(), List.of(), List.of());
    }

    /** Whatever becomes of the commit, what it is told is so from then on. */
    @Test
    void aSubscriptionBeginsAgainOnlyWhenACommitOfALostConnectionIsOver() throws Exception {
        try (PostgresProxy network = new PostgresProxy(server.port());
                PostgresEngine patient = engine(network.uri(uri), 60_000)) {
            WorkStore store = patient.work().orElseThrow();
            Work.Fence fence = store.claim("subscription/s", "one", 60_000);
            store.keep(List.of(cursor(fence, 1)));
            network.cut(PostgresProxy.Cut.HELD);
            assertThatThrownBy(() -> store.keep(List.of(cursor(fence, 2)))).isInstanceOf(JournalException.class);
            CompletableFuture<WorkStore.Standing> standing = later(() -> store.standing("s"));
            patiently().until(() -> standing.isDone() || count("wait_event_type = 'Lock'") > 0);
            network.release();
            assertThat(standing.get().cursors().get(0).offset()).isEqualTo(2);
        }
    }

    @Test
    void aLongSearchDoesNotMakeAClaimLate() throws Exception {
        try (PostgresEngine patient = engine(uri, 60_000);
                RawPostgres locks = new RawPostgres(server.port(), name, name, "psql")) {
            locks.run("BEGIN");
            locks.run("LOCK TABLE weir.dead_letters");
            WorkStore store = patient.work().orElseThrow();
            WorkStore.Filter all = WorkStore.Filter.ALL;
            CompletableFuture<WorkStore.Groups> search = later(() -> store.deadLetterGroups(all));
            patiently().until(() -> count("wait_event_type = 'Lock'") > 0);
            assertThat(store.claim("subscription/s", "one", 60_000)).isNotNull();
            assertThat(search).isNotDone();
            locks.run("COMMIT");
            assertThat(search.get()).isNotNull();
        }
    }

    @Test
    void whatTheServerRefusesAtTheCommitIsTriedOnce() throws Exception {
        try (RawPostgres owner = new RawPostgres(server.port(), name, name, "psql")) {
            owner.run("CREATE SEQUENCE weir.asked");
            owner.run("CREATE FUNCTION weir.refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
                    + " PERFORM nextval('weir.asked'); RAISE check_violation; END$$");
            owner.run("CREATE CONSTRAINT TRIGGER refused AFTER INSERT ON weir.events DEFERRABLE INITIALLY DEFERRED"
                    + " FOR EACH ROW EXECUTE FUNCTION weir.refuse()");
            assertThatThrownBy(() -> append(engine, "refused"))
                    .isInstanceOfSatisfying(JournalException.class, e -> assertThat(e.isOfEvents())
                            .isTrue());
            owner.run("DROP TRIGGER refused ON weir.events");
        }
        assertThat(append(engine, "after")).isEqualTo(2);
        assertThat(texts()).containsExactly("before", "after");
        try (Connection connection = server.connect(name, name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT last_value FROM weir.asked")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getLong(1)).isEqualTo(1);
        }
    }
}
