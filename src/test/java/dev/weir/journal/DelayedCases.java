package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Keep;
import dev.weir.journal.DelayedEvent.State;
import dev.weir.journal.DelayedStore.Accept;
import dev.weir.journal.DelayedStore.Forget;
import dev.weir.journal.DelayedStore.Mark;
import dev.weir.journal.DelayedStore.Order;
import dev.weir.journal.DelayedStore.Reopen;
import dev.weir.journal.DelayedStore.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What every engine that keeps events for later promises. Times are hours apart, so that the time a test takes does not matter. */
final class DelayedCases {
    private static final long HOUR = 3_600_000;
    private static final int MOST = 1_000;

    private final Supplier<Engine> engine;
    private final LongSupplier now;

    DelayedCases(Supplier<Engine> engine, LongSupplier now) {
        this.engine = engine;
        this.now = now;
    }

    private DelayedStore.Moment moment() {
        return new DelayedStore.Moment(now.getAsLong(), now.getAsLong());
    }

    private DelayedStore store() {
        return engine.get().work().orElseThrow().delayed();
    }

    private List<Standing> keep(DelayedStore.Change change) throws Exception {
        return store().keep(List.of(change), moment()).get(0);
    }

    private List<String> due() throws Exception {
        return keys(store().due(0, 10, moment()));
    }

    private List<String> waiting(String after, int limit) throws Exception {
        return keys(store().waiting("a", null, after, limit));
    }

    private static List<String> keys(List<DelayedEvent> events) {
        return events.stream().map(DelayedEvent::key).toList();
    }

    private static Order later(String key, long millis) {
        return new Order(key, millis, true, EngineContract.row("id-" + key, "later"));
    }

    private List<Standing> accept(Order... orders) throws Exception {
        return keep(new Accept("a", List.of(orders), MOST));
    }

    private Outcome append(Keep keep, String... keys) throws Exception {
        List<EventRow> rows = new ArrayList<>();
        for (String key : keys) {
            rows.add(EngineContract.row("id-" + key, "later"));
        }
        return engine.get()
                .commit(List.of(new Append("a", keep, rows, List.of(keys))), now.getAsLong())
                .get(0);
    }

    List<String> accept() throws Exception {
        assertThat(store().nextMillis(moment())).isEqualTo(Long.MAX_VALUE);
        List<Standing> first = accept(later("one", HOUR), later("two", 2 * HOUR));
        assertThat(first).allMatch(Standing::changed);
        assertThat(first.get(1).dueMillis() - first.get(0).dueMillis()).isBetween(HOUR, HOUR + 60_000);
        Standing again = accept(later("one", 5 * HOUR)).get(0);
        assertThat(again)
                .isEqualTo(new Standing(false, State.WAITING, first.get(0).dueMillis()));
        assertThat(store().nextMillis(moment())).isBetween(HOUR / 2, HOUR);
        assertThat(due()).isEmpty();
        assertThat(waiting(null, 10)).containsExactly("one", "two");
        assertThat(waiting("one", 10)).containsExactly("two");
        assertThat(waiting(null, 1)).containsExactly("one");
        assertThat(store().waiting("a", "ann", null, 10)).isEmpty();
        assertThat(store().waiting("b", null, null, 10)).isEmpty();
        assertThat(store().find("a", "id-one", null)).hasSize(1);
        assertThat(store().find("a", "id-one", "ann")).isEmpty();
        assertThat(store().count()).isEqualTo(2);
        return keys(store().waiting("a", null, null, 10));
    }

    void deliver(List<String> keys, Keep all) throws Exception {
        assertThat(store().nextMillis(moment())).isNegative();
        assertThat(store().due(HOUR, 10, moment())).isEmpty();
        DelayedEvent found = store().due(0, 10, moment()).get(0);
        assertThat(found.event()).usingRecursiveComparison().isEqualTo(EngineContract.row("id-one", "later"));
        assertThat(found.bytes()).isEqualTo(found.event().data().length);
        assertThat(append(all, keys.get(0)).offsets()).containsExactly(1);
        assertThat(append(all, keys.get(0)).offsets()).containsExactly(0);
        assertThat(due()).isEmpty();
        DelayedEvent over = store().find("a", "id-one", null).get(0);
        assertThat(over.state()).isEqualTo(State.DELIVERED);
        assertThat(accept(later("one", HOUR)).get(0).changed()).isFalse();
    }

    void cancel(List<String> keys, Keep all) throws Exception {
        assertThat(waiting(null, 10)).containsExactly("two");
        assertThat(keep(new Mark(keys, State.CANCELLED, 0)))
                .extracting(Standing::changed, Standing::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(false, State.DELIVERED),
                        org.assertj.core.groups.Tuple.tuple(true, State.CANCELLED));
        assertThat(append(all, "two", "unknown").offsets()).containsExactly(0, 0);
        assertThat(keep(new Mark(List.of("two"), State.CANCELLED, 0)).get(0))
                .extracting(Standing::changed, Standing::state)
                .containsExactly(false, State.CANCELLED);
        assertThat(accept(later("two", 0)).get(0).changed())
                .as("what was cancelled may be given again")
                .isTrue();
        assertThat(append(all, "unknown", "two", "one").offsets()).containsExactly(0, 2, 0);
        assertThat(engine.get().read("a", 0, 10).rows())
                .extracting(row -> row.event().id())
                .containsExactly("id-one", "id-two");
    }

    void take() throws Exception {
        accept(later("three", 0));
        assertThat(due()).containsExactly("three");
        Mark take = new Mark(List.of("three"), State.TAKEN, 0);
        List<List<Standing>> twice = store().keep(List.of(take, take), moment());
        assertThat(twice.get(0).get(0).changed()).isTrue();
        assertThat(twice.get(1).get(0).changed()).isFalse();
        assertThat(keep(new Mark(List.of("three"), State.CANCELLED, 0)).get(0).changed())
                .isFalse();
        keep(new Reopen());
        assertThat(due()).containsExactly("three");
        keep(take);
    }

    void takeWhatWasLost() throws Exception {
        assertThat(due()).containsExactly("three");
        assertThat(keep(new Mark(List.of("three"), State.TAKEN, 0)).get(0).changed())
                .isTrue();
        assertThat(keep(new Mark(List.of("three"), State.DELIVERED, 0)).get(0).changed())
                .isTrue();
        assertThat(due()).isEmpty();
    }

    void bounds() throws Exception {
        Accept tooMany = new Accept("b", List.of(later("b1", HOUR), later("b2", HOUR)), 1);
        assertThat(keep(tooMany)).isEmpty();
        assertThat(store().waiting("b", null, null, 10)).isEmpty();
        assertThat(keep(new Accept("b", List.of(later("b1", HOUR / 2)), 1))).hasSize(1);
        assertThat(keep(new Accept("b", List.of(later("b2", HOUR)), 1))).isEmpty();
        Order again = later("b1", HOUR);
        assertThat(keep(new Accept("b", List.of(again, again), 1)))
                .as("a repeat takes no place")
                .extracting(Standing::changed)
                .containsExactly(false, false);
        assertThat(keep(new Accept("b", List.of(again, later("b2", HOUR)), 1))).isEmpty();
        assertThat(keep(new Accept("b", List.of(again, later("b2", 20 * HOUR)), 2)))
                .extracting(Standing::changed)
                .containsExactly(false, true);
        assertThat(keep(new Mark(List.of("b1"), State.WAITING, 9 * HOUR)).get(0).changed())
                .isTrue();
    }

    void forget() throws Exception {
        assertThat(due()).as("it was put off").isEmpty();
        keep(new Forget(HOUR / 2));
        assertThat(store().find("a", "id-one", null)).isEmpty();
        assertThat(store().find("a", "id-three", null)).isEmpty();
        assertThat(store().find("b", "id-b1", null)).hasSize(1);
        assertThat(keep(new Mark(List.of("three"), State.CANCELLED, 0)).get(0).state())
                .isEqualTo(State.DELIVERED);
    }
}
