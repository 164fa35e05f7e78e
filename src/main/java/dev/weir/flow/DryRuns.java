package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Journal;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Refusal;
import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a candidate for a flow go through what is kept of the addresses that it reads, beside the version that runs, without any effect.
 * One at a time on a node; what it computes is computed on a thread of its own, page by page, so that no event loop waits. Owned by
 * the context that serves it.
 */
public final class DryRuns {
    private static final Logger LOG = LoggerFactory.getLogger(DryRuns.class);
    private static final long LONGEST_MILLIS = 20_000;

    private final FlowServices services;
    private final Supplier<Vocabulary> words;
    private final Supplier<Flows> inForce;
    private @Nullable WorkerExecutor worker;
    private boolean busy;

    /**
     * Nothing is loaded before it is asked for.
     *
     * @param words what the candidate's file may say
     * @param inForce the flows that run
     */
    public DryRuns(FlowServices services, Supplier<Vocabulary> words, Supplier<Flows> inForce) {
        this.services = services;
        this.words = words;
        this.inForce = inForce;
    }

    /** Begins to answer the edges of this node, on the caller's context. */
    public Future<Void> serve() {
        return services.vertx()
                .eventBus()
                .<JsonObject>localConsumer(Addresses.DRY_RUNS, this::hear)
                .completion();
    }

    private void hear(Message<JsonObject> asked) {
        if (busy) {
            Refusal refusal = new Refusal(FailureCode.BUSY, "another dry run is under way on this node");
            asked.fail(refusal.code().number(), refusal.getMessage());
            return;
        }
        busy = true;
        Future<JsonObject> answer;
        try {
            answer = run(DryRunRequest.of(asked.body()));
        } catch (Refusal refusal) {
            answer = Future.failedFuture(refusal);
        }
        answer.onComplete(either -> busy = false).onSuccess(asked::reply).onFailure(failure -> refuse(asked, failure));
    }

    private static void refuse(Message<JsonObject> asked, Throwable failure) {
        if (failure instanceof ConfigException wrong) {
            asked.reply(new JsonObject().put("problems", problems(wrong.problems())));
        } else if (failure instanceof Refusal refusal) {
            asked.fail(refusal.code().number(), refusal.getMessage());
        } else {
            LOG.error("a dry run failed", failure);
            asked.fail(FailureCode.UNAVAILABLE.number(), FailureCode.UNAVAILABLE.meaning());
        }
    }

    private static JsonArray problems(List<Problem> problems) {
        JsonArray told = new JsonArray();
        problems.forEach(problem -> told.add(new JsonObject()
                .put("file", problem.at().file())
                .put("line", problem.at().line())
                .put("message", problem.message())
                .put("mend", problem.mend())));
        return told;
    }

    private <T> Future<T> work(Callable<T> part) {
        WorkerExecutor known = worker;
        if (known == null) {
            known = services.vertx().createSharedWorkerExecutor("weir-dry-run-" + services.nodeId(), 1);
            worker = known;
        }
        return known.executeBlocking(part, true);
    }

    private Future<JsonObject> run(DryRunRequest request) {
        Flows running = inForce.get();
        return work(() -> running.candidate(
                        request.file(),
                        request.text(),
                        words.get(),
                        services.authorizer().policies()))
                .compose(candidate -> {
                    FlowSpec other = running.find(candidate.name());
                    Future<JsonObject> answer = request.limit() == 0
                            ? Future.succeededFuture(new JsonObject())
                            : rehearse(request, candidate, other);
                    return answer.compose(
                            told -> losses(candidate, other).map(losses -> told.put("flow", candidate.name())
                                    .put("known", other != null)
                                    .put("forgets", losses)));
                });
    }

    private Future<JsonObject> rehearse(DryRunRequest request, FlowSpec candidate, @Nullable FlowSpec other) {
        Journal journal = services.publisher().journal();
        if (journal == null) {
            return Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "this node keeps nothing"));
        }
        DryInputs inputs = new DryInputs(services, journal, request);
        List<FlowSpec> versions = other == null || request.emitted() ? List.of(candidate) : List.of(candidate, other);
        List<Future<Map<String, List<String>>>> reads =
                versions.stream().map(inputs::of).toList();
        return Future.all(reads)
                .compose(found -> open(request, inputs, versions, reads))
                .compose(run -> go(run).compose(done -> work(() -> {
                            run.end(endMillis(request, run));
                            return run;
                        }))
                        .compose(done -> compare(request, journal, run, inputs))
                        .map(told -> told.put("notes", new JsonArray(new ArrayList<>(inputs.notes())))));
    }

    private Future<DryRun> open(
            DryRunRequest request,
            DryInputs inputs,
            List<FlowSpec> versions,
            List<Future<Map<String, List<String>>>> reads) {
        Set<String> addresses = new HashSet<>();
        Set<String> lookups = new HashSet<>();
        reads.forEach(each -> addresses.addAll(each.result().keySet()));
        versions.forEach(spec -> spec.all().forEach(stage -> lookups.addAll(stage.lookups())));
        if (addresses.isEmpty()) {
            throw new Refusal(
                    FailureCode.INVALID_PARAMETER,
                    "nothing that the flow reads has a past: " + String.join("; ", inputs.notes()));
        }
        Future<Past> past = inputs.past(addresses);
        Future<Map<String, Latest>> tables = inputs.tables(lookups);
        return Future.all(past, tables)
                .map(both -> new DryRun(
                        past.result(),
                        start -> lanes(versions, reads, tables.result(), start),
                        request.limit(),
                        late()));
    }

    private Future<JsonObject> compare(DryRunRequest request, Journal journal, DryRun run, DryInputs inputs) {
        if (!request.emitted()) {
            return work(() -> tell(request, run, null));
        }
        DryLane candidate = run.lanes().get(0);
        EmittedThen then = new EmittedThen(journal, candidate.spec().name(), run.ids());
        Set<String> kept = new TreeSet<>();
        candidate.emitted().forEach(one -> kept.add(one.to()));
        for (FlowSpec spec : inForce.get().all()) {
            if (spec.name().equals(candidate.spec().name())) {
                spec.all().forEach(stage -> kept.addAll(stage.emits()));
            }
        }
        kept.removeIf(to -> services.publisher().keepOf(to) == null);
        return then.read(kept, run.beginMillis()).compose(before -> {
            inputs.note(
                    "compared is what was emitted to " + (kept.isEmpty() ? "no address, since none has keep" : kept));
            if (then.isCut()) {
                inputs.note("more was emitted than is compared; ask for less of the past");
            }
            return work(() -> tell(request, run, before));
        });
    }

    private BooleanSupplier late() {
        long end = services.clock().millis() + LONGEST_MILLIS;
        return () -> services.clock().millis() > end;
    }

    private List<DryLane> lanes(
            List<FlowSpec> versions,
            List<Future<Map<String, List<String>>>> reads,
            Map<String, Latest> tables,
            long startMillis) {
        List<DryLane> lanes = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            lanes.add(new DryLane(versions.get(i), reads.get(i).result(), tables, services.authorizer(), startMillis));
        }
        return lanes;
    }

    private Future<Void> go(DryRun run) {
        return run.past()
                .fill()
                .compose(filled -> work(run::work))
                .compose(more -> more ? go(run) : Future.succeededFuture());
    }

    /** @param then what was emitted, where that is compared with */
    private JsonObject tell(DryRunRequest request, DryRun run, @Nullable List<Emission> then) {
        DryLane candidate = run.lanes().get(0);
        JsonObject json = DryRunAnswer.of(run).put("candidate", DryRunAnswer.of(candidate, request.show()));
        if (then != null) {
            List<Emission> now = candidate.emitted().stream()
                    .filter(one -> services.publisher().keepOf(one.to()) != null)
                    .toList();
            Difference difference = Difference.of(then, now, false);
            json.put("difference", DryRunAnswer.of(difference, "emitted", request.show()));
        } else if (run.lanes().size() > 1) {
            DryLane running = run.lanes().get(1);
            Difference difference = Difference.of(running.outcome(), candidate.outcome(), true);
            json.put("running", DryRunAnswer.of(running, request.show()))
                    .put("difference", DryRunAnswer.of(difference, "rehearsed", request.show()));
        }
        run.close();
        return json;
    }

    /** Until now, or the time that was asked for; where a position ends it, until its last event. */
    private long endMillis(DryRunRequest request, DryRun run) {
        long now = services.clock().millis();
        if (request.until() == null) {
            return now;
        }
        Long until = request.until().millis();
        return until == null ? run.endMillis() : Math.min(now, until);
    }

    /** What would be lost of what is remembered now. */
    private Future<JsonArray> losses(FlowSpec candidate, @Nullable FlowSpec other) {
        FlowJournal journal = services.journal().get();
        boolean kept =
                journal != null && FlowVerticle.keeps(candidate, services).contains(true);
        Future<List<StageMemory.Loss>> losses = journal != null && kept
                ? journal.remembered(candidate.name()).map(names -> StageMemory.losses(candidate, names))
                : other == null || other.digest().equals(candidate.digest())
                        ? Future.succeededFuture(List.of())
                        : inMemory(candidate);
        return losses.map(
                all -> new JsonArray(all.stream().map(StageMemory.Loss::toJson).toList()));
    }

    /** What nothing keeps is in the memory of the nodes that run it. */
    private Future<List<StageMemory.Loss>> inMemory(FlowSpec candidate) {
        return services.cluster()
                .ask(LocalAnswers.FLOWS, new JsonObject().put("flow", candidate.name()))
                .map(parts -> StageMemory.inMemory(candidate, parts));
    }
}
