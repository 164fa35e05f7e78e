package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.journal.sql.SqliteEngine;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's journal when its own code, not the disk, goes wrong: it says so, loses nothing and goes on. */
class EngineJournalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Keep ALL = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);

    @TempDir
    Path folder;

    private final AtomicReference<@Nullable Policies> policies = new AtomicReference<>();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final Vertx vertx = Vertx.vertx();
    private EngineJournal journal;

    @BeforeEach
    void start() throws Exception {
        EngineRules rules = new EngineRules(120_000, 1_000, 86_400_000, address -> {
            if (broken.get()) {
                throw new AssertionError("a bug");
            }
            return ALL;
        });
        journal = new EngineJournal(
                vertx, new SqliteEngine(folder, rules), Clock.system(), kept -> {}, () -> policies.get());
        get(journal.start());
    }

    @AfterEach
    void stop() throws Exception {
        get(journal.stop());
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    private Receipt append(String body) throws Exception {
        Journal.Entry entry = new Journal.Entry(MultiMap.caseInsensitiveMultiMap(), body, false);
        return get(journal.append("a", ALL, List.of(entry))).get(0);
    }

    private Receipt appendOnceItRecovered(String body) throws Exception {
        await().atMost(PATIENCE).until(() -> journal.trouble().isEmpty());
        return append(body);
    }

    @Test
    void workThatBreaksTheWriterIsRefusedAndEventsAreKeptAgainSoon() throws Exception {
        assertThat(append("first").kept().offset()).isEqualTo(1);
        EventRow event = EventRow.of(MultiMap.caseInsensitiveMultiMap(), "x", false);
        Work.Cursor cursor = new Work.Cursor("a", "epoch", 1, "");
        Work.Deferred nowhere = new Work.Deferred(null, 0, 1, List.of(), event);
        Work bad = new Work("s", null, List.of(cursor), List.of(nowhere), List.of(), List.of(), List.of());
        assertThatThrownBy(() -> get(journal.keep(bad)))
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.code()).isEqualTo(FailureCode.UNAVAILABLE));
        assertThat(appendOnceItRecovered("second").kept().offset()).isEqualTo(2);
        assertThat(get(journal.ask(store -> store.standing("s"))).cursors()).isEmpty();
    }

    @Test
    void theWriterOutlivesAnErrorAndSaysWhatItWas() throws Exception {
        assertThat(append("first").kept().offset()).isEqualTo(1);
        broken.set(true);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(journal.trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("a bug")));
        broken.set(false);
        assertThat(appendOnceItRecovered("second").kept().offset()).isEqualTo(2);
    }

    @Test
    void whatIsInvalidTakesNoPlaceAmongTheAddresses() throws Exception {
        policies.set(TestPolicies.load(folder, "addresses: [{match: 'a.{x}', keep: {events: 10}, max-addresses: 1}]"));
        MultiMap none = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < 3; i++) {
            Journal.Entry bad = new Journal.Entry(none, new Object(), false);
            String address = "a." + i;
            assertThatThrownBy(() -> get(journal.append(address, ALL, List.of(bad))))
                    .isInstanceOfSatisfying(
                            Refusal.class, refused -> assertThat(refused.code()).isEqualTo(FailureCode.INVALID_EVENT));
        }
        Journal.Entry good = new Journal.Entry(none, "x", false);
        assertThat(get(journal.append("a.good", ALL, List.of(good)))).hasSize(1);
        assertThatThrownBy(() -> get(journal.append("a.more", ALL, List.of(good))))
                .hasMessageContaining("max-addresses");
    }
}
