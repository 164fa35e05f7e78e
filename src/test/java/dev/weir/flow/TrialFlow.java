package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import dev.weir.bus.AccessLog;
import dev.weir.bus.Authorizer;
import dev.weir.bus.Counters;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Functions;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.config.Problems;
import dev.weir.event.EventHeaders;
import dev.weir.flow.sink.BuiltInTargets;
import dev.weir.journal.EngineJournal;
import dev.weir.node.NodeSettings;
import dev.weir.time.Clock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A flow of stages that fail, wait, split and count as chance has it, and what tests need to run its lanes by hand on real nodes. */
final class TrialFlow {
    static final String NAME = "trial";
    static final String YAML = """
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
    private static final int KEYS = 7;

    private TrialFlow() {}

    static FlowSpec spec(long seed, Path home) {
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

    /** @param home that of the node */
    static FlowServices services(TestNode node, String id, FlowJournal journal, Path home) {
        NodeSettings settings = NodeSettings.read(home.resolve("conf").resolve("weir.yaml"), Map.of());
        return new FlowServices(
                node.vertx(),
                id,
                () -> List.of(id),
                Clock.system(),
                publisher(node),
                new Authorizer(node.vertx(), Clock.system(), new AtomicReference<>(settings.policies())),
                new Counters(),
                () -> journal,
                new LocalAnswers(node.vertx()),
                (question, parameters) -> Future.succeededFuture(List.of()),
                FlowMeters.NONE,
                new FlowReport(Clock.system()),
                new AccessLog(),
                home);
    }

    private static Publisher publisher(TestNode node) {
        return Objects.requireNonNull(Publisher.of(node.vertx()));
    }

    static EngineJournal journal(TestNode node) {
        return (EngineJournal) Objects.requireNonNull(publisher(node).journal());
    }

    static <T> T get(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    static <T> T on(Context context, Callable<Future<T>> action) throws Exception {
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

    static void publish(TestNode node, int n) throws Exception {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add(EventHeaders.ID, "e" + n)
                .add(EventHeaders.SUBJECT, "k" + n % KEYS);
        get(publisher(node).publish(Origin.node("test"), "in", headers, new JsonObject().put("n", n), 0));
    }

    static long taken(FlowRun run) {
        return run.toJson().getLong("taken");
    }

    /** Each event had its effects once, in order per key. */
    static void check(int events, List<JsonObject> out, FlowJournal.Standing standing, String hint) {
        Map<String, List<JsonArray>> expected = new TreeMap<>();
        for (int n = 0; n < events; n++) {
            List<JsonArray> own = expected.computeIfAbsent("k" + n % KEYS, first -> new ArrayList<>());
            for (int part = 0; part < 2; part++) {
                own.add(new JsonArray().add(n).add(part).add((long) own.size() + 1));
            }
        }
        Map<String, List<JsonArray>> found = new TreeMap<>();
        out.forEach(each -> found.computeIfAbsent("k" + each.getInteger("n") % KEYS, first -> new ArrayList<>())
                .add(TrialStages.row(each)));
        assertThat(found).as(hint).isEqualTo(expected);
        assertThat(standing.parked()).isEmpty();
        assertThat(standing.cursors())
                .extracting(cursor -> cursor.at().offset())
                .containsExactly((long) events);
        Map<String, String> counts = new TreeMap<>();
        standing.states().forEach(state -> counts.put(state.key(), state.json()));
        expected.forEach((key, rows) -> assertThat(counts).containsEntry(key, "" + rows.size()));
        assertThat(counts).hasSameSizeAs(expected);
    }

    /** All that came out. */
    static List<JsonObject> out(EngineJournal journal) throws Exception {
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
