package dev.weir.journal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.PostgresProxy;
import dev.weir.RawPostgres;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Somebody stands still: a node in the middle of a transaction, at each of the places at which the server's own time-outs do not count or
 * count late, or a server that takes nothing. The others go on, and nothing is lost or doubled.
 */
class PostgresHangTest extends PostgresFaults {
    private RawPostgres session(String application) throws IOException {
        RawPostgres session = new RawPostgres(server.port(), name, name, application);
        session.run("SET search_path = weir");
        session.run("BEGIN");
        return session;
    }

    /** Within a transaction that has the lock of that number. */
    private RawPostgres session(String application, int lock) throws IOException {
        RawPostgres session = session(application);
        session.run("SELECT pg_advisory_lock(" + lock + ")");
        return session;
    }

    /** Within a transaction that has the lock of a log. */
    private RawPostgres session(String application, String address) throws IOException {
        RawPostgres session = session(application);
        session.run("SELECT * FROM logs WHERE address = '" + address + "' FOR UPDATE");
        return session;
    }

    private interface Hang {
        void in(RawPostgres session) throws IOException;
    }

    private static void copies(RawPostgres session) throws IOException {
        session.ask("COPY events FROM STDIN");
        session.await('G');
    }

    /** Where processes stand still: each in the way of another log. */
    private static final List<Hang> PLACES = List.of(
            // Between statements.
            session -> {},
            // Before the end of a request.
            session -> session.runWithoutSync("UPDATE logs SET head = head + 5 WHERE address = 'a1'"),
            // Before a row.
            PostgresHangTest::copies,
            // In a row.
            session -> {
                copies(session);
                session.begin('d', 1_000);
            },
            // While it is answered.
            session -> session.ask("SELECT repeat('x', 1000000) FROM generate_series(1, 100)"));

    private static final List<String> SEEN = List.of(
            "idle in transaction ClientRead",
            "active ClientRead",
            "active ClientRead",
            "active ClientRead",
            "active ClientWrite");

    @Test
    void whatNodesThatHangHaveLockedIsFreeForTheOthersSoon() throws Exception {
        List<RawPostgres> hung = new ArrayList<>();
        for (int i = 0; i < PLACES.size(); i++) {
            assertThat(append(engine, "a" + i, row("before"))).isEqualTo(1);
            hung.add(session("weir", "a" + i));
            PLACES.get(i).in(hung.get(i));
        }
        for (int i = 0; i < PLACES.size(); i++) {
            String seen = SEEN.get(i);
            RawPostgres own = hung.get(i);
            patiently().until(() -> waitsFor(own.pid()).equals(seen));
        }
        for (int i = 0; i < PLACES.size(); i++) {
            RawPostgres own = hung.get(i);
            appended("a" + i, "after", 2);
            patiently().until(() -> waitsFor(own.pid()).equals("gone"));
            assertThatThrownBy(() -> own.run("COMMIT")).isInstanceOf(IOException.class);
            own.close();
        }
        assertThat(texts()).hasSize(1 + 2 * PLACES.size());
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
            try (RawPostgres hung = session("weir", "a")) {
                appended("a", "after", 2);
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
            appended("a", "after", 3);
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

    /** It is in nobody's way, but nothing is deleted meanwhile. */
    @Test
    void aNodeThatHangsLeavesTidyingUpToAnother() throws Exception {
        dev.weir.journal.sql.PostgresServer hasty =
                new dev.weir.journal.sql.PostgresServer(new PostgresUri(uri), "weir", 200);
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
            assertThatThrownBy(() -> later(() -> append(sends, "a", rows)).get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(JournalException.class);
            network.release();
            sends.open(0);
            assertThat(append(sends, "after")).isEqualTo(3);
            assertThat(texts()).containsExactly("before", "of both", "after");
        }
    }
}
