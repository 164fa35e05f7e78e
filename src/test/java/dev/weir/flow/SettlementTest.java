package dev.weir.flow;

import static dev.weir.flow.TrialFlow.get;
import static dev.weir.flow.TrialFlow.on;
import static dev.weir.flow.TrialFlow.taken;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.bus.FailureCode;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Refusal;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.flow.EngineFlows;
import dev.weir.time.Clock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events through stages that fail, wait, split and count as chance has it, over a real journal whose answers get lost, while the lane
 * dies and begins anew from what is kept. In the end each event has had its effects once, in order per key.
 */
class SettlementTest {
    private static final int EVENTS = 300;
    private static final int DEATHS = 12;

    @TempDir
    Path home;

    private final long seed = Long.getLong("weir.settlement.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** Answers that get lost, before and after what they answer. */
    private FlowJournal unreliable(FlowJournal real) {
        Random luck = new Random(seed + 1);
        return (FlowJournal) Proxy.newProxyInstance(
                FlowJournal.class.getClassLoader(), new Class<?>[] {FlowJournal.class}, (self, method, arguments) -> {
                    int kind = method.getName().equals("commit") ? luck.nextInt(20) : -1;
                    Refusal lost = new Refusal(FailureCode.UNAVAILABLE, "the journal does not answer now");
                    if (kind == 0) {
                        return Future.failedFuture(lost);
                    }
                    try {
                        Object answer = method.invoke(real, arguments);
                        return kind == 1 ? ((Future<?>) answer).compose(done -> Future.failedFuture(lost)) : answer;
                    } catch (InvocationTargetException wrong) {
                        throw wrong.getCause();
                    }
                });
    }

    @Test
    void eachEventHasItsEffectsOnceWheneverTheLaneDiesAndWhateverFails() throws Exception {
        try (TestNode node = TestNode.start(home, TrialFlow.YAML)) {
            EngineJournal journal = TrialFlow.journal(node);
            FlowJournal real = new EngineFlows(journal, Clock.system(), "one");
            FlowJournal unreliable = unreliable(real);
            FlowServices services = TrialFlow.services(node, "one", unreliable, home);
            FlowSpec spec = TrialFlow.spec(seed, home);
            Context context = node.vertx().getOrCreateContext();
            AtomicReference<RunningLane> lane = new AtomicReference<>();
            FlowRun run = new FlowRun("trial", Clock.system(), FlowMeters.NONE);
            Map<Integer, Long> claimed = get(real.claim("trial", Set.of(0), Duration.ofMinutes(5)));
            int published = 0;
            for (int death = 0; death <= DEATHS; death++) {
                on(context, () -> {
                    lane.set(new RunningLane(spec, services, run, new Partitioning(spec, false, claimed), unreliable));
                    return lane(lane).start();
                });
                long before = taken(run);
                for (int until = EVENTS * (death + 1) / (DEATHS + 1); published < until; published++) {
                    TrialFlow.publish(node, published);
                }
                if (death < DEATHS) {
                    int more = random.nextInt(EVENTS / (DEATHS + 1));
                    await().atMost(30, TimeUnit.SECONDS).until(() -> taken(run) >= before + more);
                    on(context, () -> {
                        lane(lane).abandon();
                        return Future.succeededFuture();
                    });
                }
            }
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> TrialFlow.out(journal).size() >= 2 * EVENTS);
            on(context, () -> lane(lane).close());
            TrialFlow.check(EVENTS, TrialFlow.out(journal), get(real.standing("trial", Set.of(0))), "seed " + seed);
        }
    }

    private static RunningLane lane(AtomicReference<RunningLane> lane) {
        return Objects.requireNonNull(lane.get());
    }
}
