package dev.weir.journal.delayed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.bus.PolicyCompiler;
import dev.weir.config.Config;
import dev.weir.journal.Append;
import dev.weir.journal.DelayedEvent.State;
import dev.weir.journal.DelayedStore;
import dev.weir.journal.DelayedStore.Accept;
import dev.weir.journal.DelayedStore.Change;
import dev.weir.journal.DelayedStore.Mark;
import dev.weir.journal.DelayedStore.Order;
import dev.weir.journal.DelayedStore.Reopen;
import dev.weir.journal.DelayedStore.Standing;
import dev.weir.journal.EngineRules;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import dev.weir.journal.Outcome;
import dev.weir.journal.Stored;
import dev.weir.journal.sql.SqliteEngine;
import dev.weir.time.Clock;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When events for later are delivered, with a real store, and a clock that the test moves and sets. */
class CourierTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String YAML = """
            addresses:
              - {match: kept, publish: anyone, keep: {events: 1000}}
              - {match: plain, publish: anyone}
            """;

    @TempDir
    Path folder;

    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final List<String> heard = new ArrayList<>();
    private final Tally tally = new Tally();
    private Duration set = Duration.ZERO;
    private Policies policies;
    private SqliteEngine engine;
    private Courier courier;

    private final Clock clock = new Clock() {
        @Override
        public long millis() {
            return time.millis() + set.toMillis();
        }

        @Override
        public long nanos() {
            return time.nanos();
        }
    };

    private DelayedStore.Moment moment() {
        return new DelayedStore.Moment(clock.millis(), time.millis());
    }

    private final Store store = new Store() {
        @Override
        public Future<Long> nextMillis() {
            return now(() -> delayed().nextMillis(moment()));
        }

        @Override
        public Future<List<Due>> due(long lateMillis, int limit) {
            return now(() -> delayed().due(lateMillis, limit, moment()).stream()
                    .map(Due::of)
                    .toList());
        }

        @Override
        public Future<List<Standing>> change(Change change) {
            return now(() -> delayed().keep(List.of(change), moment()).get(0));
        }

        @Override
        public Future<Integer> append(String address, Keep keep, List<Due> events) {
            List<EventRow> rows =
                    events.stream().map(each -> each.event().event()).toList();
            List<String> keys = events.stream().map(each -> each.event().key()).toList();
            return now(() -> {
                Outcome outcome = engine.commit(List.of(new Append(address, keep, rows, keys)), clock.millis())
                        .get(0);
                return (int)
                        LongStream.of(outcome.offsets()).filter(at -> at > 0).count();
            });
        }
    };

    private static <T> Future<T> now(Callable<T> question) {
        try {
            return Future.succeededFuture(question.call());
        } catch (Exception failure) {
            return Future.failedFuture(failure);
        }
    }

    private DelayedStore delayed() {
        return engine.work().orElseThrow().delayed();
    }

    @BeforeEach
    void start() throws Exception {
        policies = policies(YAML);
        open();
    }

    private Policies policies(String yaml) throws Exception {
        Path file = folder.resolve("weir.yaml");
        Files.writeString(file, yaml);
        List<Policies> compiled = new ArrayList<>();
        Config.load(
                file,
                Map.of(),
                (values, problems) ->
                        compiled.add(new PolicyCompiler(values.home(), problems).compile(values.config())));
        return compiled.get(0);
    }

    private void open() throws JournalException {
        engine = new SqliteEngine(folder, new EngineRules(60_000, 1000, 1L << 40, address -> null));
        engine.open(clock.millis());
        courier = courier();
    }

    private Courier courier() {
        return new Courier(
                store,
                () -> policies,
                (policy, address, headers, body) -> heard.add(String.valueOf(body)),
                clock,
                time,
                tally);
    }

    @AfterEach
    void stop() {
        courier.close();
        engine.close();
    }

    private void accept(String address, String name, Duration after) {
        EventRow row = new EventRow(
                name,
                "/test",
                "note",
                null,
                null,
                null,
                true,
                null,
                EventRow.JSON,
                ("\"" + name + "\"").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        long due = clock.millis() + after.toMillis();
        store.change(new Accept(address, List.of(new Order(address + "/" + name, due, false, row)), 10_000));
    }

    private List<String> kept() throws JournalException {
        Stored stored = engine.read("kept", 0, 10_000);
        return stored == null
                ? List.of()
                : stored.rows().stream().map(row -> row.event().id()).toList();
    }

    private void advance(Duration by) {
        time.advance(by);
    }

    @Test
    void nothingIsEarlyAndNothingIsTwice() throws Exception {
        courier.onDuty(true);
        accept("kept", "a", Duration.ofSeconds(10));
        accept("plain", "b", Duration.ofSeconds(10));
        advance(Duration.ofMillis(9_999));
        assertThat(kept()).isEmpty();
        assertThat(heard).isEmpty();
        advance(Duration.ofMillis(5));
        assertThat(kept()).containsExactly("a");
        assertThat(heard).containsExactly("b");
        advance(HOUR);
        assertThat(kept()).containsExactly("a");
        assertThat(heard).containsExactly("b");
        assertThat(tally.delivered()).isEqualTo(2);
        assertThat(tally.late()).isZero();
    }

    @Test
    void aClockThatIsSetBackDelaysAndLosesNothing() throws Exception {
        courier.onDuty(true);
        accept("kept", "a", Duration.ofSeconds(10));
        advance(Duration.ofSeconds(5));
        set = HOUR.negated();
        advance(Duration.ofMinutes(59));
        assertThat(kept()).isEmpty();
        advance(Duration.ofMinutes(2));
        assertThat(kept()).containsExactly("a");
    }

    @Test
    void aClockThatIsSetForwardIsNoticedWithinASecondAndNothingIsTwiceAfterwards() throws Exception {
        courier.onDuty(true);
        accept("kept", "a", Duration.ofMinutes(30));
        accept("plain", "b", Duration.ofMinutes(30));
        advance(Duration.ofMinutes(1));
        set = HOUR;
        advance(Duration.ofSeconds(1));
        assertThat(kept()).containsExactly("a");
        assertThat(heard).containsExactly("b");
        set = Duration.ZERO;
        advance(HOUR);
        assertThat(kept()).containsExactly("a");
        assertThat(heard).containsExactly("b");
    }

    @Test
    void whatFellDueWhileNothingRanComesWithinASecondOfTheStartByItsTime() throws Exception {
        accept("kept", "late", Duration.ofMinutes(2));
        accept("kept", "early", Duration.ofMinutes(1));
        accept("kept", "future", Duration.ofMinutes(9));
        stop();
        advance(Duration.ofMinutes(5));
        open();
        courier.onDuty(true);
        advance(Duration.ofSeconds(1));
        assertThat(kept()).containsExactly("early", "late");
        assertThat(tally.late()).isEqualTo(2);
        advance(Duration.ofMinutes(5));
        assertThat(kept()).containsExactly("early", "late", "future");
    }

    @Test
    void manyThatAreDueAtOnceComeInRoundsEachOnce() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            accept("kept", "e" + (1_000 + i), Duration.ofSeconds(1));
            expected.add("e" + (1_000 + i));
        }
        courier.onDuty(true);
        advance(Duration.ofSeconds(2));
        assertThat(kept()).isEqualTo(expected);
    }

    @Test
    void whatANodeTookWhenItDiedOnAnAddressThatKeepsNothingIsDeliveredByTheNext() throws Exception {
        accept("plain", "a", Duration.ZERO);
        store.change(new Mark(List.of("plain/a"), State.TAKEN, 0));
        stop();
        open();
        store.change(new Reopen());
        courier.onDuty(true);
        advance(Duration.ofSeconds(1));
        assertThat(heard).containsExactly("a");
    }

    @Test
    void anAddressWithoutAPolicyKeepsItsEventsWaiting() throws Exception {
        courier.onDuty(true);
        accept("kept", "a", Duration.ofSeconds(1));
        policies = policies("addresses: [{match: plain, publish: anyone}]");
        accept("plain", "b", Duration.ofSeconds(1));
        advance(Duration.ofMinutes(5));
        assertThat(heard).containsExactly("b");
        assertThat(kept()).isEmpty();
        assertThat(tally.postponed()).isPositive();
        policies = policies(YAML);
        advance(Duration.ofMillis(Courier.POSTPONE_MILLIS + 1_000));
        assertThat(kept()).containsExactly("a");
    }

    @Test
    void aNodeThatIsNotOnDutyStandsInAfterAMoment() throws Exception {
        Courier other = courier();
        courier.ask();
        accept("kept", "a", Duration.ofSeconds(10));
        advance(Duration.ofMillis(10_000 + Courier.GRACE_MILLIS - 1));
        assertThat(kept()).isEmpty();
        advance(Duration.ofMillis(5));
        assertThat(kept()).containsExactly("a");
        other.onDuty(true);
        accept("kept", "b", Duration.ofSeconds(10));
        advance(Duration.ofMillis(10_005));
        assertThat(kept()).containsExactly("a", "b");
        advance(HOUR);
        assertThat(kept()).containsExactly("a", "b");
        other.close();
    }
}
