package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.bus.AccessLog;
import dev.weir.bus.Authorizer;
import dev.weir.bus.Counters;
import dev.weir.bus.FailureCode;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Functions;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.bus.Refusal;
import dev.weir.config.Problems;
import dev.weir.event.EventHeaders;
import dev.weir.flow.sink.BuiltInTargets;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.flow.EngineFlows;
import dev.weir.node.NodeSettings;
import dev.weir.time.Clock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events through stages that fail, wait, split and count as chance has it, over a real journal whose answers get lost, while the lane
 * dies and begins anew from what is kept. In the end each event has had its effects once, in order per key.
 */
class SettlementTest {
    private static final String YAML = """
            addresses:
              - {match: in, publish: anyone, keep: {events: 100000}}
              - {match: out, history: anyone, keep: {events: 100000}}
            """;
    private static final String FLOW = """
            flow: trial
            from: in
            on-error: {retry: {attempts: 1000, backoff: [1ms, 5ms]}}
            stages: [chance, two, chance, tally, chance]
            to: out
            """;
    private static final int EVENTS = 300;
    private static final int DEATHS = 12;
    private static final int KEYS = 7;

    @TempDir
    Path home;

    private final long seed = Long.getLong("weir.settlement.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private FlowSpec spec() {
        Vocabulary words = new Vocabulary(
                List.of(TrialStages.chance(new Random(seed)), TrialStages.TWO, TrialStages.COUNT),
                BuiltInTargets.TYPES,
                List.of(),
                (kind, options, problems) -> {},
                Functions.NONE,
                home);
        Problems problems = new Problems();
        FlowSpec spec = new FlowReader(words).read("trial.yaml", FLOW, problems);
        assertThat(problems.list()).isEmpty();
        return Objects.requireNonNull(spec);
    }

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

    private FlowServices services(TestNode node, FlowJournal journal) {
        Publisher publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
        NodeSettings settings = NodeSettings.read(home.resolve("conf").resolve("weir.yaml"), Map.of());
        return new FlowServices(
                node.vertx(),
                "one",
                () -> List.of("one"),
                Clock.system(),
                publisher,
                new Authorizer(node.vertx(), Clock.system(), new AtomicReference<>(settings.policies())),
                new Counters(),
                () -> journal,
                new LocalAnswers(node.vertx()),
                (question, parameters) -> Future.succeededFuture(List.of()),
                FlowMeters.NONE,
                new AccessLog(),
                home);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    private static <T> T on(Context context, Callable<Future<T>> action) throws Exception {
        Promise<T> done = Promise.promise();
        context.runOnContext(now -> {
            try {
                action.call().onComplete(done);
            } catch (Exception wrong) {
                done.fail(wrong);
            }
        });
        return get(done.future());
    }

    private void publish(TestNode node, int n) throws Exception {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add(EventHeaders.ID, "e" + n)
                .add(EventHeaders.SUBJECT, "k" + n % KEYS);
        get(Objects.requireNonNull(Publisher.of(node.vertx()))
                .publish(Origin.node("test"), "in", headers, new JsonObject().put("n", n), 0));
    }

    @Test
    void eachEventHasItsEffectsOnceWheneverTheLaneDiesAndWhateverFails() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            EngineJournal journal = (EngineJournal) Objects.requireNonNull(
                    Objects.requireNonNull(Publisher.of(node.vertx())).journal());
            FlowJournal real = new EngineFlows(journal, Clock.system(), "one");
            FlowJournal unreliable = unreliable(real);
            FlowServices services = services(node, unreliable);
            FlowSpec spec = spec();
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
                    publish(node, published);
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
            await().atMost(60, TimeUnit.SECONDS).until(() -> read(journal).size() >= 2 * EVENTS);
            on(context, () -> lane(lane).close());
            check(read(journal), get(real.standing("trial", Set.of(0))));
        }
    }

    private static long taken(FlowRun run) {
        return run.toJson().getLong("taken");
    }

    private static RunningLane lane(AtomicReference<RunningLane> lane) {
        return Objects.requireNonNull(lane.get());
    }

    /** By key, what came out in order. */
    private void check(List<JsonObject> out, FlowJournal.Standing standing) {
        Map<String, List<JsonArray>> expected = new TreeMap<>();
        for (int n = 0; n < EVENTS; n++) {
            List<JsonArray> own = expected.computeIfAbsent("k" + n % KEYS, first -> new ArrayList<>());
            for (int part = 0; part < 2; part++) {
                own.add(new JsonArray().add(n).add(part).add((long) own.size() + 1));
            }
        }
        Map<String, List<JsonArray>> found = new TreeMap<>();
        out.forEach(each -> found.computeIfAbsent("k" + each.getInteger("n") % KEYS, first -> new ArrayList<>())
                .add(TrialStages.row(each)));
        assertThat(found).as("seed " + seed).isEqualTo(expected);
        assertThat(standing.parked()).isEmpty();
        assertThat(standing.cursors())
                .extracting(cursor -> cursor.at().offset())
                .containsExactly((long) EVENTS);
        Map<String, String> counts = new TreeMap<>();
        standing.states().forEach(state -> counts.put(state.key(), state.json()));
        expected.forEach((key, rows) -> assertThat(counts).containsEntry(key, "" + rows.size()));
        assertThat(counts).hasSameSizeAs(expected);
    }

    private static List<JsonObject> read(EngineJournal journal) throws Exception {
        List<JsonObject> all = new ArrayList<>();
        for (Kept page = get(journal.read("out", 0, 500));
                !page.events().isEmpty();
                page = get(journal.read("out", page.to(), 500))) {
            for (KeptEvent event : page.events()) {
                all.add((JsonObject) Objects.requireNonNull(event.body()));
            }
        }
        return all;
    }
}
