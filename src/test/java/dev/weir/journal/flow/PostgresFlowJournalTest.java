package dev.weir.journal.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.PostgresProxy;
import dev.weir.PostgresServer;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Position;
import dev.weir.journal.Cut;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.EngineRules;
import dev.weir.journal.FlowStore;
import dev.weir.journal.sql.PostgresEngine;
import dev.weir.time.Clock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresFlowJournalTest extends FlowJournalContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    @TempDir
    static Path folder;

    private static PostgresServer server;
    private static String uri;

    private final String schema = "flows" + SCHEMAS.incrementAndGet();

    @BeforeAll
    static void serve() throws Exception {
        server = new PostgresServer(folder);
        uri = server.database("flows");
    }

    @AfterAll
    static void end() throws Exception {
        server.close();
    }

    @Override
    Engine engine(EngineRules rules) {
        return new PostgresEngine(uri, schema, 5_000, rules);
    }

    @Override
    void forbid(String subject) throws Exception {
        try (Connection own = server.connect("flows", "flows");
                Statement statement = own.createStatement()) {
            statement.executeUpdate(
                    "ALTER TABLE " + schema + ".events ADD CHECK (subject IS DISTINCT FROM '" + subject + "')");
        }
    }

    @Test
    void partitionsGoFromNodeToNodeAndOnlyOneAtATimeCommits() throws Exception {
        EngineJournal elsewhere = start();
        try {
            FlowJournal other = new EngineFlows(elsewhere, Clock.system(), "two");
            Map<Integer, Long> mine = get(flows.claim("f", ALL, LONG));
            assertThat(mine.keySet()).isEqualTo(ALL);
            assertThat(get(flows.claim("f", ALL, LONG))).as("kept").isEqualTo(mine);
            assertThat(get(other.claim("f", ALL, LONG))).isEmpty();
            List<FlowCommit.Claim> given = List.of(new FlowCommit.Claim(3, mine.get(3)));
            get(flows.release("f", given));
            assertThat(get(other.claim("f", ALL, LONG)).keySet()).containsExactly(3);
            assertThat(get(flows.commit(
                            Cuts.of("f").claims(given).cursor(3, "in", 1).cut())))
                    .isFalse();
            List<FlowCommit.Claim> taken = claims(other, "f", Set.of(3));
            assertThat(get(other.commit(
                            Cuts.of("f").claims(taken).cursor(3, "in", 1).cut())))
                    .isTrue();

            get(flows.claim("f", Set.of(5), Duration.ofMillis(1)));
            List<FlowCommit.Claim> over = List.of(new FlowCommit.Claim(5, mine.get(5)));
            FlowCommit late = Cuts.of("f").claims(over).cursor(5, "in", 1).cut();
            await().atMost(PATIENCE)
                    .until(() -> !get(other.claim("f", Set.of(5), LONG)).isEmpty());
            assertThat(get(flows.commit(late))).isFalse();
            assertThatThrownBy(() ->
                            get(flows.commit(Cuts.of("f").cursor(5, "in", 1).cut())))
                    .isInstanceOf(IllegalArgumentException.class);
        } finally {
            get(elsewhere.stop());
        }
    }

    @Test
    void whoHasNotSaidForLongThatItIsThereIsNot() throws Exception {
        EngineJournal elsewhere = start();
        try {
            FlowJournal other = new EngineFlows(elsewhere, Clock.system(), "two");
            Set<String> three = Set.of("one", "two", "three");
            assertThat(get(flows.present(three, LONG))).containsExactly("one");
            assertThat(get(other.present(three, Duration.ofMillis(1)))).contains("one");
            await().atMost(PATIENCE).until(() -> get(flows.present(three, LONG)).equals(Set.of("one")));
            assertThat(get(other.present(three, LONG))).containsExactlyInAnyOrder("one", "two");
            assertThat(get(flows.present(three, LONG))).containsExactlyInAnyOrder("one", "two");
            assertThat(get(flows.present(Set.of("two"), LONG))).containsExactly("two");
        } finally {
            get(elsewhere.stop());
        }
    }

    /** By the length of keys and ids, or all in one. */
    private record Lengths(boolean isSpread) implements FlowJournal.Layout {
        @Override
        public String name() {
            return isSpread ? "length" : WHOLE;
        }

        @Override
        public int ofState(String key) {
            return isSpread ? key.length() : 0;
        }

        @Override
        public int ofEvent(FlowCommit.Parked waiting) {
            return isSpread ? waiting.id().length() : 0;
        }
    }

    private FlowJournal.Replayed replay(Set<Integer> partitions, String... letters) throws Exception {
        return get(flows.replay(
                "f", claims(flows, "f", partitions), new FlowJournal.Replay(List.of(letters), 0, false, null)));
    }

    @Test
    void whatIsKeptOfAFlowIsLaidOutAnewAndNothingIsMissed() throws Exception {
        FlowJournal.Layout spread = new Lengths(true);
        FlowJournal.Layout whole = new Lengths(false);
        assertThat(get(flows.isLaidOut("f", whole))).as("never said").isTrue();
        get(flows.layOut("f", spread));
        assertThat(get(flows.isLaidOut("f", whole))).isFalse();
        List<FlowCommit.Claim> old = claims(flows, "f", ALL);
        Cuts cut = Cuts.of("f").claims(old);
        ALL.forEach(part -> cut.cursor(part, "in", 100 + part).cursor(part, "moved", part == 5 ? "e" : "e2", 7));
        cut.cursor(3, "begun", 9)
                .state(2, "sum", "ab", "1", 8)
                .state(3, "sum", "abc", "2", 0)
                .park("p2", 2, "call", 1, Cuts.place(4))
                .bury("d1", 2, "call", Cuts.place(2))
                .bury("d22", 3, "call", null);
        assertThat(get(flows.commit(cut.cut()))).isTrue();
        get(flows.layOut("f", spread));
        assertThat(get(flows.commit(cut.cut()))).as("nothing to change").isTrue();

        get(flows.layOut("f", whole));
        assertThat(get(flows.commit(cut.cut()))).as("claims of before").isFalse();
        FlowJournal.Standing standing = get(flows.standing("f", ALL));
        assertThat(standing.cursors())
                .containsExactlyInAnyOrder(
                        new FlowCommit.Cursor(0, "in", new Position("e", 100)),
                        new FlowCommit.Cursor(0, "moved", new Position("", 0)),
                        new FlowCommit.Cursor(0, "begun", new Position("", 0)));
        assertThat(standing.states())
                .containsExactlyInAnyOrder(
                        new FlowCommit.State(0, "sum", "ab", "1", 8), new FlowCommit.State(0, "sum", "abc", "2", 0));
        assertThat(standing.parked()).extracting(FlowCommit.Parked::partition).containsExactly(0);
        assertThat(standing.parked().get(0).place()).isEqualTo(Cuts.place(4));
        assertThat(replay(Set.of(0), "d1").parked()).hasSize(1);

        get(flows.layOut("f", spread));
        standing = get(flows.standing("f", ALL));
        assertThat(standing.cursors())
                .hasSize(3 * 64)
                .contains(new FlowCommit.Cursor(63, "in", new Position("e", 100)));
        assertThat(get(flows.standing("f", Set.of(3))).states())
                .containsExactly(new FlowCommit.State(3, "sum", "abc", "2", 0));
        assertThat(get(flows.standing("f", Set.of(2))).parked())
                .extracting(FlowCommit.Parked::id)
                .containsExactly("d1", "p2");
        assertThat(replay(Set.of(2), "d22").left()).containsExactly("d22");
        assertThat(replay(Set.of(3), "d22").parked()).hasSize(1);
    }

    /** One of several nodes, each of which takes the partition whenever it can and counts on from what is kept there. */
    private static int count(FlowJournal node, int rounds) throws Exception {
        int counted = 0;
        for (int round = 0; round < rounds; round++) {
            Map<Integer, Long> mine = get(node.claim("f", Set.of(0), Duration.ofMillis(1)));
            if (mine.isEmpty()) {
                continue;
            }
            List<FlowCommit.State> states = get(node.standing("f", Set.of(0))).states();
            int next = states.isEmpty() ? 1 : Integer.parseInt(states.get(0).json()) + 1;
            FlowCommit cut = Cuts.of("f")
                    .claims(List.of(new FlowCommit.Claim(0, mine.get(0))))
                    .state(0, "count", "all", "" + next, 0)
                    .append("out", Cuts.ALL, "n" + next, next)
                    .cut();
            counted += get(node.commit(cut)) ? 1 : 0;
        }
        return counted;
    }

    @Test
    void ownersThatTakeAPartitionFromEachOtherAllTheTimeCountEachEventOnce() throws Exception {
        EngineJournal elsewhere = start();
        try {
            FlowJournal other = new EngineFlows(elsewhere, Clock.system(), "two");
            CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> {
                try {
                    return count(other, 30);
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            });
            int counted = count(flows, 30) + second.get();
            assertThat(counted).isPositive();
            List<FlowCommit.State> states = get(flows.standing("f", Set.of(0))).states();
            assertThat(states.get(0).json()).isEqualTo("" + counted);
            assertThat(get(journal.read("out", 0, 1_000)).events())
                    .extracting(event -> event.headers().get("ce-id"))
                    .isEqualTo(IntStream.rangeClosed(1, counted)
                            .mapToObj(n -> "n" + n)
                            .toList());
        } finally {
            get(elsewhere.stop());
        }
    }

    /** Nothing but these commits goes over the network, so that each cut is of one of them. */
    @Test
    void aConnectionThatIsLostAtACommitLosesAndDoublesNothing() throws Exception {
        List<FlowCommit.Claim> claims = claims(flows, "f", Set.of(0));
        EngineRules rules = new EngineRules(120_000, 100_000, 1L << 40, address -> Cuts.ALL);
        try (PostgresProxy network = new PostgresProxy(server.port());
                Engine lossy = new PostgresEngine(network.uri(uri), schema, 5_000, rules)) {
            lossy.open(0);
            for (int n = 1; n < 8; n++) {
                if (n > 1) {
                    network.cut(n % 2 == 0 ? PostgresProxy.Cut.BEFORE : PostgresProxy.Cut.AFTER);
                }
                FlowStore.Kept kept =
                        lossy.work().orElseThrow().flows().keep(List.of(), List.of(Cut.of(cut(claims, n), true)), 0);
                assertThat(kept.cuts().get(0).orElseThrow().get(0).offsets()).containsExactly(n);
                assertThat(network.hasCut()).isTrue();
            }
        }
        FlowJournal.Standing standing = get(flows.standing("f", Set.of(0)));
        assertThat(standing.cursors().get(0).at().offset()).isEqualTo(7);
        assertThat(standing.parked()).extracting(FlowCommit.Parked::id).containsExactly("p7");
        assertThat(get(journal.read("out", 0, 1_000)).events())
                .extracting(event -> event.headers().get("ce-id"))
                .containsExactly("n1", "n2", "n3", "n4", "n5", "n6", "n7");
    }

    private static FlowCommit cut(List<FlowCommit.Claim> claims, int n) {
        return Cuts.of("f")
                .claims(claims)
                .cursor(0, "in", n)
                .append("out", Cuts.ALL, "n" + n, n)
                .park("p" + n, 0, "call", 1, null)
                .unpark("p" + (n - 1))
                .cut();
    }
}
