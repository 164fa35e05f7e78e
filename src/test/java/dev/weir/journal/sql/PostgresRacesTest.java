package dev.weir.journal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.PostgresProxy;
import dev.weir.RawPostgres;
import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.DelayedEvent;
import dev.weir.journal.DelayedStore;
import dev.weir.journal.EngineRules;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What nodes do at the same time to the same rows, or do not know of each other yet, leaves nothing lost or settled twice. */
class PostgresRacesTest extends PostgresFaults {
    private static Work cursor(Work.Fence fence, long offset) {
        List<Work.Cursor> cursors = List.of(new Work.Cursor("a", "epoch", offset, ""));
        return new Work("s", fence, cursors, List.of(), List.of(), List.of(), List.of());
    }

    /** Whatever becomes of the commit, what it is told is so from then on. */
    @Test
    void aSubscriptionBeginsAgainOnlyWhenACommitOfALostConnectionIsOver() throws Exception {
        // It would end the lost connection soon.
        engine.close();
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
            awaitWaiting();
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

    /** It does not wait for the writer either, who may need an id that it has locked. */
    @Test
    void anIdThatIsRememberedAnewWhileOldOnesAreForgottenIsRemembered() throws Exception {
        byte[] data = "1".getBytes(StandardCharsets.UTF_8);
        EventRow known = new EventRow("id", "/test", "note", "key", null, null, true, null, EventRow.JSON, data);
        try (PostgresEngine tidies = engine(uri, 60_000);
                RawPostgres other = new RawPostgres(server.port(), name, name, "psql")) {
            assertThat(append(tidies, "a", known)).isEqualTo(2);
            other.run("UPDATE weir.recent_ids SET seen = 0");
            other.run("BEGIN");
            other.run("UPDATE weir.recent_ids SET seen = extract(epoch FROM clock_timestamp()) * 1000");
            later(() -> tidied(tidies)).get(30, TimeUnit.SECONDS);
            other.run("COMMIT");
            tidied(tidies);
            assertThat(rows("recent_ids")).isEqualTo(1);
            assertThat(append(tidies, "a", known)).isEqualTo(2);
        }
    }

    private static boolean tidied(PostgresEngine engine) throws JournalException {
        while (engine.tidy(0)) {
            // Until nothing is left to be done.
        }
        return true;
    }

    @Test
    void aKeyThatComesBackWhileItsDeletionIsForgottenStays() throws Exception {
        EventRow deletion = new EventRow(null, "/test", "note", "key", null, null, false, null, EventRow.NOTHING, null);
        EngineRules rules = new EngineRules(120_000, 1_000, 86_400_000, address -> Keep.LATEST);
        try (PostgresEngine tidies = new PostgresEngine(uri, "weir", 60_000, rules);
                RawPostgres other = new RawPostgres(server.port(), name, name, "psql")) {
            tidies.open(0);
            tidies.commit(List.of(new Append("prices", Keep.LATEST, List.of(deletion))), 0);
            other.run("UPDATE weir.latest SET gone = 1");
            // As a writer of another node does: first the log, then its keys.
            other.run("BEGIN");
            other.run("SELECT FROM weir.logs WHERE address = 'prices' FOR UPDATE");
            CompletableFuture<Boolean> tidied = later(() -> tidied(tidies));
            awaitWaiting();
            other.run("UPDATE weir.latest SET gone = 0");
            other.run("COMMIT");
            assertThat(tidied.get()).isTrue();
            assertThat(rows("latest")).isEqualTo(1);
        }
    }

    @Test
    void whatTheServerUndidForTheSakeOfAnotherIsKeptAtTheSecondAttempt() throws Exception {
        try (RawPostgres owner = new RawPostgres(server.port(), name, name, "psql")) {
            owner.run("CREATE SEQUENCE weir.asked");
            owner.run("CREATE FUNCTION weir.refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
                    + " IF nextval('weir.asked') = 1 THEN RAISE deadlock_detected; END IF; RETURN NEW; END$$");
            owner.run("CREATE TRIGGER refused BEFORE INSERT ON weir.events FOR EACH ROW EXECUTE FUNCTION"
                    + " weir.refuse()");
            assertThat(append(engine, "second")).isEqualTo(2);
        }
        assertThat(texts()).containsExactly("before", "second");
    }

    @Test
    void anEventForLaterThatIsAcceptedAnewWhileCancelledOnesAreForgottenIsKept() throws Exception {
        DelayedStore.Moment any = new DelayedStore.Moment(0, 0);
        DelayedStore.Order order = new DelayedStore.Order("key", Long.MAX_VALUE / 2, false, row("later"));
        try (PostgresEngine forgets = engine(uri, 60_000);
                RawPostgres other = new RawPostgres(server.port(), name, name, "psql")) {
            DelayedStore store = forgets.work().orElseThrow().delayed();
            store.keep(List.of(new DelayedStore.Accept("a", List.of(order), 10)), any);
            store.keep(List.of(new DelayedStore.Mark(List.of("key"), DelayedEvent.State.CANCELLED, 0)), any);
            other.run("UPDATE weir.delayed SET changed = 0");
            other.run("BEGIN");
            other.run("UPDATE weir.delayed SET state = " + DelayedEvent.State.WAITING.number());
            CompletableFuture<?> forgotten = later(() -> store.keep(List.of(new DelayedStore.Forget(1_000)), any));
            awaitWaiting();
            other.run("COMMIT");
            forgotten.get();
            assertThat(rows("delayed")).isEqualTo(1);
        }
    }
}
