package dev.weir.journal.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bus.FailureCode;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Kept;
import dev.weir.bus.Position;
import dev.weir.bus.Refusal;
import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.EngineRules;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What flows may rely on, whichever engine keeps it. */
abstract class FlowJournalContract {
    static final Duration LONG = Duration.ofMinutes(10);
    static final Set<Integer> ALL =
            IntStream.range(0, FlowJournal.PARTITIONS).boxed().collect(Collectors.toUnmodifiableSet());
    private static final Set<Integer> FEW = Set.of(0, 1, 2);

    final Vertx vertx = Vertx.vertx();
    final List<Kept> told = new CopyOnWriteArrayList<>();
    EngineJournal journal;
    FlowJournal flows;

    /** An engine on a store of this test, the same one each time. */
    abstract Engine engine(EngineRules rules) throws Exception;

    @BeforeEach
    void open() throws Exception {
        journal = start();
        flows = new EngineFlows(journal, Clock.system(), "one");
    }

    EngineJournal start() throws Exception {
        EngineRules rules = new EngineRules(120_000, 100_000, 1L << 40, address -> Cuts.ALL);
        EngineJournal made = new EngineJournal(vertx, engine(rules), Clock.system(), told::add);
        get(made.start());
        return made;
    }

    @AfterEach
    void close() throws Exception {
        get(journal.stop());
        get(vertx.close());
    }

    private void reopen() throws Exception {
        get(journal.stop());
        open();
    }

    static <T> T get(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    static List<FlowCommit.Claim> claims(FlowJournal flows, String flow, Set<Integer> wanted) throws Exception {
        return get(flows.claim(flow, wanted, LONG)).entrySet().stream()
                .map(each -> new FlowCommit.Claim(each.getKey(), each.getValue()))
                .toList();
    }

    private List<FlowCommit.Claim> claims(String flow) throws Exception {
        return claims(flows, flow, FEW);
    }

    /** Has the store refuse events with a subject, as none should. */
    abstract void forbid(String subject) throws Exception;

    @Test
    void whatTheStoreRefusesIsRefusedAloneAndTheRestOfItsGroupIsKept() throws Exception {
        forbid("key of bad");
        List<FlowCommit.Claim> claims = claims("f");
        List<Future<?>> asked = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean bad = i == 7 || i == 30 || i == 31;
            String id = bad ? "bad" : "e" + i;
            asked.add(
                    i % 2 == 0
                            ? journal.append("out", Cuts.ALL, List.of(Cuts.entry("first" + i, i), Cuts.entry(id, i)))
                            : flows.commit(Cuts.of("f")
                                    .claims(claims)
                                    .cursor(0, "in", i)
                                    .append("out", Cuts.ALL, "first" + i, i)
                                    .append("out", Cuts.ALL, id, i)
                                    .cut()));
            expected.addAll(bad ? List.of() : List.of("first" + i, id));
        }
        for (int i = 0; i < 40; i++) {
            Future<?> each = asked.get(i);
            if (i == 7 || i == 30 || i == 31) {
                assertThatThrownBy(() -> get(each))
                        .isInstanceOfSatisfying(Refusal.class, refused -> assertThat(refused.code())
                                .isEqualTo(FailureCode.INVALID_EVENT));
            } else {
                get(each);
            }
        }
        assertThat(ids("out")).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(journal.trouble()).isEmpty();
        assertThat(journal.counters().failures.sum()).isZero();
        assertThat(standing(ALL).cursors()).containsExactly(new FlowCommit.Cursor(0, "in", new Position("e", 39)));
        // Also where a policy turns at that moment what is kept, which then has not happened.
        assertThatThrownBy(() -> get(journal.append("out", Keep.LATEST, List.of(Cuts.entry("bad", 1)))))
                .isInstanceOf(Refusal.class);
        get(journal.append("out", Cuts.ALL, List.of(Cuts.entry("last", 1))));
        assertThat(ids("out")).hasSize(expected.size() + 1);
    }

    private boolean commit(Cuts cut) throws Exception {
        return get(flows.commit(cut.cut()));
    }

    private FlowJournal.Standing standing(Set<Integer> partitions) throws Exception {
        return get(flows.standing("f", partitions));
    }

    private List<String> ids(String address) throws Exception {
        return get(journal.read(address, 0, 1_000)).events().stream()
                .map(event -> event.headers().get(EventHeaders.ID))
                .toList();
    }

    private Cuts everything() throws Exception {
        return Cuts.of("f")
                .claims(claims("f"))
                .cursor(0, "in", 5)
                .cursor(1, "in", 6)
                .cursor(1, "file:data.csv", "inode", 99)
                .append("out", Cuts.ALL, "a1", new JsonObject().put("n", 1))
                .append("newest", Keep.LATEST, "a2", "text")
                .append("out", Cuts.ALL, "a3", null)
                .state(0, "sum", "a", "{\"sum\":1}", 0)
                .state(1, "sum", "b", "[\"\\u0000\"]", 1_234)
                .park("p2", 1, "call", 2, Cuts.place(4))
                .park("p10", 1, "call", 1, null)
                .park("p1", 0, "call", 1, Cuts.place(3))
                .bury("d1", 1, "call", Cuts.place(2))
                .bury("d2", 2, "call", null);
    }

    @Test
    void aCutIsKeptAsAWholeAndReadBackAsItWas() throws Exception {
        assertThat(commit(everything())).isTrue();
        reopen();
        FlowJournal.Standing all = standing(ALL);
        assertThat(all.cursors())
                .containsExactlyInAnyOrder(
                        new FlowCommit.Cursor(0, "in", new Position("e", 5)),
                        new FlowCommit.Cursor(1, "in", new Position("e", 6)),
                        new FlowCommit.Cursor(1, "file:data.csv", new Position("inode", 99)));
        assertThat(all.states())
                .containsExactlyInAnyOrder(
                        new FlowCommit.State(0, "sum", "a", "{\"sum\":1}", 0),
                        new FlowCommit.State(1, "sum", "b", "[\"\\u0000\"]", 1_234));
        assertThat(all.parked()).extracting(FlowCommit.Parked::id).containsExactly("p1", "p10", "p2");
        FlowCommit.Parked parked = all.parked().get(2);
        assertThat(parked.headers().get(EventHeaders.SUBJECT)).isEqualTo("key of p2");
        assertThat(parked.headers().get("ce-extra")).isEqualTo("x");
        assertThat(parked.headers().get(Wire.OFFSET)).isEqualTo("4");
        assertThat(parked.place()).isEqualTo(Cuts.place(4));
        assertThat(parked.body()).isEqualTo(new JsonObject().put("n", 2));
        assertThat(parked.failures()).containsExactly(new FlowCommit.Failure(7, "no luck 2"));
        assertThat(List.of(parked.dueMillis(), parked.attempts(), parked.stage(), parked.key()))
                .isEqualTo(List.of(2_000L, 2, "call", "key"));
        assertThat(all.parked().get(1).place()).isNull();
        FlowJournal.Standing first = standing(Set.of(0, 7));
        assertThat(first.cursors()).hasSize(1);
        assertThat(first.states()).hasSize(1);
        assertThat(first.parked()).extracting(FlowCommit.Parked::id).containsExactly("p1");
        assertThat(get(flows.standing("other", ALL)).cursors()).isEmpty();
        assertThat(ids("out")).containsExactly("a1", "a3");
        assertThat(ids("newest")).containsExactly("a2");
    }

    @Test
    void theNextCutChangesWhatItSaysAndNothingElse() throws Exception {
        assertThat(commit(everything())).isTrue();
        assertThat(commit(Cuts.of("f")
                        .claims(claims("f"))
                        .cursor(0, "in", 8)
                        .state(0, "sum", "a", null, 0)
                        .state(0, "sum", "c", "3", 0)
                        .state(1, "sum", "b", "4", 0)
                        .park("p10", 1, "call", 5, null)
                        .unpark("p2")
                        .unpark("nobody")))
                .isTrue();
        FlowJournal.Standing all = standing(ALL);
        assertThat(all.cursors()).hasSize(3).contains(new FlowCommit.Cursor(0, "in", new Position("e", 8)));
        assertThat(all.states())
                .containsExactlyInAnyOrder(
                        new FlowCommit.State(0, "sum", "c", "3", 0), new FlowCommit.State(1, "sum", "b", "4", 0));
        assertThat(all.parked()).extracting(FlowCommit.Parked::id).containsExactly("p1", "p10");
        assertThat(all.parked().get(1).attempts()).isEqualTo(5);
    }

    @Test
    void aCutThatIsKeptTwiceIsKeptAndToldOnce() throws Exception {
        assertThat(commit(everything())).isTrue();
        FlowJournal.Standing once = standing(ALL);
        assertThat(commit(everything())).isTrue();
        FlowJournal.Standing twice = standing(ALL);
        assertThat(twice.cursors()).containsExactlyInAnyOrderElementsOf(once.cursors());
        assertThat(twice.states()).containsExactlyInAnyOrderElementsOf(once.states());
        assertThat(twice.parked()).hasSize(3);
        assertThat(ids("out")).containsExactly("a1", "a3");
        assertThat(letters(null)).hasSize(2);
        assertThat(told.stream().flatMap(kept -> kept.events().stream()).map(event -> event.headers()
                        .get(EventHeaders.ID)))
                .containsExactlyInAnyOrder("a1", "a2", "a3");
    }

    @Test
    void whatCutsAndProducersAppendIsToldInTheOrderOfTheLogBeforeTheAnswer() throws Exception {
        List<FlowCommit.Claim> claims = claims("f");
        List<Future<Integer>> heard = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String id = "e" + i;
            Future<?> kept = i % 3 == 0
                    ? journal.append("out", Cuts.ALL, List.of(Cuts.entry(id, i)))
                    : flows.commit(Cuts.of("f")
                            .claims(claims)
                            .cursor(0, "in", i)
                            .append("out", Cuts.ALL, id, i)
                            .append("other" + i % 2, Cuts.ALL, id, i)
                            .cut());
            heard.add(kept.map(
                    done -> (int) told.stream().filter(each -> has(each, id)).count()));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(get(heard.get(i))).as("e" + i).isEqualTo(i % 3 == 0 ? 1 : 2);
        }
        long at = 0;
        for (Kept each : told) {
            if (each.address().equals("out")) {
                assertThat(each.from()).isEqualTo(at);
                at = each.to();
            }
        }
        assertThat(at).isEqualTo(50);
        assertThat(ids("out")).hasSize(50).doesNotHaveDuplicates();
    }

    private static boolean has(Kept kept, String id) {
        return kept.events().stream()
                .anyMatch(event -> id.equals(event.headers().get(EventHeaders.ID)));
    }

    @Test
    void aStaleClaimKeepsNothingAndDisturbsNobody() throws Exception {
        List<FlowCommit.Claim> old = claims("f");
        get(flows.release("f", List.of(old.get(0))));
        List<FlowCommit.Claim> now = claims("f");
        assertThat(now).doesNotContain(old.get(0)).containsAll(old.subList(1, 3));
        Future<Boolean> stale = flows.commit(
                everything().claims(old).append("new", Cuts.ALL, "s", 1).cut());
        Future<?> plain = journal.append("out", Cuts.ALL, List.of(Cuts.entry("plain", 1)));
        Future<Boolean> other = flows.commit(Cuts.of("g")
                .claims(claims("g"))
                .cursor(0, "in", 1)
                .append("out", Cuts.ALL, "g", 1)
                .cut());
        assertThat(get(stale)).isFalse();
        get(plain);
        assertThat(get(other)).isTrue();
        assertThat(ids("out")).containsExactlyInAnyOrder("plain", "g");
        FlowJournal.Standing nothing = standing(ALL);
        assertThat(nothing.cursors()).isEmpty();
        assertThat(nothing.states()).isEmpty();
        assertThat(nothing.parked()).isEmpty();
        assertThat(letters(null)).isEmpty();
        assertThat(commit(everything().claims(now))).isTrue();
        assertThatThrownBy(() -> get(flows.replay("f", old, new FlowJournal.Replay(List.of("d1"), 0, false, null))))
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.code()).isEqualTo(FailureCode.UNAVAILABLE));
        assertThat(letters(null)).hasSize(2);
    }

    private List<Work.DeadLetter> letters(@Nullable String text) throws Exception {
        WorkStore.Query query = new WorkStore.Query(WorkStore.Filter.of("flow.f", text), null, true, 100);
        return get(journal.ask(store -> store.deadLetters(query))).letters();
    }

    @Test
    void deadLettersAreListedSearchedDiscardedAndWaitAtTheirStageAgain() throws Exception {
        Cuts cut = everything();
        for (int i = 3; i < 6; i++) {
            cut.bury("d" + i, i % 3, "join", Cuts.place(i));
        }
        assertThat(commit(cut)).isTrue();
        assertThat(letters("needle")).extracting(Work.DeadLetter::id).containsExactly("d1", "d2", "d3", "d4", "d5");
        Work.DeadLetter letter = letters("NO LUCK").get(0);
        assertThat(List.of(letter.hop(), letter.reason(), letter.attempts(), letter.place()))
                .isEqualTo(List.of("call", "attempts", 3, new Work.Place("in", "e", 2)));
        get(journal.keep(Work.onDeadLetters(List.of(), List.of("d5"))));

        List<FlowCommit.Claim> some = claims(flows, "f", Set.of(0, 1));
        List<String> wanted = List.of("d3", "d2", "d1", "d5", "nobody");
        FlowJournal.Replayed done = get(flows.replay("f", some, new FlowJournal.Replay(wanted, 2, true, 42)));
        assertThat(done.left()).containsExactly("d2");
        assertThat(done.parked()).extracting(FlowCommit.Parked::id).containsExactly("d3", "d1");
        FlowCommit.Parked first = done.parked().get(0);
        FlowCommit.Parked second = done.parked().get(1);
        assertThat(List.of(first.stage(), first.partition(), first.attempts(), first.body()))
                .isEqualTo(List.of("join", 0, 0, 42));
        assertThat(second.dueMillis() - first.dueMillis()).isEqualTo(500);
        assertThat(second.place()).isEqualTo(Cuts.place(2));
        assertThat(second.headers().get(Wire.OFFSET)).isEqualTo("2");
        assertThat(letters(null)).extracting(Work.DeadLetter::id).containsExactly("d2", "d4");
        assertThat(standing(ALL).parked())
                .extracting(FlowCommit.Parked::id)
                .containsExactly("d1", "d3", "p1", "p10", "p2");
        assertThat(standing(Set.of(0)).parked().get(0).body()).isEqualTo(42);

        FlowJournal.Replayed again =
                get(flows.replay("f", claims("f"), new FlowJournal.Replay(List.of("d1", "d2", "d4"), 0, false, null)));
        assertThat(again.parked()).extracting(FlowCommit.Parked::dueMillis).containsExactly(0L, 0L);
        assertThat(again.parked().get(0).place()).isNull();
        assertThat(again.parked().get(0).body()).isEqualTo(new JsonObject().put("hay", "needle"));
    }

    @Test
    void statesOfStagesThatAreGoneAreForgottenAndSoAreFlows() throws Exception {
        Cuts cut = everything();
        for (int i = 0; i < 6_000; i++) {
            cut.state(i % 3, "old:1", "k" + i, "{\"n\":" + i + "}", 0);
        }
        cut.park("p3", 2, "old:1", 1, null);
        assertThat(commit(cut)).isTrue();
        assertThat(standing(ALL).states()).hasSize(6_002);
        get(flows.retain("f", Set.of("sum", "call")));
        assertThat(standing(ALL).states()).hasSize(2);
        assertThat(standing(ALL).parked())
                .as("nothing that waits is lost with its stage")
                .hasSize(4);
        assertThat(standing(ALL).cursors()).hasSize(3);
        get(flows.forget("f"));
        assertThat(standing(ALL)).isEqualTo(new FlowJournal.Standing(List.of(), List.of(), List.of()));
        assertThat(commit(cut)).as("under claims of before").isFalse();
        assertThat(letters(null)).hasSize(2);
    }

    @Test
    void whatCannotBeKeptIsRefusedAndDisturbsNobody() throws Exception {
        Journal.Entry bad = Cuts.entry("a\u0000", 1);
        assertThat(flows.refusal("out", bad).code()).isEqualTo(FailureCode.INVALID_EVENT);
        assertThat(flows.refusal("out", Cuts.entry("a", new JsonObject()))).isNull();
        for (Cuts cut : List.of(
                everything().append("out", Cuts.ALL, "a\u0000", 1),
                everything().state(0, "sum", "k\u0000", "1", 0),
                everything().cursor(64, "in", 1))) {
            assertThatThrownBy(() -> commit(cut))
                    .isInstanceOfSatisfying(
                            Refusal.class, refused -> assertThat(refused.code()).isEqualTo(FailureCode.INVALID_EVENT));
        }
        assertThat(standing(ALL).cursors()).isEmpty();
        assertThat(journal.trouble()).isEmpty();
    }
}
