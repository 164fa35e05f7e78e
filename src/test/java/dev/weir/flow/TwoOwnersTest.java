package dev.weir.flow;

import static dev.weir.flow.TrialFlow.get;
import static dev.weir.flow.TrialFlow.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.PostgresServer;
import dev.weir.TestNode;
import dev.weir.bus.FlowJournal;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.flow.EngineFlows;
import dev.weir.time.Clock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes on one PostgreSQL: again and again one stands still in the middle of its work, the other takes over, and the first one goes
 * on as if nothing had happened. What it had done is refused, and each event has had its effects once.
 */
class TwoOwnersTest {
    private static final int EVENTS = 120;
    private static final int ROUNDS = 6;
    private static final Set<Integer> WHOLE = Set.of(0);

    @TempDir
    Path home;

    private final long seed = Long.getLong("weir.settlement.seed", System.nanoTime());

    /** A node that may stand still: then what its lane commits does not get on. */
    private final class Owner {
        final TestNode node;
        final EngineJournal journal;
        final FlowJournal real;
        final FlowJournal gated;
        final FlowServices services;
        final Context context;
        final FlowRun run = new FlowRun(TrialFlow.NAME, Clock.system(), FlowMeters.NONE);
        final AtomicReference<RunningLane> lane = new AtomicReference<>();
        final List<Boolean> late = new CopyOnWriteArrayList<>();
        private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        private volatile boolean still;

        Owner(String id, String yaml) {
            Path folder = home.resolve(id);
            node = TestNode.start(folder, yaml);
            journal = TrialFlow.journal(node);
            real = new EngineFlows(journal, Clock.system(), id);
            gated = gated();
            services = TrialFlow.services(node, id, gated, folder);
            context = node.vertx().getOrCreateContext();
            run.onLost(lost -> {
                lost.abandon();
                lane.set(null);
            });
        }

        private FlowJournal gated() {
            return (FlowJournal) Proxy.newProxyInstance(
                    FlowJournal.class.getClassLoader(),
                    new Class<?>[] {FlowJournal.class},
                    (self, method, arguments) -> {
                        if (!still || !method.getName().equals("commit")) {
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException wrong) {
                                throw wrong.getCause();
                            }
                        }
                        Promise<Boolean> done = Promise.promise();
                        waiting.add(() -> real.commit((dev.weir.bus.FlowCommit) arguments[0])
                                .onSuccess(late::add)
                                .onComplete(done));
                        return done.future();
                    });
        }

        /** Becomes the owner, of claims that another one may take at once. */
        void take(FlowSpec spec) throws Exception {
            AtomicReference<Map<Integer, Long>> claimed = new AtomicReference<>(Map.of());
            await().atMost(30, TimeUnit.SECONDS).until(() -> {
                claimed.set(get(real.claim(TrialFlow.NAME, WHOLE, Duration.ofMillis(1))));
                return !claimed.get().isEmpty();
            });
            on(context, () -> {
                RunningLane made =
                        new RunningLane(spec, services, run, new Partitioning(spec, false, claimed.get()), gated);
                lane.set(made);
                return made.start();
            });
        }

        void standStill() {
            still = true;
        }

        boolean hasWork() {
            return !waiting.isEmpty();
        }

        /** What it did meanwhile gets on now. */
        void goOn() {
            still = false;
            context.runOnContext(now -> {
                for (Runnable each = waiting.poll(); each != null; each = waiting.poll()) {
                    each.run();
                }
            });
        }
    }

    @Test
    void whatAnOwnerDidThatStoodStillIsRefusedOnceAnotherHasTakenOver() throws Exception {
        FlowSpec spec = TrialFlow.spec(seed, home);
        try (PostgresServer server = new PostgresServer(home)) {
            String yaml = "journal: {engine: postgresql, uri: '" + server.database("shop") + "'}\n" + TrialFlow.YAML;
            Owner now = new Owner("one", yaml);
            Owner next = new Owner("two", yaml);
            try (TestNode one = now.node;
                    TestNode two = next.node) {
                assertThat(List.of(one.port(), two.port())).doesNotHaveDuplicates();
                int published = 0;
                now.take(spec);
                for (int round = 1; round <= ROUNDS; round++) {
                    Owner stale = now;
                    int half = EVENTS / ROUNDS / 2;
                    published = publish(now, published, half);
                    stale.standStill();
                    published = publish(now, published, EVENTS * round / ROUNDS - published);
                    await().atMost(30, TimeUnit.SECONDS).until(stale::hasWork);
                    next.take(spec);
                    int all = published;
                    Owner taker = next;
                    await().atMost(30, TimeUnit.SECONDS)
                            .until(() -> TrialFlow.out(taker.journal).size() >= 2 * all);
                    stale.goOn();
                    await().atMost(30, TimeUnit.SECONDS).until(() -> stale.lane.get() == null);
                    assertThat(stale.late).isNotEmpty().containsOnly(false);
                    now = next;
                    next = stale;
                }
                Owner last = now;
                on(last.context, () -> {
                    RunningLane lane = last.lane.get();
                    return lane == null ? Future.succeededFuture() : lane.close();
                });
                TrialFlow.check(
                        EVENTS,
                        TrialFlow.out(last.journal),
                        get(last.real.standing(TrialFlow.NAME, WHOLE)),
                        "seed " + seed);
            }
        }
    }

    private static int publish(Owner at, int from, int count) throws Exception {
        for (int n = from; n < from + count; n++) {
            TrialFlow.publish(at.node, n);
        }
        return from + count;
    }
}
