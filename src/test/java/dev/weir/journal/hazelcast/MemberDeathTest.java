package dev.weir.journal.hazelcast;

import static dev.weir.journal.hazelcast.Writing.MANY;
import static dev.weir.journal.hazelcast.Writing.append;
import static dev.weir.journal.hazelcast.Writing.check;
import static dev.weir.journal.hazelcast.Writing.engine;
import static dev.weir.journal.hazelcast.Writing.ids;
import static dev.weir.journal.hazelcast.Writing.reopen;
import static dev.weir.journal.hazelcast.Writing.someOf;
import static dev.weir.journal.hazelcast.Writing.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.journal.Engine;
import dev.weir.journal.JournalException;
import dev.weir.journal.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members that die, one or too many at a time. */
class MemberDeathTest {
    private final Members members = new Members(3, 1_000);

    @AfterEach
    void stop() {
        members.close();
    }

    /** What a producer does that is told {@code unavailable}. */
    private static Outcome insist(Engine engine, String address, String... ids) throws Exception {
        for (int i = 0; ; i++) {
            try {
                return append(engine, address, MANY, ids);
            } catch (JournalException refused) {
                assertThat(i).as(refused.toString()).isLessThan(50);
                TimeUnit.MILLISECONDS.sleep(20);
                reopen(engine);
            }
        }
    }

    @Test
    void aMembersDeathUnderLoadLosesNothing() throws Exception {
        Map<String, Long> places = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Void>> writers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Engine engine = engine(members.get(i));
                List<String> ids = someOf(i * 1_000, i * 1_000 + 1_000);
                Random random = new Random(i);
                writers.add(threads.submit(() -> write(engine, ids, places, random)));
            }
            while (places.size() < 1_000) {
                Thread.onSpinWait();
            }
            members.kill(2);
            for (Future<Void> done : writers) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        try (Engine engine = engine(members.get(1))) {
            check(engine, places, 2_000);
        }
    }

    @Test
    void whenTooManyMembersDieALogIsWholeOrBeginsAnew() throws Exception {
        int logs = 60;
        Map<String, String> epochs = new HashMap<>();
        try (Engine engine = engine(members.get(0))) {
            for (int i = 0; i < logs; i++) {
                epochs.put(
                        "log" + i,
                        append(engine, "log" + i, MANY, "1", "2").head().epoch());
            }
            Thread one = new Thread(() -> members.kill(1));
            one.start();
            members.kill(2);
            one.join();
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> members.get(0).getCluster().getMembers().size() == 1);
        int whole = 0;
        try (Engine engine = engine(members.get(0))) {
            for (int i = 0; i < logs; i++) {
                String address = "log" + i;
                Outcome next = insist(engine, address, "3");
                if (next.head().epoch().equals(epochs.get(address))) {
                    assertThat(ids(engine, address)).containsExactly("1", "2", "3");
                    whole++;
                } else {
                    assertThat(ids(engine, address)).containsExactly("3");
                }
            }
        }
        assertThat(whole).isPositive();
    }
}
