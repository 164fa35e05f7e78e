package dev.weir.journal.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Head;
import dev.weir.bus.Permission;
import dev.weir.bus.RetryPolicy;
import dev.weir.bus.StartAt;
import dev.weir.bus.SubscriptionPolicy;
import dev.weir.config.Location;
import dev.weir.config.SubscriptionConfig.Order;
import dev.weir.journal.subscription.Settlement.Outcome;
import dev.weir.journal.subscription.Settlement.Result;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a subscription promises, on a clock that the test moves and a store that it lets fail. */
class DispatcherTest {
    private static final Duration NOW = Duration.ofMillis(1);

    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryStore store = new MemoryStore();
    private final MemoryNews news = new MemoryNews();
    private boolean replaced;

    static SubscriptionPolicy spec(Order order, int inFlight, int attempts, String... types) {
        RetryPolicy retry = new RetryPolicy(
                List.of(Duration.ofMillis(500), Duration.ofSeconds(10), Duration.ofMinutes(1)), attempts);
        return new SubscriptionPolicy(
                "billing",
                List.of("orders"),
                Permission.ANYONE,
                Duration.ofSeconds(30),
                inFlight,
                retry,
                order,
                StartAt.BEGINNING,
                Set.of(types),
                Location.NONE);
    }

    private Dispatcher dispatcher(SubscriptionPolicy spec) {
        var made = new Dispatcher(spec, store, time, time, new Tally(), () -> replaced = true, news, Tracing.OFF);
        made.start(null);
        return made;
    }

    private Dispatcher dispatcher() {
        return dispatcher(spec(Order.KEY, 100, 5));
    }

    private void add(@Nullable String... keys) {
        for (String key : keys) {
            store.add("orders", key, "placed");
        }
    }

    /** What can be had now. */
    private List<Delivery> pull(Dispatcher dispatcher, int max) {
        Future<List<Delivery>> answer = dispatcher.pull(null, max, NOW, "");
        time.advance(NOW);
        return answer.result();
    }

    private static List<Long> offsets(List<Delivery> deliveries) {
        return deliveries.stream().map(each -> each.event().offset()).toList();
    }

    private static List<Result> settle(
            Dispatcher dispatcher, Outcome outcome, @Nullable Duration delay, Delivery... what) {
        List<Settlement> all = new ArrayList<>();
        for (Delivery each : what) {
            all.add(new Settlement(each.id(), outcome, delay, "no luck"));
        }
        Future<List<Result>> answer = dispatcher.settle(all);
        return answer.succeeded() ? answer.result() : List.of();
    }

    private static List<Result> ack(Dispatcher dispatcher, Delivery... what) {
        return settle(dispatcher, Outcome.ACK, null, what);
    }

    private static Future<List<Result>> acking(Dispatcher dispatcher, Delivery what) {
        return dispatcher.settle(List.of(new Settlement(what.id(), Outcome.ACK, null, null)));
    }

    @Test
    void deliversInOrderAndGoesOnBehindWhatWasSettled() {
        add("a", "b", "c");
        Dispatcher first = dispatcher();
        List<Delivery> all = pull(first, 10);
        assertThat(offsets(all)).containsExactly(1L, 2L, 3L);
        assertThat(ack(first, all.get(0), all.get(1))).containsExactly(Result.DONE, Result.DONE);
        first.close();

        assertThat(offsets(pull(dispatcher(), 10))).containsExactly(3L);
    }

    @Test
    void whatWasSettledOutOfOrderIsNotDeliveredAgain() {
        add("a", "b", "c", "d");
        Dispatcher first = dispatcher();
        List<Delivery> all = pull(first, 10);
        ack(first, all.get(1), all.get(3));
        first.close();

        Dispatcher second = dispatcher();
        List<Delivery> again = pull(second, 10);
        assertThat(offsets(again)).containsExactly(1L, 3L);
        ack(second, again.toArray(Delivery[]::new));
        assertThat(store.cursors.get("orders").offset()).isEqualTo(4);
    }

    @Test
    void anAcknowledgementIsAnsweredOnceItIsKept() {
        add("a");
        Dispatcher dispatcher = dispatcher();
        List<Delivery> got = pull(dispatcher, 1);
        store.holding = true;
        Future<List<Result>> answer = acking(dispatcher, got.get(0));
        assertThat(answer.isComplete()).isFalse();
        store.release();
        assertThat(answer.result()).containsExactly(Result.DONE);
    }

    @Test
    void acknowledgementsThatCannotBeKeptFailAndTheEventsComeAgain() {
        add("a");
        Dispatcher dispatcher = dispatcher();
        List<Delivery> got = pull(dispatcher, 1);
        store.holding = true;
        Future<List<Result>> answer = acking(dispatcher, got.get(0));
        store.fail();
        assertThat(answer.failed()).isTrue();
        store.holding = false;
        time.advance(Duration.ofSeconds(2));
        assertThat(offsets(pull(dispatcher, 1))).containsExactly(1L);
    }

    @Test
    void manyAcknowledgementsShareACommit() {
        add("a", "b", "c", "d", "e");
        Dispatcher dispatcher = dispatcher();
        List<Delivery> all = pull(dispatcher, 10);
        int before = store.commits;
        store.holding = true;
        all.forEach(each -> ack(dispatcher, each));
        store.holding = false;
        store.release();
        assertThat(store.commits - before).isEqualTo(2);
        assertThat(store.cursors.get("orders").offset()).isEqualTo(5);
    }

    @Test
    void eventsOfAKeyWaitForEachOtherOthersDoNot() {
        add("a", "a", "b", "a");
        Dispatcher dispatcher = dispatcher();
        List<Delivery> got = pull(dispatcher, 10);
        assertThat(offsets(got)).containsExactly(1L, 3L);
        ack(dispatcher, got.get(0));
        assertThat(offsets(pull(dispatcher, 10))).containsExactly(2L);
    }

    @Test
    void withoutOrderEventsOfAKeyComeTogether() {
        add("a", "a");
        assertThat(offsets(pull(dispatcher(spec(Order.FREE, 100, 5)), 10))).containsExactly(1L, 2L);
    }

    @Test
    void aNackHonoursTheBackOffAndHoldsItsKeyOnly() {
        add("a", "a", "b");
        Dispatcher dispatcher = dispatcher();
        List<Delivery> got = pull(dispatcher, 10);
        settle(dispatcher, Outcome.NACK, null, got.get(0));
        ack(dispatcher, got.get(1));
        assertThat(pull(dispatcher, 10)).isEmpty();
        time.advance(Duration.ofMillis(500));
        List<Delivery> again = pull(dispatcher, 10);
        assertThat(again).hasSize(1);
        assertThat(again.get(0).attempt()).isEqualTo(2);
        // The second pause is longer than the log should wait: the key goes beside it, the cursor to the end.
        settle(dispatcher, Outcome.NACK, null, again.get(0));
        assertThat(store.deferred).hasSize(2);
        assertThat(store.cursors.get("orders").offset()).isEqualTo(3);
        time.advance(Duration.ofSeconds(10));
        Delivery third = pull(dispatcher, 10).get(0);
        assertThat(third.id().at().offset()).isEqualTo(1);
        ack(dispatcher, third);
        assertThat(offsets(pull(dispatcher, 10))).containsExactly(2L);
    }

    @Test
    void deferredDeliveriesOutliveTheirOwner() {
        add("a", "a");
        Dispatcher first = dispatcher();
        settle(first, Outcome.NACK, Duration.ofSeconds(20), pull(first, 1).get(0));
        assertThat(store.deferred).hasSize(2);
        first.close();
        add("a", "b");

        Dispatcher second = dispatcher();
        assertThat(offsets(pull(second, 10))).containsExactly(4L);
        time.advance(Duration.ofSeconds(20));
        List<Delivery> again = pull(second, 10);
        assertThat(offsets(again)).containsExactly(1L);
        assertThat(again.get(0).attempt()).isEqualTo(2);
        ack(second, again.get(0));
        List<Delivery> next = pull(second, 10);
        ack(second, next.get(0));
        assertThat(offsets(next)).containsExactly(2L);
        assertThat(offsets(pull(second, 10))).containsExactly(3L);
    }

    @Test
    void afterTheLastAttemptItIsADeadLetterWithItsFailures() {
        add("a", "a");
        Dispatcher dispatcher = dispatcher(spec(Order.KEY, 100, 2));
        settle(dispatcher, Outcome.NACK, Duration.ZERO, pull(dispatcher, 1).get(0));
        settle(dispatcher, Outcome.NACK, Duration.ZERO, pull(dispatcher, 1).get(0));
        assertThat(store.dead).hasSize(1);
        assertThat(store.dead.get(0).reason()).isEqualTo("attempts");
        assertThat(store.dead.get(0).failures()).hasSize(2);
        assertThat(store.dead.get(0).event().id()).isEqualTo("id1");
        assertThat(offsets(pull(dispatcher, 10))).containsExactly(2L);
    }

    @Test
    void whatIsRejectedIsADeadLetterAtOnce() {
        add("a");
        Dispatcher dispatcher = dispatcher();
        settle(dispatcher, Outcome.REJECT, null, pull(dispatcher, 1).get(0));
        assertThat(store.dead).hasSize(1);
        assertThat(store.dead.get(0).reason()).isEqualTo("rejected");
        assertThat(store.dead.get(0).failures().get(0).error()).isEqualTo("no luck");
        assertThat(news.buried).isEqualTo(store.dead);
    }

    @Test
    void replayedDeadLettersComeAgainAsIfNew() {
        add("a", "b");
        Dispatcher dispatcher = dispatcher();
        settle(dispatcher, Outcome.REJECT, null, pull(dispatcher, 10).toArray(Delivery[]::new));
        Future<Integer> replayed = dispatcher.replay(List.copyOf(store.dead), 0.2);
        assertThat(replayed.result()).isEqualTo(2);
        assertThat(store.dead).isEmpty();
        List<Delivery> first = pull(dispatcher, 10);
        assertThat(offsets(first)).containsExactly(1L);
        assertThat(first.get(0).attempt()).isEqualTo(1);
        time.advance(Duration.ofSeconds(5));
        List<Delivery> second = pull(dispatcher, 10);
        assertThat(offsets(second)).containsExactly(2L);
        ack(dispatcher, first.get(0), second.get(0));
        assertThat(store.deferred).isEmpty();
    }

    @Test
    void aPullWhoseCallerIsGoneGetsNothing() {
        Dispatcher dispatcher = dispatcher();
        Future<List<Delivery>> gone = dispatcher.pull("p1", 1, Duration.ofSeconds(5), "");
        dispatcher.cancelPull("p1");
        add("a");
        time.advance(Duration.ofSeconds(1));
        assertThat(gone.result()).isEmpty();
        assertThat(offsets(pull(dispatcher, 1))).containsExactly(1L);
    }

    @Test
    void whoDoesNotAnswerLosesTheDelivery() {
        add("a");
        Dispatcher dispatcher = dispatcher();
        Delivery first = pull(dispatcher, 1).get(0);
        time.advance(Duration.ofSeconds(30));
        time.advance(Duration.ofMillis(500));
        Delivery second = pull(dispatcher, 1).get(0);
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(settle(dispatcher, Outcome.NACK, null, first)).containsExactly(Result.STALE);
        assertThat(ack(dispatcher, first)).containsExactly(Result.DONE);
        assertThat(ack(dispatcher, second)).containsExactly(Result.UNKNOWN);
    }

    @Test
    void whoNeedsLongerSaysSo() {
        add("a");
        Dispatcher dispatcher = dispatcher();
        Delivery first = pull(dispatcher, 1).get(0);
        time.advance(Duration.ofSeconds(29));
        settle(dispatcher, Outcome.EXTEND, Duration.ofMinutes(5), first);
        time.advance(Duration.ofMinutes(4));
        assertThat(pull(dispatcher, 1)).isEmpty();
        assertThat(ack(dispatcher, first)).containsExactly(Result.DONE);
    }

    @Test
    void noMoreThanInFlightAreOutAtOnce() {
        add("a", "b", "c");
        Dispatcher dispatcher = dispatcher(spec(Order.KEY, 2, 5));
        List<Delivery> got = pull(dispatcher, 10);
        assertThat(got).hasSize(2);
        assertThat(pull(dispatcher, 10)).isEmpty();
        ack(dispatcher, got.get(0));
        assertThat(offsets(pull(dispatcher, 10))).containsExactly(3L);
    }

    @Test
    void consumersShareTheWorkAndWhoWaitsIsServedWhenSomethingComes() {
        Dispatcher dispatcher = dispatcher();
        Future<List<Delivery>> one = dispatcher.pull(null, 1, Duration.ofSeconds(5), "");
        Future<List<Delivery>> two = dispatcher.pull(null, 1, Duration.ofSeconds(5), "");
        Future<List<Delivery>> three = dispatcher.pull(null, 1, Duration.ofSeconds(5), "");
        add("a", "b");
        dispatcher.wake("orders", new Head(store.epoch, 2, 0));
        assertThat(offsets(one.result())).containsExactly(1L);
        assertThat(offsets(two.result())).containsExactly(2L);
        assertThat(three.isComplete()).isFalse();
        time.advance(Duration.ofSeconds(5));
        assertThat(three.result()).isEmpty();
    }

    @Test
    void aLostWordOfNewEventsIsMadeUpFor() {
        Dispatcher dispatcher = dispatcher();
        Future<List<Delivery>> waiting = dispatcher.pull(null, 1, Duration.ofSeconds(5), "");
        add("a");
        time.advance(Duration.ofSeconds(1));
        assertThat(offsets(waiting.result())).containsExactly(1L);
    }

    @Test
    void typesThatItDoesNotWantAreSettledUnseen() {
        store.add("orders", "a", "placed");
        store.add("orders", "a", "shipped");
        store.add("orders", "a", "placed");
        Dispatcher dispatcher = dispatcher(spec(Order.KEY, 10, 5, "shipped"));
        List<Delivery> got = pull(dispatcher, 10);
        assertThat(offsets(got)).containsExactly(2L);
        ack(dispatcher, got.get(0));
        assertThat(store.cursors.get("orders").offset()).isEqualTo(3);
    }

    @Test
    void whatRetentionTookIsSkippedCountedAndTold() {
        add("a", "b", "c", "d", "e");
        Dispatcher first = dispatcher();
        List<Delivery> all = pull(first, 10);
        ack(first, all.get(0), all.get(2));
        first.close();
        store.floor = 4;
        Dispatcher second = dispatcher();
        assertThat(offsets(pull(second, 10))).containsExactly(5L);
        assertThat(second.status().tally().skipped.sum()).isEqualTo(2);
        assertThat(news.skipped).containsExactly(new Skipped("billing", "orders", "e1", 2, 4, 2));
    }

    @Test
    void readsNoFurtherAheadThanItHasRoomFor() {
        for (int i = 0; i < 2_000; i++) {
            add("k" + i);
        }
        Dispatcher dispatcher = dispatcher(spec(Order.KEY, 10, 5));
        assertThat(dispatcher.status().cursors().get(0).offset()).isZero();
        int seen = 0;
        for (List<Delivery> got = pull(dispatcher, 10); !got.isEmpty(); got = pull(dispatcher, 10)) {
            seen += got.size();
            ack(dispatcher, got.toArray(Delivery[]::new));
        }
        assertThat(seen).isEqualTo(2_000);
        assertThat(dispatcher.status().lag()).isZero();
    }

    @Test
    void anotherOwnerEndsThisOne() {
        add("a");
        Dispatcher dispatcher = dispatcher();
        Delivery got = pull(dispatcher, 1).get(0);
        store.holding = true;
        Future<List<Result>> answer = acking(dispatcher, got);
        store.held.remove().complete(false);
        assertThat(answer.failed()).isTrue();
        assertThat(replaced).isTrue();
    }

    @Test
    void idsAreReadAsTheyAreWritten() {
        add("a");
        Delivery.Id id = pull(dispatcher(), 1).get(0).id();
        assertThat(Delivery.Id.parse(id.toString())).isEqualTo(id);
        for (String wrong :
                List.of("", "orders", "orders/e1:1", "orders/e1/1", "orders/e1:1/0", "orders/e1:1/x", "/e1:1/1")) {
            assertThat(Delivery.Id.parse(wrong)).as(wrong).isNull();
        }
    }
}
