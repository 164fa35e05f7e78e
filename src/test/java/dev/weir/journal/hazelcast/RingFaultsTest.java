package dev.weir.journal.hazelcast;

import static dev.weir.journal.hazelcast.Writing.MANY;
import static dev.weir.journal.hazelcast.Writing.NOW;
import static dev.weir.journal.hazelcast.Writing.RULES;
import static dev.weir.journal.hazelcast.Writing.append;
import static dev.weir.journal.hazelcast.Writing.check;
import static dev.weir.journal.hazelcast.Writing.engine;
import static dev.weir.journal.hazelcast.Writing.ids;
import static dev.weir.journal.hazelcast.Writing.row;
import static dev.weir.journal.hazelcast.Writing.someOf;
import static dev.weir.journal.hazelcast.Writing.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.DistributedObject;
import com.hazelcast.ringbuffer.OverflowPolicy;
import com.hazelcast.ringbuffer.Ringbuffer;
import dev.weir.bus.Head;
import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.JournalException;
import dev.weir.journal.Outcome;
import dev.weir.journal.Stored;
import dev.weir.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the logs of a cluster go through: writers that race, calls that are repeated, rings that are lost. */
class RingFaultsTest {
    private static Members members;

    @BeforeAll
    static void start() {
        members = new Members(2);
    }

    @AfterAll
    static void stop() {
        members.close();
    }

    @BeforeEach
    void clear() {
        members.clear();
    }

    private Ringbuffer<byte[]> ring(String address) throws JournalException {
        byte[] entry = members.get(0).<String, byte[]>getMap(RingLayout.LOGS).get(address);
        return members.get(0).getRingbuffer(LogEntry.decode(entry).ringName(address));
    }

    @Test
    void nodesThatRaceKeepEachEventOnceWithoutHoles() throws Exception {
        Map<String, Long> places = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Engine engine = engine(members.get(i));
                // A third of the ids comes from both.
                List<String> ids = someOf(i * 200, i * 200 + 400);
                Random random = new Random(i);
                Collections.shuffle(ids, random);
                writers.add(() -> write(engine, ids, places, random));
            }
            for (Future<Void> done : threads.invokeAll(writers)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        try (Engine engine = engine(members.get(0))) {
            check(engine, places, 600);
        }
    }

    @Test
    void whatIsInTheRingBesideTheLogIsNotOfTheLog() throws Exception {
        try (Engine engine = engine(members.get(0));
                Engine other = new HazelcastEngine(members.get(1), RULES, Clock.system())) {
            other.open(NOW);
            append(engine, "a", MANY, "1", "2");
            // As when Hazelcast repeats a call because it has not heard the answer.
            List<byte[]> repeated = List.of(ring("a").readOne(0), ring("a").readOne(1));
            ring("a")
                    .addAllAsync(repeated, OverflowPolicy.OVERWRITE)
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            assertThat(append(engine, "a", MANY, "3").offsets()).containsExactly(3);
            ring("a").add(repeated.get(0));
            assertThat(append(other, "a", MANY, "1", "4", "5").offsets()).containsExactly(1, 4, 5);
            assertThat(ids(engine, "a")).containsExactly("1", "2", "3", "4", "5");
            assertThat(engine.read("a", 2, 2).rows())
                    .extracting(Stored.Row::offset)
                    .containsExactly(3L, 4L);
        }
    }

    @Test
    void tooMuchBesideTheLogCostsTheOldestEventsOnly() throws Exception {
        Keep eight = new Keep(8, Long.MAX_VALUE, 0);
        try (Engine engine = engine(members.get(0))) {
            Outcome first = append(engine, "a", eight, "1", "2", "3", "4", "5", "6", "7", "8");
            for (int i = 0; i < 28; i++) {
                ring("a").add(new byte[] {0});
            }
            Stored read = engine.read("a", 0, 10);
            assertThat(read.head()).isEqualTo(new Head(first.head().epoch(), 8, 4));
            assertThat(read.rows()).extracting(Stored.Row::offset).containsExactly(5L, 6L, 7L, 8L);
            assertThat(engine.tidy(NOW)).isFalse();
            assertThat(engine.heads(List.of("a")).get("a").floor()).isEqualTo(4);
            Outcome next = append(engine, "a", eight, "9");
            assertThat(next.offsets()).containsExactly(9);
            // One more has gone: the first attempt was built on the entry before the look at the rings.
            assertThat(next.head()).isEqualTo(new Head(first.head().epoch(), 9, 6));
            assertThat(ids(engine, "a")).containsExactly("7", "8", "9");
        }
    }

    @Test
    void aLogKeepsItsEventsWhenMoreAreKept() throws Exception {
        try (Engine engine = engine(members.get(0))) {
            Outcome first = append(engine, "a", new Keep(5, Long.MAX_VALUE, 0), "1", "2", "3", "4", "5", "6", "7");
            Outcome next = append(engine, "a", MANY, "8", "9");
            assertThat(next.head()).isEqualTo(new Head(first.head().epoch(), 9, 2));
            assertThat(ids(engine, "a")).containsExactly("3", "4", "5", "6", "7", "8", "9");
            assertThat(append(engine, "a", MANY, "7", "10").offsets()).containsExactly(7, 10);
        }
    }

    @Test
    void aGroupOfManyLogsAndOfMoreThanIsKept() throws Exception {
        Keep five = new Keep(5, Long.MAX_VALUE, 0);
        try (Engine engine = engine(members.get(0))) {
            List<Append> group = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                group.add(new Append("log" + i % 20, five, List.of(row("x" + i), row("y" + i))));
            }
            group.add(new Append(
                    "big", five, someOf(0, 2_500).stream().map(Writing::row).toList()));
            List<Outcome> outcomes = engine.commit(group, NOW);
            assertThat(outcomes.get(39).offsets()).containsExactly(3, 4);
            assertThat(outcomes.get(39).from()).isEqualTo(2);
            assertThat(outcomes.get(40).head().floor()).isEqualTo(2_495);
            assertThat(ids(engine, "big")).containsExactly("e2495", "e2496", "e2497", "e2498", "e2499");
        }
    }

    @Test
    void aRingThatIsLostBeginsAnewUnderAnotherEpoch() throws Exception {
        try (Engine engine = engine(members.get(0))) {
            String written = append(engine, "written", MANY, "1", "2").head().epoch();
            String idle = append(engine, "idle", MANY, "1", "2").head().epoch();
            ring("written").destroy();
            ring("idle").destroy();
            Outcome anew = append(engine, "written", MANY, "2", "3");
            assertThat(anew.offsets()).containsExactly(1, 2);
            assertThat(anew.head().epoch()).isNotEqualTo(written);
            engine.open(NOW);
            engine.tidy(NOW);
            Head head = engine.heads(List.of("idle")).get("idle");
            assertThat(head.epoch()).isNotEqualTo(idle);
            assertThat(head.head()).isZero();
        }
    }

    @Test
    void aRingIsReplacedByASmallerOneWhenMuchLessIsKept() throws Exception {
        Keep five = new Keep(5, Long.MAX_VALUE, 0);
        EngineRules rules = new EngineRules(120_000, 100, 30L * 86_400_000, any -> five);
        try (Engine engine = new HazelcastEngine(members.get(0), rules, Clock.system())) {
            engine.open(NOW);
            append(engine, "a", MANY, "1", "2", "3", "4", "5", "6", "7");
            String before = ring("a").getName();
            engine.tidy(NOW);
            engine.tidy(NOW);
            assertThat(ring("a").getName()).isNotEqualTo(before).startsWith("weir-journal-32-");
            assertThat(ids(engine, "a")).containsExactly("3", "4", "5", "6", "7");
            assertThat(names()).doesNotContain(before);
            assertThat(append(engine, "a", five, "7", "8").offsets()).containsExactly(7, 8);
        }
    }

    private static List<String> names() {
        return members.get(0).getDistributedObjects().stream()
                .map(DistributedObject::getName)
                .toList();
    }

    @Test
    void ringsThatNoLogHasAreFreed() throws Exception {
        try (Engine engine = engine(members.get(0))) {
            append(engine, "a", MANY, "1");
            String orphan = RingLayout.ring("a", 32, "orphan");
            members.get(1).getRingbuffer(orphan).add(new byte[] {0});
            Calls calls = new Calls(members.get(0), Clock.system());
            Orphans orphans = new Orphans(members.get(0), new Rings(members.get(0), calls));
            Logs logs = new Logs(members.get(0), calls);
            await().atMost(Duration.ofSeconds(30)).until(() -> names().contains(orphan));
            orphans.sweep(logs.all());
            assertThat(names()).contains(orphan);
            orphans.sweep(logs.all());
            assertThat(names()).doesNotContain(orphan).contains(ring("a").getName());
            assertThat(ids(engine, "a")).containsExactly("1");
        }
    }
}
