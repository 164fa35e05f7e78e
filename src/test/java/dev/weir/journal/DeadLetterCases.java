package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Keep;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
        return new WorkStore.Query(WorkStore.Filter.of(subscription, text), after, false, limit);
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
        WorkStore.Filter all = new WorkStore.Filter("mail", "orders", "note", "rejected", null, null, null, null);
        WorkStore.Query oldest = new WorkStore.Query(all, null, true, 2);
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

    private static Work.DeadLetter died(String id, String hop, long atMillis, String... errors) {
        Work.DeadLetter like = letter(id, atMillis, "x");
        return new Work.DeadLetter(
                id,
                like.subscription(),
                hop,
                like.place(),
                atMillis,
                "attempts",
                errors.length,
                Stream.of(errors).map(error -> new Failure(atMillis, error)).toList(),
                like.event());
    }

    /** Counted by where they died and of what, names and numbers aside; the filter narrows them, and finds what was counted. */
    void groups(long now) throws Exception {
        keep(List.of(
                died("b1", "call@0a1b2c3d", now, "timed out", "order 'o-1' is gone"),
                died("b2", "call@0a1b2c3d", now + 1, "order 'o-2' is gone"),
                died("b3", "call@ffffffff", now + 2, "order 'o-3' is gone"),
                died("b4", "call@ffffffff", now + 3, "timed out"),
                died("b5", "other", now + 4, "order 'o-4' is gone"),
                died("m6", "call@ffffffff", now + 5, "order 'o-5' is gone"),
                died("b7", "other", now + 6),
                died("b8", "odd", now + 7, "it's \u0000 and \"more\"")));
        assertThat(groupsOf(WorkStore.Filter.ALL))
                .containsExactlyInAnyOrder(
                        "3 billing call order … is gone " + now + " " + (now + 2) + " b3",
                        "1 billing call timed out " + (now + 3) + " " + (now + 3) + " b4",
                        "1 billing other order … is gone " + (now + 4) + " " + (now + 4) + " b5",
                        "1 mail call order … is gone " + (now + 5) + " " + (now + 5) + " m6",
                        "1 billing other  " + (now + 6) + " " + (now + 6) + " b7",
                        groupOfOdd(now));
        WorkStore.Filter gone =
                new WorkStore.Filter("billing", null, null, null, null, "order 'x' is gone", now + 1, now + 4);
        assertThat(groupsOf(gone))
                .containsExactly("2 billing call order … is gone " + (now + 1) + " " + (now + 2) + " b3");
        assertThat(store.deadLetters(new WorkStore.Query(gone, null, true, 10)).letters())
                .extracting(Work.DeadLetter::id)
                .containsExactly("b2", "b3");
        assertThat(groupsOf(WorkStore.Filter.of("mail", "IS GONE"))).hasSize(1);
        assertThat(groupsOf(WorkStore.Filter.of("nobody", null))).isEmpty();
        store.keep(List.of(Work.onDeadLetters(List.of(), all(null, null, 1000))));
    }

    /** Where the database cannot have such a text, it is counted all the same. */
    private String groupOfOdd(long now) throws Exception {
        return groupsOf(new WorkStore.Filter(null, null, null, null, null, null, now + 7, null))
                .get(0);
    }

    private List<String> groupsOf(WorkStore.Filter filter) throws Exception {
        WorkStore.Groups groups = store.deadLetterGroups(filter);
        assertThat(groups.complete()).isTrue();
        return groups.groups().stream()
                .map(each -> each.count() + " " + each.subscription() + " " + each.hop() + " " + each.error() + " "
                        + each.firstMillis() + " " + each.lastMillis() + " " + each.sample())
                .toList();
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
