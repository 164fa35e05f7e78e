package dev.weir.journal.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.SubscriptionConfig.Order;
import dev.weir.journal.Work;
import dev.weir.journal.subscription.Settlement.Outcome;
import dev.weir.journal.subscription.Settlement.Result;
import dev.weir.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subscriptions of a log that gets another epoch meanwhile. */
class BegunAnewTest {
    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryStore store = new MemoryStore();
    private final Dispatcher dispatcher = new Dispatcher(
            DispatcherTest.spec(Order.KEY, 100, 5),
            store,
            time,
            time,
            new Tally(),
            () -> {},
            new MemoryNews(),
            Tracing.OFF);

    private void add(String... keys) {
        for (String key : keys) {
            store.add("orders", key, "placed");
        }
    }

    private List<String> pullAndAck() {
        List<Delivery> got =
                dispatcher.pull(null, 10, Duration.ofSeconds(5), "").result();
        List<Settlement> all = got.stream()
                .map(each -> new Settlement(each.id(), Outcome.ACK, null, null))
                .toList();
        assertThat(dispatcher.settle(all).result()).containsOnly(Result.DONE);
        return got.stream().map(each -> each.id().toString()).toList();
    }

    @Test
    void itIsReadFromItsBeginningHoweverShortItIs() {
        add("a", "b", "c");
        dispatcher.start(null);
        assertThat(pullAndAck()).hasSize(3);
        store.beginAnew("orders", "e2");
        add("d");
        time.advance(Duration.ofSeconds(2));
        assertThat(pullAndAck()).containsExactly("orders/e2:1/1");
    }

    @Test
    void whereTheStoreKnowsTheSubscriptionInItItGoesOnThere() {
        add("a", "b", "c");
        dispatcher.start(null);
        assertThat(pullAndAck()).hasSize(3);
        store.beginAnew("orders", "e2");
        add("a", "b");
        store.cursors.put("orders", new Work.Cursor("orders", "e2", 1, ""));
        time.advance(Duration.ofSeconds(2));
        assertThat(pullAndAck()).containsExactly("orders/e2:2/1");
    }
}
