package dev.weir.journal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.PostgresProxy;
import dev.weir.PostgresServer;
import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.DelayedEvent;
import dev.weir.journal.DelayedStore;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import dev.weir.journal.ModelContract;
import dev.weir.journal.ModelRun;
import dev.weir.journal.Outcome;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresEngineTest extends ModelContract {
    private static final String CLOCK =
            "((extract(epoch FROM clock_timestamp()) * 1000)::bigint + (SELECT millis FROM test_shift))";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Keep ALL = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
    private static final AtomicInteger DATABASES = new AtomicInteger();

    @TempDir
    static Path folder;

    private static PostgresServer server;

    private String name;
    private String uri;

    @BeforeAll
    static void start() throws Exception {
        server = new PostgresServer(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    protected Engine create() throws Exception {
        if (uri == null) {
            name = "db" + DATABASES.incrementAndGet();
            uri = server.database(name);
            run("CREATE SCHEMA weir");
            run("CREATE TABLE weir.test_shift (millis bigint)");
            run("INSERT INTO weir.test_shift VALUES (0)");
        }
        return new PostgresEngine(uri, "weir", 5_000, rules(), CLOCK);
    }

    @Override
    protected void clock(long sinceStartMillis) throws Exception {
        run("UPDATE weir.test_shift SET millis = " + sinceStartMillis);
    }

    @Override
    protected long engineMillis() {
        return System.currentTimeMillis();
    }

    private void run(String sql) throws Exception {
        try (Connection connection = server.connect(name, name);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    protected JournalStore store() throws Exception {
        return JournalStore.postgresql(uri, "weir", 5_000);
    }

    @Override
    protected void delete(String address, long offset) throws Exception {
        run("DELETE FROM weir.events WHERE seq = " + offset + " AND log = (SELECT id FROM weir.logs WHERE address = '"
                + address + "')");
    }

    @Override
    protected int[] rounds() {
        return new int[] {2, 60};
    }

    @Override
    protected ModelRun.Ground ground(long seed) {
        return new ModelRun.Ground() {
            @Override
            public Engine create(EngineRules rules) {
                return new PostgresEngine(uri, "weir", 5_000, rules, CLOCK);
            }

            /** The server sees the connections of a process that died end at once. */
            @Override
            public void crash(Engine engine, Random random, ModelRun.Deed last) throws Exception {
                last.run();
                try (Connection connection = server.connect("postgres", "postgres");
                        Statement statement = connection.createStatement()) {
                    statement.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '"
                            + name + "'");
                }
                engine.close();
            }

            @Override
            public void trim(String address, long to) throws Exception {
                try (JournalStore store = JournalStore.postgresql(uri, "weir", 5_000)) {
                    for (JournalStore.Log log : store.logs()) {
                        if (log.address().equals(address)) {
                            store.trim(log, to);
                        }
                    }
                }
            }

            @Override
            public void at(long millis) throws Exception {
                clock(millis - START);
            }
        };
    }

    /** What an index has to hold at most. */
    @Test
    void theLongestNamesAreKept() throws Exception {
        Random random = new Random(1);
        StringBuilder name = new StringBuilder();
        while (name.length() < EventRow.MOST_NAME_BYTES) {
            name.append((char) ('!' + random.nextInt(90)));
        }
        String address = "a".repeat(200);
        EventRow row = new EventRow("" + name, "/", null, "" + name, null, null, true, null, EventRow.NOTHING, null);
        assertThat(append(address, Keep.LATEST, row).offsets()).containsExactly(1);
        DelayedStore.Order order = new DelayedStore.Order("key", 1, true, row);
        DelayedStore delayed = engine.work().orElseThrow().delayed();
        delayed.keep(List.of(new DelayedStore.Accept(address, List.of(order), 1)), new DelayedStore.Moment(0, 0));
        assertThat(delayed.find(address, "" + name, null)).hasSize(1);
    }

    private static EventRow nameless(String text) {
        byte[] data = ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8);
        return new EventRow(null, "/test", "note", "key", null, null, false, null, EventRow.JSON, data);
    }

    private PostgresEngine lossy(PostgresProxy network, int timeoutMillis) throws Exception {
        PostgresEngine engine = new PostgresEngine(network.uri(uri), "weir", timeoutMillis, rules(), CLOCK);
        engine.open(0);
        return engine;
    }

    private static long[] append(Engine engine, String address, EventRow... rows) throws JournalException {
        return engine.commit(List.of(new Append(address, ALL, List.of(rows))), 0)
                .get(0)
                .offsets();
    }

    private List<String> texts(String address) throws Exception {
        List<String> texts = new ArrayList<>();
        try (Connection connection = server.connect(name, name);
                Statement statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery("SELECT e.seq, convert_from(e.data, 'UTF8') FROM weir.events e"
                    + " JOIN weir.logs l ON l.id = e.log WHERE l.address = '" + address + "' ORDER BY e.seq");
            while (row.next()) {
                texts.add(row.getString(2));
                assertThat(row.getLong(1)).isEqualTo(texts.size());
            }
        }
        return texts;
    }

    /** These events have no ids by which they could be known again, so all rests on the number of the batch. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aConnectionThatIsLostAtTheCommitLosesAndDoublesNothing(long seed) throws Exception {
        Random random = new Random(seed);
        try (PostgresProxy network = new PostgresProxy(server.port());
                PostgresEngine engine = lossy(network, 5_000)) {
            List<String> all = new ArrayList<>();
            for (int round = 0; round < 12; round++) {
                PostgresProxy.Cut cut = random.nextBoolean() ? PostgresProxy.Cut.BEFORE : PostgresProxy.Cut.AFTER;
                boolean cuts = round == 0 || random.nextInt(3) > 0;
                if (cuts) {
                    // A log that is begun has a commit of its own, at which nothing is unknown.
                    engine.commit(List.of(new Append("a", ALL, List.of()), new Append("b", ALL, List.of())), 0);
                    network.cut(cut);
                }
                List<Append> appends = List.of(
                        new Append("a", ALL, List.of(nameless("a" + round), nameless("b" + round))),
                        new Append("b", Keep.LATEST, List.of(nameless("c" + round))));
                List<Outcome> outcomes = engine.commit(appends, 0);
                assertThat(network.hasCut())
                        .as("seed %s, round %s", seed, round)
                        .isTrue();
                all.add("\"a" + round + "\"");
                all.add("\"b" + round + "\"");
                assertThat(outcomes.get(0).offsets()).containsExactly(all.size() - 1, all.size());
                assertThat(outcomes.get(1).offsets()).containsExactly(round + 1);
            }
            assertThat(texts("a")).isEqualTo(all);
        }
    }

    private long waiting() throws Exception {
        return count("pg_stat_activity WHERE datname = '" + name + "' AND wait_event_type = 'Lock'");
    }

    private long count(String from) throws Exception {
        try (Connection connection = server.connect(name, name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + from)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void nodesThatAreGoneLeaveNoRowsAndOneThatWasIdleForLongLosesAndDoublesNothing() throws Exception {
        try (PostgresProxy network = new PostgresProxy(server.port());
                PostgresEngine idle = lossy(network, 5_000)) {
            append(engine, "a", nameless("1"));
            append(idle, "a", nameless("2"));
            engine.tidy(0);
            assertThat(count("weir.writers")).isEqualTo(2);
            clock(2 * DAY);
            append(engine, "a", nameless("3"));
            reopen();
            engine.tidy(0);
            assertThat(count("weir.writers")).isEqualTo(1);
            network.cut(PostgresProxy.Cut.AFTER);
            assertThat(append(idle, "a", nameless("4"))).containsExactly(4);
            assertThat(texts("a")).hasSize(4);
        }
    }

    /** The server still has the first connection's transaction when the second one asks what became of it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCommitThatArrivesLateIsWaitedFor(boolean firstOfAll) throws Exception {
        try (PostgresProxy network = new PostgresProxy(server.port());
                PostgresEngine engine = lossy(network, 10_000)) {
            if (firstOfAll) {
                // The log is of another node, so that nothing of this one is in the database yet.
                try (Engine other = create()) {
                    other.open(0);
                    append(other, "a");
                }
            } else {
                append(engine, "a", nameless("before"));
            }
            network.cut(PostgresProxy.Cut.HELD);
            CompletableFuture<long[]> late = CompletableFuture.supplyAsync(() -> {
                try {
                    return append(engine, "a", nameless("late"));
                } catch (JournalException e) {
                    throw new CompletionException(e);
                }
            });
            await().atMost(PATIENCE).until(() -> waiting() > 0);
            network.release();
            assertThat(late.get()).containsExactly(firstOfAll ? 1 : 2);
            assertThat(append(engine, "a", nameless("after"))).containsExactly(firstOfAll ? 2 : 3);
            assertThat(texts("a")).endsWith("\"late\"", "\"after\"").hasSize(firstOfAll ? 2 : 3);
        }
    }

    @Test
    void aTransactionOfALostConnectionThatTheServerStillHasIsEndedByItAndItsEventsAreKeptOnce() throws Exception {
        try (PostgresProxy network = new PostgresProxy(server.port());
                PostgresEngine engine = lossy(network, 1_000)) {
            append(engine, "a", nameless("before"));
            network.cut(PostgresProxy.Cut.HELD);
            assertThat(append(engine, "a", nameless("held"))).containsExactly(2);
            network.release();
            assertThat(append(engine, "a", nameless("after"))).containsExactly(3);
            assertThat(texts("a")).containsExactly("\"before\"", "\"held\"", "\"after\"");
        }
    }

    @Test
    void ofTwoOwnersOfAClaimOnlyTheOneInForceCommits() throws Exception {
        try (PostgresEngine one = (PostgresEngine) create();
                PostgresEngine two = (PostgresEngine) create()) {
            one.open(0);
            two.open(0);
            WorkStore first = one.work().orElseThrow();
            WorkStore second = two.work().orElseThrow();
            Work.Fence old = first.claim("subscription/s", "one", 60_000);
            assertThat(second.claim("subscription/s", "two", 60_000)).isNull();
            assertThat(first.keep(List.of(cursor(old, 1)))).containsExactly(true);
            clock(60_001);
            assertThat(first.keep(List.of(cursor(old, 2))))
                    .as("over, but nobody else has it")
                    .containsExactly(true);
            Work.Fence fresh = second.claim("subscription/s", "two", 60_000);
            assertThat(fresh.token()).isGreaterThan(old.token());
            assertThat(second.keep(List.of(cursor(fresh, 3)))).containsExactly(true);
            assertThat(first.keep(List.of(cursor(old, 4)))).containsExactly(false);
            assertThat(first.claim("subscription/s", "one", 60_000)).isNull();
            first.release(old, "one");
            assertThat(first.claim("subscription/s", "one", 60_000)).isNull();
            assertThat(first.standing("s").cursors().get(0).offset()).isEqualTo(3);
        }
    }

    private static Work cursor(Work.Fence fence, long offset) {
        List<Work.Cursor> cursors = List.of(new Work.Cursor("a", "epoch", offset, ""));
        return new Work("s", fence, cursors, List.of(), List.of(), List.of(), List.of());
    }

    /** As with many events: each step may take longer than anything else may. */
    @Test
    void aLogIsCompactedHoweverLongThatTakes() throws Exception {
        append(engine, "a", nameless("1"), nameless("2"));
        run("CREATE FUNCTION weir.slowly() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$BEGIN PERFORM pg_sleep(2.5); RETURN NULL; END$$");
        run("CREATE TRIGGER slow AFTER INSERT ON weir.latest FOR EACH STATEMENT EXECUTE FUNCTION weir.slowly()");
        try (Engine hasty = new PostgresEngine(uri, "weir", 1_000, rules(), CLOCK)) {
            hasty.open(0);
            hasty.commit(List.of(new Append("a", Keep.LATEST, List.of())), 0);
            assertThat(hasty.read("a", 0, 10).rows()).hasSize(1);
        }
    }

    /** What nodes do to the same events for later in another order must not make them wait for each other in a circle. */
    @Test
    void nodesThatDeliverAndCancelTheSameEventsDoNotStopEachOther() throws Exception {
        try (Engine other = create()) {
            other.open(0);
            DelayedStore mine = engine.work().orElseThrow().delayed();
            DelayedStore.Moment any = new DelayedStore.Moment(0, 0);
            for (int round = 0; round < 15; round++) {
                List<String> keys = new ArrayList<>();
                List<DelayedStore.Order> orders = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    keys.add(round + "-" + i);
                    orders.add(new DelayedStore.Order(round + "-" + i, 0, true, nameless("later")));
                }
                mine.keep(List.of(new DelayedStore.Accept("a", orders, 1_000)), any);
                List<EventRow> rows =
                        orders.stream().map(DelayedStore.Order::event).toList();
                CompletableFuture<Long> delivered = CompletableFuture.supplyAsync(() -> {
                    try {
                        long[] offsets = other.commit(List.of(new Append("a", ALL, rows, keys)), 0)
                                .get(0)
                                .offsets();
                        return LongStream.of(offsets).filter(at -> at > 0).count();
                    } catch (JournalException e) {
                        throw new CompletionException(e);
                    }
                });
                List<DelayedStore.Change> cancels = new ArrayList<>();
                keys.forEach(
                        key -> cancels.add(0, new DelayedStore.Mark(List.of(key), DelayedEvent.State.CANCELLED, 0)));
                long cancelled = mine.keep(cancels, any).stream()
                        .filter(each -> each.get(0).changed())
                        .count();
                assertThat(delivered.get() + cancelled).isEqualTo(keys.size());
            }
        }
    }
}
