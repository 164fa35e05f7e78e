package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Keep;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What every engine with subscriptions promises of dead letters. */
final class DeadLetterCases {
    static final Keep KEEP = new Keep(450, 86_400_000, 0);

    /** How long one dies after the other, so that the time a test takes does not matter. */
    static final long APART = 60_000;

    private final Engine engine;
    private final WorkStore store;

    DeadLetterCases(Engine engine) {
        this.engine = engine;
        this.store = engine.work().orElseThrow();
    }

    private static Work.DeadLetter letter(String id, long atMillis, String text) {
        return new Work.DeadLetter(
                id,
                id.startsWith("m") ? "mail" : "billing",
                "subscription",
                new Work.Place("orders", "e1", 1),
                atMillis,
                "rejected",
                1,
                List.of(new Failure(atMillis, "no luck")),
                EngineContract.row("event-" + id, text));
    }

    private void keep(List<Work.DeadLetter> dead) throws Exception {
        store.keep(List.of(new Work("billing", null, List.of(), List.of(), List.of(), dead, List.of())));
    }

    private static WorkStore.Query query(
            @Nullable String subscription, @Nullable String text, WorkStore.@Nullable Mark after, int limit) {
        return new WorkStore.Query(subscription, null, null, null, text, after, false, limit);
    }

    private List<String> all(@Nullable String subscription, @Nullable String text, int limit) throws Exception {
        List<String> ids = new ArrayList<>();
        WorkStore.Mark at = null;
        do {
            WorkStore.Page page = store.deadLetters(query(subscription, text, at, limit));
            assertThat(page.letters()).hasSizeLessThanOrEqualTo(limit);
            page.letters().forEach(each -> ids.add(each.id()));
            at = page.next();
        } while (at != null);
        return ids;
    }

    /** Pages go on where they were also when what they ended with is gone; edits do not bring anything back. */
    void pagesSearchesAndEdits(long now) throws Exception {
        List<Work.DeadLetter> letters = IntStream.range(0, 250)
                .mapToObj(n -> letter((n % 5 == 0 ? "m" : "b") + n, now + n / 3, n == 7 ? "a NEEDLE" : "hay"))
                .toList();
        keep(letters);
        assertThat(all(null, null, 100)).hasSize(250).doesNotHaveDuplicates().startsWith("b249");
        assertThat(all("mail", null, 7)).hasSize(50).doesNotHaveDuplicates();
        assertThat(all(null, "needle", 10)).containsExactly("b7");
        assertThat(all(null, "Luck", 1000)).hasSize(250);
        WorkStore.Query oldest = new WorkStore.Query("mail", "orders", "note", "rejected", null, null, true, 2);
        assertThat(store.deadLetters(oldest).letters())
                .extracting(Work.DeadLetter::id)
                .containsExactly("m0", "m5");

        WorkStore.Page first = store.deadLetters(query(null, null, null, 10));
        String last = first.letters().get(9).id();
        store.keep(List.of(Work.onDeadLetters(List.of(letters.get(3).withData(42)), List.of(last))));
        assertThat(store.deadLetters(query(null, null, first.next(), 1)).letters())
                .extracting(Work.DeadLetter::id)
                .containsExactly("b239");
        assertThat(store.deadLetter("b3").event().body()).isEqualTo(42);
        assertThat(store.deadLetter("b3").failures()).hasSize(1);
        store.keep(List.of(Work.onDeadLetters(List.of(letters.get(249 - 9).withData(1)), List.of())));
        assertThat(store.deadLetter(last)).as("edited after it was discarded").isNull();
    }

    /** At most 450: the oldest go, in chunks, and are counted. */
    void retention(long begun, long now) throws Exception {
        engine.tidy(now);
        assertThat(store.deadLetters()).isZero();
        keep(IntStream.range(0, 1_000)
                .mapToObj(n -> letter("b" + n, begun + n * APART, "x"))
                .toList());
        tidy(now + 20_000);
        assertThat(all(null, null, 1000)).hasSize(450).startsWith("b999").endsWith("b550");
        assertThat(store.trimmedDeadLetters()).isEqualTo(550);
        assertThat(store.deadLetters()).isEqualTo(450);
    }

    /** None older than a day, of those that {@link #retention} left. */
    void age(long now) throws Exception {
        tidy(now);
        List<String> left = all(null, null, 1000);
        assertThat(left).hasSize(200).endsWith("b800");
        assertThat(store.trimmedDeadLetters()).isEqualTo(800);
        store.keep(List.of(Work.onDeadLetters(List.of(), left)));
        assertThat(all(null, null, 1000)).isEmpty();
    }

    private void tidy(long now) throws Exception {
        while (engine.tidy(now)) {
            // Until nothing waits.
        }
    }
}
