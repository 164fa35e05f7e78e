package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bus.Head;
import dev.weir.bus.Keep;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine promises. */
public abstract class EngineContract {
    protected static final long WINDOW_MILLIS = 120_000;
    protected static final long FORGET_MILLIS = 30L * 86_400_000;
    protected static final long DAY = 86_400_000;
    protected static final Keep ALL = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
    protected static final long START = 1_700_000_000_000L;

    /** What the policies say now. */
    protected final Map<String, Keep> keeps = new HashMap<>();

    /** The subscriptions in force; null while that is not known. */
    protected @Nullable Map<String, Set<String>> inForce;

    /** The flows in force, with what they read; null while that is not known. */
    protected @Nullable Map<String, Set<String>> flows;

    /** Open. */
    protected Engine engine;

    protected long now = START;

    /** It is so many milliseconds later than at the beginning, or earlier. */
    protected void clock(long sinceStartMillis) throws Exception {}

    /** What time the engine has, by its own clock or the test's. */
    protected long engineMillis() {
        return now;
    }

    protected void at(long millis) throws Exception {
        now = millis;
        clock(millis - START);
    }

    /** An engine on a store of this test, the same one each time. */
    protected abstract Engine create() throws Exception;

    /** Whether it can keep the newest event of each key. */
    protected boolean keepsLatest() {
        return true;
    }

    /** What the engine is told. */
    protected EngineRules rules() {
        return new EngineRules(
                WINDOW_MILLIS, 100_000, FORGET_MILLIS, keeps::get, () -> inForce, DeadLetterCases.KEEP, () -> flows);
    }

    @BeforeEach
    void open() throws Exception {
        engine = create();
        engine.open(now);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    protected void reopen() throws Exception {
        engine.close();
        open();
    }

    protected Head head(String address) throws Exception {
        return engine.heads(List.of(address)).get(address);
    }

    protected static EventRow row(String id, String text) {
        byte[] data = ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8);
        return new EventRow(id, "/test", "note", "key", "2026-01-01T00:00:00Z", null, true, null, EventRow.JSON, data);
    }

    protected Outcome append(String address, Keep keep, EventRow... rows) throws Exception {
        keeps.put(address, keep);
        return engine.commit(List.of(new Append(address, keep, List.of(rows))), now)
                .get(0);
    }

    @Test
    void offsetsBeginAtOneAndHaveNoHoles() throws Exception {
        Outcome first = append("a", ALL, row("1", "x"), row("2", "y"));
        Outcome second = append("a", ALL, row("3", "z"));
        assertThat(first.offsets()).containsExactly(1, 2);
        assertThat(second.offsets()).containsExactly(3);
        assertThat(second.head().epoch()).isEqualTo(first.head().epoch()).isNotEmpty();
    }

    @Test
    void whatWasKeptIsReadBackAsItWas() throws Exception {
        EventRow full = new EventRow(
                "i", "/s", "t", "k", "now", "ann", true, "{\"ce-n\":\"1\"}", EventRow.BYTES, new byte[] {0, 1, -1});
        EventRow bare = new EventRow(null, null, null, null, null, null, false, null, EventRow.NOTHING, null);
        append("a", ALL, full, bare, new EventRow("e", "/s", null, null, null, null, true, null, 2, new byte[0]));
        reopen();
        List<Stored.Row> rows = engine.read("a", 0, 10).rows();
        assertThat(rows).hasSize(3);
        assertThat(rows.get(0).event()).usingRecursiveComparison().isEqualTo(full);
        assertThat(rows.get(1).event()).usingRecursiveComparison().isEqualTo(bare);
        assertThat(rows.get(2).event().data()).isEmpty();
    }

    @Test
    void aReadSaysWhatItCovers() throws Exception {
        append("a", ALL, row("1", "x"), row("2", "y"), row("3", "z"));
        Stored part = engine.read("a", 0, 2);
        assertThat(part.to()).isEqualTo(2);
        Stored rest = engine.read("a", part.to(), 2);
        assertThat(rest.to()).isEqualTo(3);
        assertThat(rest.rows()).hasSize(1);
        assertThat(engine.read("a", 3, 2).rows()).isEmpty();
        assertThat(engine.read("a", 3, 2).to()).isEqualTo(3);
        assertThat(engine.read("none", 0, 2)).isNull();
    }

    @Test
    void aRepeatAnswersTheFirstOffsetWithinTheWindowAlsoAfterReopening() throws Exception {
        append("a", ALL, row("1", "x"), row("2", "y"));
        Outcome again = append("a", ALL, row("2", "other"), row("3", "z"), row("3", "twice"));
        assertThat(again.offsets()).containsExactly(2, 3, 3);
        assertThat(again.repeated(0)).isTrue();
        assertThat(again.repeated(1)).isFalse();
        assertThat(again.repeated(2)).isTrue();
        reopen();
        assertThat(append("a", ALL, row("1", "x")).offsets()).containsExactly(1);
        assertThat(append("b", ALL, row("1", "x")).repeated(0)).isFalse();
        at(now + WINDOW_MILLIS + 1);
        assertThat(append("a", ALL, row("1", "x")).offsets()).containsExactly(4);
    }

    @Test
    void anotherProducersSameIdIsNoRepeat() throws Exception {
        EventRow ann = new EventRow("1", "/s", null, null, null, "ann", true, null, 0, null);
        EventRow bob = new EventRow("1", "/s", null, null, null, "bob", true, null, 0, null);
        EventRow made = new EventRow("1", "/s", null, null, null, "ann", false, null, 0, null);
        assertThat(append("a", ALL, ann, bob, made).offsets()).containsExactly(1, 2, 3);
    }

    @Test
    void theFloorFollowsTheHeadAtOnceAndHidesWhatIsNotDeletedYet() throws Exception {
        Keep two = new Keep(2, Long.MAX_VALUE, 0);
        append("a", two, row("1", "x"), row("2", "y"), row("3", "z"), row("4", "w"));
        Stored kept = engine.read("a", 0, 10);
        assertThat(kept.head().floor()).isEqualTo(2);
        assertThat(kept.rows()).extracting(Stored.Row::offset).containsExactly(3L, 4L);
        while (engine.tidy(now)) {
            // Until all is deleted.
        }
        reopen();
        assertThat(head("a")).isEqualTo(new Head(kept.head().epoch(), 4, 2));
        assertThat(engine.read("a", 0, 10).rows()).hasSize(2);
    }

    @Test
    void ageIsAppendTimeEvenWhenTheClockGoesBack() throws Exception {
        Keep minute = new Keep(Long.MAX_VALUE, 60_000, 0);
        append("a", minute, row("1", "x"));
        at(now - 3_600_000);
        append("a", minute, row("2", "y"));
        at(START + 30_000);
        append("a", minute, row("3", "z"));
        at(START + 60_001);
        engine.tidy(now);
        assertThat(head("a").floor()).isEqualTo(2);
        at(START + 90_001);
        engine.tidy(now);
        assertThat(head("a").floor()).isEqualTo(3);
        assertThat(append("a", minute, row("4", "w")).offsets()).containsExactly(4);
    }

    @Test
    void anEmptyAppendBeginsALog() throws Exception {
        Outcome begun = append("a", ALL);
        assertThat(begun.head().head()).isZero();
        reopen();
        assertThat(head("a")).isEqualTo(begun.head());
    }

    static EventRow key(String id, String key, String value) {
        byte[] data = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        int kind = data == null ? EventRow.NOTHING : EventRow.JSON;
        return new EventRow(id, "/test", "set", key, null, null, true, null, kind, data);
    }

    private List<Long> offsets(String address, long from) throws Exception {
        Stored read = engine.read(address, from, 100);
        assertThat(read.to()).isEqualTo(read.head().head());
        return read.rows().stream().map(Stored.Row::offset).toList();
    }

    protected void tidyUp() throws Exception {
        while (engine.tidy(now)) {
            // Until nothing waits.
        }
    }

    @Test
    void latestKeepsTheNewestOfEachKey() throws Exception {
        Assumptions.assumeTrue(keepsLatest());
        append("a", Keep.LATEST, key("1", "x", "1"), key("2", "y", "1"), key("3", "x", "2"));
        assertThat(offsets("a", 0)).containsExactly(2L, 3L);
        append("a", Keep.LATEST, key("4", "y", "2"), key("5", null, "3"));
        assertThat(offsets("a", 0)).containsExactly(3L, 4L, 5L);
        assertThat(offsets("a", 3)).containsExactly(4L, 5L);
        assertThat(engine.read("a", 0, 2).to()).isEqualTo(4);
        reopen();
        tidyUp();
        assertThat(offsets("a", 0)).containsExactly(3L, 4L, 5L);
        assertThat(append("a", Keep.LATEST, key("1", "x", "1"), key("6", "z", "1"))
                        .offsets())
                .as("a repeat of what was replaced brings nothing back")
                .containsExactly(1, 6);
        assertThat(offsets("a", 0)).containsExactly(3L, 4L, 5L, 6L);
    }

    @Test
    void aDeletedKeyIsToldForADayAndThenOnlyWhoWasThereMayResume() throws Exception {
        Assumptions.assumeTrue(keepsLatest());
        append("a", Keep.LATEST, key("1", "x", "1"), key("2", "y", "1"), key("3", "x", null));
        assertThat(offsets("a", 0)).containsExactly(2L, 3L);
        at(now + DAY / 2);
        tidyUp();
        assertThat(offsets("a", 2)).containsExactly(3L);
        assertThat(head("a").floor()).isZero();
        at(now + DAY);
        tidyUp();
        assertThat(offsets("a", 0)).containsExactly(2L);
        assertThat(head("a").floor()).isEqualTo(3);
        append("a", Keep.LATEST, key("4", "x", "2"));
        reopen();
        assertThat(offsets("a", 0)).containsExactly(2L, 4L);
    }

    @Test
    void anotherKeepIsAppliedToWhatIsThere() throws Exception {
        Assumptions.assumeTrue(keepsLatest());
        append("a", ALL, key("1", "x", "1"), key("2", "y", "1"), key("3", "x", "2"), key("4", "y", null));
        keeps.put("a", Keep.LATEST);
        append("a", Keep.LATEST, key("5", "z", "1"));
        assertThat(offsets("a", 0)).containsExactly(3L, 4L, 5L);
        at(now + DAY + 1);
        tidyUp();
        assertThat(offsets("a", 0)).containsExactly(3L, 5L);
        append("a", ALL, key("6", "x", "3"), key("7", "x", "4"));
        assertThat(offsets("a", 4)).containsExactly(5L, 6L, 7L);
        append("a", Keep.LATEST, key("8", "u", "1"));
        assertThat(offsets("a", 0)).containsExactly(5L, 7L, 8L);
    }

    @Test
    void anIdleEmptyLogIsForgottenAndBeginsANewEpoch() throws Exception {
        Keep minute = new Keep(Long.MAX_VALUE, 60_000, 0);
        String epoch = append("a", minute, row("1", "x")).head().epoch();
        at(now + FORGET_MILLIS - 1_000_000);
        tidyUp();
        tidyUp();
        assertThat(head("a")).isEqualTo(new Head(epoch, 1, 1));
        at(now + 2_000_000);
        tidyUp();
        assertThat(head("a")).isNull();
        Outcome anew = append("a", minute, row("1", "x"));
        assertThat(anew.offsets()).containsExactly(1);
        assertThat(anew.head().epoch()).isNotEqualTo(epoch);
    }

    @Test
    void withoutAPolicyALogStaysUntilItIsForgotten() throws Exception {
        append("a", ALL, row("1", "x"), row("2", "y"));
        append("b", Keep.LATEST, key("3", "k", "1"));
        keeps.clear();
        at(now + FORGET_MILLIS - 1_000_000);
        tidyUp();
        assertThat(offsets("a", 0)).hasSize(2);
        assertThat(offsets("b", 0)).hasSize(1);
        at(now + 2_000_000);
        tidyUp();
        tidyUp();
        assertThat(head("a")).isNull();
        assertThat(head("b")).isNull();
    }

    private static Work cursor(String subscription, long offset, List<Work.Deferred> deferred) {
        List<Work.Cursor> cursors = List.of(new Work.Cursor("a", "epoch", offset, ""));
        return new Work(subscription, null, cursors, deferred, List.of(), List.of(), List.of());
    }

    private WorkStore work() {
        return engine.work().orElseThrow();
    }

    @Test
    void workThatABugInterruptsLeavesNothingBehind() throws Exception {
        Assumptions.assumeTrue(engine.work().isPresent(), "this engine has no subscriptions");
        Work.Deferred broken = new Work.Deferred(null, 0, 1, List.of(), row("1", "x"));
        List<Work> works = List.of(cursor("good", 7, List.of()), cursor("bad", 8, List.of(broken)));
        assertThatThrownBy(() -> work().keep(works)).isInstanceOf(NullPointerException.class);
        engine.open(now);
        append("a", ALL, row("2", "y"));
        reopen();
        assertThat(work().standing("good").cursors()).isEmpty();
        assertThat(work().standing("bad").cursors()).isEmpty();
        assertThat(work().keep(List.of(cursor("good", 9, List.of())))).containsExactly(true);
        assertThat(work().standing("good").cursors().get(0).offset()).isEqualTo(9);
    }

    @Test
    void anAppendThatABugInterruptsLeavesNothingBehind() throws Exception {
        List<Append> appends =
                List.of(new Append("a", ALL, List.of(row("1", "x"))), new Append(null, ALL, List.of(row("2", "y"))));
        assertThatThrownBy(() -> engine.commit(appends, now)).isInstanceOf(NullPointerException.class);
        engine.open(now);
        assertThat(head("a")).isNull();
        assertThat(append("a", ALL, row("1", "x")).repeated(0)).isFalse();
        assertThat(offsets("a", 0)).containsExactly(1L);
    }

    /** Random sequences against a model in memory. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void behavesLikeTheModel(long seed) throws Exception {
        Random random = new Random(seed);
        Map<String, List<String>> model = new HashMap<>();
        Map<String, Long> floors = new HashMap<>();
        int id = 0;
        for (int step = 0; step < 150; step++) {
            String address = "log" + random.nextInt(3);
            List<String> log = model.computeIfAbsent(address, none -> new ArrayList<>());
            switch (random.nextInt(6)) {
                case 0 -> reopen();
                case 1 -> {
                    engine.tidy(now);
                    model.forEach((each, events) -> floors.merge(each, floor(each, events.size()), Math::max));
                }
                case 2, 3 -> {
                    Keep keep = random.nextBoolean() ? ALL : new Keep(1 + random.nextInt(40), Long.MAX_VALUE, 0);
                    List<EventRow> rows = new ArrayList<>();
                    for (int i = random.nextInt(20); i > 0; i--) {
                        rows.add(row("e" + id, "t" + id));
                        log.add("e" + id++);
                    }
                    Outcome outcome = append(address, keep, rows.toArray(EventRow[]::new));
                    assertThat(outcome.offsets())
                            .containsExactly(LongStream.rangeClosed(log.size() - rows.size() + 1, log.size())
                                    .toArray());
                    if (!rows.isEmpty()) {
                        floors.merge(address, Math.max(0, log.size() - keep.events()), Math::max);
                    }
                }
                default -> check(address, log, floors.getOrDefault(address, 0L), random);
            }
        }
    }

    private long floor(String address, long head) {
        Keep keep = keeps.get(address);
        return keep == null ? 0 : Math.max(0, head - keep.events());
    }

    private void check(String address, List<String> log, long floor, Random random) throws Exception {
        long from = log.isEmpty() ? 0 : random.nextInt(log.size() + 1);
        Stored read = engine.read(address, from, 1 + random.nextInt(30));
        if (read == null) {
            assertThat(log).isEmpty();
            return;
        }
        assertThat(read.head().head()).isEqualTo(log.size());
        assertThat(read.head().floor()).isEqualTo(floor);
        long next = Math.max(from, floor);
        for (Stored.Row row : read.rows()) {
            assertThat(row.offset()).isEqualTo(++next);
            assertThat(row.event().id()).isEqualTo(log.get((int) next - 1));
        }
        assertThat(read.to()).isEqualTo(next);
    }
}
