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

import com.hazelcast.cluster.Address;
import dev.weir.journal.Engine;
import dev.weir.journal.JournalException;
import dev.weir.journal.Outcome;
import java.net.InetAddress;
import java.net.ServerSocket;
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
    private Members members = new Members(3, 1_000);

    @AfterEach
    void stop() {
        members.close();
    }

    /** The younger of two, after the older one went. */
    private Outcome survivor(Engine engine) throws Exception {
        Outcome before = insist(engine, "a", "1", "2");
        members.kill(0);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> members.get(1).getCluster().getMembers().size() == 1);
        return before;
    }

    private void two() {
        members.close();
        members = new Members(2, 1_000);
    }

    @Test
    void ofTwoTheYoungerGoesOnWhenTheOlderIsDead() throws Exception {
        two();
        try (Engine engine = engine(members.get(1))) {
            Outcome before = survivor(engine);
            Outcome after = insist(engine, "a", "2", "3");
            assertThat(after.offsets()).containsExactly(2, 3);
            assertThat(after.head().epoch()).isEqualTo(before.head().epoch());
        }
    }

    @Test
    void ofTwoTheYoungerTakesAnotherEpochWhenTheOlderMayBeAlive() throws Exception {
        two();
        Address other = members.get(0).getCluster().getLocalMember().getAddress();
        try (Engine engine = engine(members.get(1))) {
            Outcome before = survivor(engine);
            try (ServerSocket alive = new ServerSocket(other.getPort(), 1, InetAddress.getByName(other.getHost()))) {
                assertThat(alive.isBound()).isTrue();
                Outcome after = insist(engine, "a", "2", "3");
                assertThat(after.offsets()).containsExactly(2, 3);
                assertThat(after.head().epoch()).isNotEqualTo(before.head().epoch());
                assertThat(ids(engine, "a")).containsExactly("1", "2", "3");
            }
        }
    }

    /** What a producer does that is told {@code unavailable}. */
    private static Outcome insist(Engine engine, String address, String... ids) throws Exception {
        for (int i = 0; ; i++) {
            try {
                return append(engine, address, MANY, ids);
            } catch (JournalException refused) {
                assertThat(i).as(refused.toString()).isLessThan(1_500);
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
