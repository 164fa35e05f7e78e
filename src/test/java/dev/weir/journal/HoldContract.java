package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Position;
import dev.weir.journal.sql.JournalStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every engine that keeps subscriptions promises beside the rest. */
public abstract class HoldContract extends EngineContract {
    private static final long HOUR = 3_600_000;

    private void stand(String subscription, long offset) throws Exception {
        Work.Cursor cursor = new Work.Cursor("orders", head("orders").epoch(), offset, "");
        Work work = new Work(subscription, null, List.of(cursor), List.of(), List.of(), List.of(), List.of());
        assertThat(engine.work().orElseThrow().keep(List.of(work))).containsExactly(true);
    }

    private long floor(Keep keep) throws Exception {
        append("orders", keep, row("next" + head("orders").head(), "x"));
        tidyUp();
        return head("orders").floor();
    }

    private void fill(Keep keep, int events) throws Exception {
        EventRow[] rows = new EventRow[events];
        java.util.Arrays.setAll(rows, i -> row("e" + i, "x".repeat(100)));
        append("orders", keep, rows);
    }

    @Test
    void whatASubscriptionHasNotSettledIsHeldUntilItIsTooOld() throws Exception {
        Keep keep = new Keep(10, Long.MAX_VALUE, DAY, Keep.LATEST.holdBytes(), false);
        append("orders", keep, row("a", "a"), row("b", "b"), row("c", "c"));
        stand("billing", 2);
        stand("mail", 3);
        fill(keep, 100);
        assertThat(floor(keep)).isEqualTo(2);
        reopen();
        assertThat(floor(keep)).isEqualTo(2);
        stand("billing", 50);
        assertThat(floor(keep)).isEqualTo(3);
        stand("mail", 60);
        assertThat(floor(keep)).isEqualTo(50);
        inForce = Map.of("mail", Set.of("orders"), "billing", Set.of("elsewhere"));
        assertThat(floor(keep)).isEqualTo(60);
        at(now + 2 * DAY);
        assertThat(floor(keep)).isEqualTo(head("orders").head() - 10);
        stand("mail", head("orders").head());
        inForce = Map.of();
        assertThat(floor(keep)).isEqualTo(head("orders").head() - 10);
    }

    private void read(String flow, int partition, long offset) throws Exception {
        Position at = new Position(head("orders").epoch(), offset);
        FlowCommit cut = new FlowCommit(
                flow,
                List.of(),
                List.of(new FlowCommit.Cursor(partition, "orders", at)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        FlowStore store = engine.work().orElseThrow().flows();
        assertThat(store.keep(List.of(), List.of(Cut.of(cut, false)), now)
                        .cuts()
                        .get(0))
                .isPresent();
    }

    @Test
    void whatAFlowHasNotReadInAnyPartitionIsHeldWhileItIsInForce() throws Exception {
        Keep keep = new Keep(10, Long.MAX_VALUE, DAY, Keep.LATEST.holdBytes(), false);
        append("orders", keep, row("a", "a"), row("b", "b"), row("c", "c"), row("d", "d"));
        inForce = Map.of();
        read("sums", 0, 3);
        read("sums", 63, 2);
        read("other", 5, 4);
        fill(keep, 100);
        assertThat(floor(keep)).isEqualTo(2);
        reopen();
        assertThat(floor(keep)).isEqualTo(2);
        read("sums", 63, 50);
        assertThat(floor(keep)).isEqualTo(3);
        flows = Map.of("sums", Set.of("elsewhere"), "other", Set.of("orders"));
        assertThat(floor(keep)).as("does not read it any more").isEqualTo(4);
        flows = Map.of("sums", Set.of("orders"));
        read("sums", 0, 60);
        assertThat(floor(keep)).isEqualTo(50);
        while (engine.work().orElseThrow().flows().forget("sums")) {
            // Until nothing is left of it.
        }
        assertThat(floor(keep)).isEqualTo(head("orders").head() - 10);
    }

    @Test
    void whatASubscriptionHasNotSettledIsHeldUntilItIsTooMuch() throws Exception {
        Keep keep = new Keep(10, Long.MAX_VALUE, DAY, 300 * 302, false);
        fill(keep, 5);
        stand("billing", 5);
        fill(keep, 200);
        assertThat(floor(keep)).as("200 of 302 bytes").isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            at(now + WINDOW_MILLIS + 1);
            fill(keep, 1_000);
        }
        long floor = floor(keep);
        long wanted = head("orders").head() - 10;
        assertThat(wanted - floor).as("held").isBetween(200L, 300L);
        stand("billing", wanted - 50);
        assertThat(floor(keep)).isEqualTo(wanted - 50);
    }

    @Test
    void ofADeletedSubscriptionNothingIsHeldAndNothingIsKnown() throws Exception {
        Keep keep = new Keep(10, Long.MAX_VALUE, DAY, Keep.LATEST.holdBytes(), false);
        append("orders", keep, row("a", "a"));
        stand("billing", 1);
        WorkStore store = engine.work().orElseThrow();
        store.declare("billing", "{}");
        assertThat(store.declared()).isEqualTo(Map.of("billing", "{}"));
        fill(keep, 100);
        assertThat(floor(keep)).isEqualTo(1);
        store.declare("billing", null);
        assertThat(store.declared()).isEmpty();
        assertThat(store.standing("billing").cursors()).isEmpty();
        assertThat(floor(keep)).isEqualTo(head("orders").head() - 10);
    }

    @Test
    void whatWasAppendedBeforeAMomentIsFoundByTime() throws Exception {
        AppendTimes.check(engine, engineMillis(), hour -> {
            at(START + hour * AppendTimes.HOUR);
            return now;
        });
    }

    @Test
    void deadLettersAreListedSearchedEditedAndDeletedInTime() throws Exception {
        DeadLetterCases cases = new DeadLetterCases(engine);
        long begun = engineMillis();
        cases.retention(begun, now);
        at(now + DAY + DeadLetterCases.APART * 800 - DeadLetterCases.APART / 2);
        cases.age(now);
        cases.groups(begun);
        cases.pagesSearchesAndEdits(begun);
    }

    @Test
    void eventsForLaterWaitForTheirTimeAndAreDeliveredOnce() throws Exception {
        DelayedCases cases = new DelayedCases(() -> engine, () -> now);
        List<String> keys = cases.accept();
        at(now + HOUR + 1_000);
        cases.deliver(keys, ALL);
        reopen();
        cases.cancel(keys, ALL);
        cases.take();
        at(now + HOUR);
        cases.takeWhatWasLost();
        cases.bounds();
        at(now + HOUR);
        cases.forget();
    }

    @Test
    void aLogForWhichEventsWaitIsNotForgotten() throws Exception {
        Keep minute = new Keep(Long.MAX_VALUE, 60_000, 0);
        String epoch = append("a", minute).head().epoch();
        DelayedStore delayed = engine.work().orElseThrow().delayed();
        DelayedStore.Order order = new DelayedStore.Order("key", FORGET_MILLIS * 2, true, row("1", "x"));
        DelayedStore.Moment moment = new DelayedStore.Moment(now, now);
        delayed.keep(List.of(new DelayedStore.Accept("a", List.of(order), 10)), moment);
        at(now + FORGET_MILLIS + 1_000_000);
        tidyUp();
        assertThat(head("a").epoch()).isEqualTo(epoch);
        delayed.keep(List.of(new DelayedStore.Mark(List.of("key"), DelayedEvent.State.CANCELLED, 0)), moment);
        at(now + 1_000_000);
        tidyUp();
        assertThat(head("a")).isNull();
    }

    /** What an operator sees of the store. */
    protected abstract JournalStore store() throws Exception;

    private List<String> wrong() throws Exception {
        try (JournalStore store = store()) {
            return store.verify();
        }
    }

    /** Nothing is looked for before it can be too old, so a policy that says otherwise has to be noticed. */
    @Test
    void anotherAgeCountsAtOnceAlsoForWhatWasDueMuchLater() throws Exception {
        Keep week = new Keep(Long.MAX_VALUE, 7 * DAY, 0);
        append("a", week, row("1", "x"));
        at(now + HOUR);
        append("a", week, row("2", "y"));
        tidyUp();
        assertThat(head("a").floor()).isZero();
        keeps.put("a", new Keep(Long.MAX_VALUE, HOUR / 2, 0));
        tidyUp();
        assertThat(head("a").floor()).isEqualTo(1);
        at(now + HOUR);
        tidyUp();
        assertThat(head("a").floor()).isEqualTo(2);
        append("a", keeps.get("a"), row("3", "z"));
        tidyUp();
        at(now + HOUR);
        tidyUp();
        assertThat(head("a").floor()).isEqualTo(3);
    }

    @Test
    void deletionsAreForgottenEachInItsTime() throws Exception {
        append("a", Keep.LATEST, key("1", "x", null));
        tidyUp();
        at(now + DAY / 2);
        append("a", Keep.LATEST, key("2", "y", null));
        tidyUp();
        at(now + DAY / 2 + HOUR);
        tidyUp();
        assertThat(head("a").floor()).isEqualTo(1);
        at(now + DAY / 2);
        tidyUp();
        assertThat(head("a").floor()).isEqualTo(2);
    }

    @Test
    void whatLatestHasLeftOutIsNotMissedWhenAllIsKeptAgain() throws Exception {
        append("a", Keep.LATEST, key("1", "x", "1"), key("2", "x", "2"), key("3", "y", "1"));
        append("a", ALL, key("4", "x", "3"), key("5", "x", "4"));
        assertThat(engine.read("a", 0, 10).rows())
                .extracting(Stored.Row::offset)
                .containsExactly(2L, 3L, 4L, 5L);
        assertThat(wrong()).isEmpty();
        delete("a", 4);
        assertThat(wrong()).containsExactly("events missing above the floor of a");
    }

    /** Breaks the store. */
    protected abstract void delete(String address, long offset) throws Exception;

    @Test
    void howMuchTheNewestEventsTakeIsKnown() throws Exception {
        append("sized", ALL, row("1", "x"), row("2", "yy"), row("3", "zzz"));
        assertThat(engine.size("sized")).hasValue(new Journal.Size(3 + 4 + 5, 3, true));
        assertThat(engine.size("no.log")).hasValue(new Journal.Size(0, 0, true));
    }
}
