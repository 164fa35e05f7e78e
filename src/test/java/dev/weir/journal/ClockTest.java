package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Receipt;
import dev.weir.journal.sql.SqliteEngine;
import dev.weir.time.VirtualTime;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine's clock is set back and forward: nothing young is deleted, no repeat is kept twice, offsets go on. */
class ClockTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Keep HOUR = new Keep(Long.MAX_VALUE, 3_600_000, 0);
    private static final long WINDOW_MILLIS = 120_000;

    private final VirtualTime time = new VirtualTime(START);
    private final List<Kept> told = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private EngineJournal journal;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        vertx = Vertx.vertx();
        EngineRules rules = new EngineRules(WINDOW_MILLIS, 1_000, 30L * 86_400_000, address -> HOUR);
        journal = new EngineJournal(vertx, new SqliteEngine(folder, rules), time, told::add);
        journal.start().await(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        journal.stop().await(30, TimeUnit.SECONDS);
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    private Receipt keep(String id) throws Exception {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("ce-id", id).add("ce-source", "/test");
        return journal.append("orders", HOUR, List.of(new Journal.Entry(headers, id, true)))
                .await(30, TimeUnit.SECONDS)
                .get(0);
    }

    /** By the time of the second answer the writer has looked for what is too old after the first. */
    private List<Object> kept() throws Exception {
        keep("one more");
        keep("one more");
        Kept all = journal.read("orders", 0, 100).await(30, TimeUnit.SECONDS);
        return all.events().stream().map(KeptEvent::body).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {-3 * 86_400, -3_600, -130, 130, 3_600, 3 * 86_400, 20 * 365 * 86_400L})
    void aClockThatIsSetChangesNothingAndIsSetRightAgain(long bySeconds) throws Exception {
        keep("a");
        time.advance(Duration.ofSeconds(60));
        time.set(time.now().plusSeconds(bySeconds));
        assertThat(keep("a").repeated()).as("a repeat within the window").isTrue();
        assertThat(keep("b").kept()).isNotNull();
        time.advance(Duration.ofSeconds(61));
        assertThat(keep("b").repeated()).isTrue();
        assertThat(keep("a").repeated()).as("a repeat after the window").isFalse();
        assertThat(kept()).startsWith("a", "b", "a");
        time.set(time.now().minusSeconds(bySeconds));
        time.advance(Duration.ofSeconds(1));
        assertThat(keep("b").repeated()).isTrue();
        assertThat(kept()).startsWith("a", "b", "a");
        time.advance(Duration.ofSeconds(3_510));
        assertThat(kept()).as("each goes when it is an hour old").startsWith("b", "a");
    }

    @Test
    void aClockThatStaysElsewhereIsBelievedAfterTenMinutes() throws Exception {
        SteadyTime steady = new SteadyTime(time);
        time.set(START.plus(Duration.ofDays(1)));
        assertThat(steady.millis()).isEqualTo(START.toEpochMilli());
        time.advance(Duration.ofMinutes(9));
        assertThat(steady.millis()).isEqualTo(START.plus(Duration.ofMinutes(9)).toEpochMilli());
        time.advance(Duration.ofMinutes(1));
        assertThat(steady.millis()).isEqualTo(time.millis());
        time.set(time.now().minusSeconds(1));
        assertThat(steady.millis()).as("clocks drift").isEqualTo(time.millis());
    }
}
