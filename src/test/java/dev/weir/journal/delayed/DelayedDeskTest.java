package dev.weir.journal.delayed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bus.Delay;
import dev.weir.bus.Delayed;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.journal.DelayedEvent.State;
import dev.weir.journal.DelayedStore;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.EngineRules;
import dev.weir.journal.TestPolicies;
import dev.weir.journal.sql.SqliteEngine;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which events for later are accepted, over a real journal, and a clock that the test moves and sets. */
class DelayedDeskTest {
    private static final Keep ALL = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
    private static final long WINDOW_MILLIS = 120_000;

    @TempDir
    Path folder;

    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Vertx vertx = Vertx.vertx();
    private EngineJournal journal;
    private DelayedDesk desk;

    @BeforeEach
    void start() throws Exception {
        Policies policies = TestPolicies.load(
                folder, "addresses: [{match: 'a.{x}', keep: {events: 10}, max-addresses: 1}, {match: plain}]");
        EngineRules rules = new EngineRules(WINDOW_MILLIS, 1_000, 86_400_000, address -> ALL);
        journal = new EngineJournal(vertx, new SqliteEngine(folder, rules), time, kept -> {}, () -> policies);
        get(journal.start());
        DelayedDesk.Limits limits = new DelayedDesk.Limits(Duration.ofDays(10), 2);
        desk = new DelayedDesk(journal, () -> policies, time, limits, new Tally(), due -> {});
    }

    @AfterEach
    void stop() throws Exception {
        get(journal.stop());
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    private static Journal.Entry entry(String id) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("ce-id", id).add("ce-source", "/test");
        return new Journal.Entry(headers, id, true);
    }

    private Receipt accept(String address, String id) throws Exception {
        Delay delay = new Delay(null, Duration.ofHours(1));
        return get(desk.accept(address, List.of(new Delayed.Order(entry(id), delay))))
                .get(0);
    }

    @Test
    void anAddressWithEventsForLaterHasItsPlaceOrTheyAreRefused() throws Exception {
        assertThat(accept("a.one", "1").repeated()).isFalse();
        assertThatThrownBy(() -> get(journal.append("a.two", ALL, List.of(entry("2")))))
                .hasMessageContaining("max-addresses");
        assertThatThrownBy(() -> accept("a.three", "3"))
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.code()).isEqualTo(FailureCode.TOO_MANY_ADDRESSES));
        assertThat(accept("plain", "4").repeated()).as("no log, no place").isFalse();
        assertThat(get(desk.list("a.three", null, null, 10))).isEmpty();
    }

    @Test
    void aRepeatIsAnsweredWhereAnAddressHasJustBecomeFull() throws Exception {
        Receipt first = accept("plain", "1");
        accept("plain", "2");
        assertThatThrownBy(() -> accept("plain", "3"))
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.code()).isEqualTo(FailureCode.TOO_FAST));
        time.advance(Duration.ofSeconds(2));
        Receipt again = accept("plain", "1");
        assertThat(again.repeated()).isTrue();
        assertThat(again.deliverAt()).isEqualTo(first.deliverAt());
    }

    @Test
    void aClockThatIsSetDoesNotMakeKnownEventsForgotten() throws Exception {
        accept("plain", "1");
        String key = get(desk.list("plain", null, null, 10)).get(0).key();
        time.set(time.now().minus(Duration.ofDays(1)));
        get(journal.keep(new DelayedStore.Mark(List.of(key), State.DELIVERED, 0)));
        time.set(time.now().plus(Duration.ofDays(2)));
        get(journal.keep(new DelayedStore.Forget(WINDOW_MILLIS)));
        assertThat(accept("plain", "1").repeated()).isTrue();
        time.advance(Duration.ofMillis(WINDOW_MILLIS + 1));
        get(journal.keep(new DelayedStore.Forget(WINDOW_MILLIS)));
        assertThat(accept("plain", "1").repeated()).isFalse();
    }
}
