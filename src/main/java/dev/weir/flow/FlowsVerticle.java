package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.LocalAnswers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All flows of a node: deploys one verticle for each, follows the files on reload, answers about them. One per node. */
public final class FlowsVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(FlowsVerticle.class);

    private record Deployed(FlowVerticle flow, String id) {}

    private final FlowServices services;
    private final Map<String, Deployed> running = new LinkedHashMap<>();
    private final Map<String, FlowRun> runs = new HashMap<>();
    private final Neighbours neighbours;
    private Flows wanted;
    private Future<Void> changing = Future.succeededFuture();

    /** @param initial the flows that run first */
    public FlowsVerticle(Flows initial, FlowServices services) {
        this.wanted = initial;
        this.services = services;
        this.neighbours = new Neighbours(
                services, () -> running.values().forEach(each -> each.flow().follow()));
    }

    @Override
    public Future<?> start() {
        vertx.eventBus().<JsonObject>consumer(Addresses.FLOWS, this::hear);
        services.answers().answer(LocalAnswers.FLOWS, asked -> describe(asked.getString("flow")));
        return services.cluster()
                .ask(LocalAnswers.FLOWS, new JsonObject())
                .otherwise(List.of())
                .compose(told -> {
                    told.forEach(this::followPauses);
                    return neighbours.start().compose(looked -> adopt());
                });
    }

    @Override
    public Future<?> stop() {
        neighbours.stop();
        return Future.succeededFuture();
    }

    /** What is paused elsewhere is paused here from the beginning. */
    private void followPauses(JsonObject node) {
        for (Object each : node.getJsonArray("flows", new JsonArray())) {
            if (each instanceof JsonObject flow && "paused".equals(flow.getString("state"))) {
                run(flow.getString("flow")).paused(true);
            }
        }
    }

    private FlowRun run(String flow) {
        return runs.computeIfAbsent(flow, first -> new FlowRun(flow, services.clock(), services.meters()));
    }

    /** Puts flows in force: those that are new are begun, those that are gone end, those that changed are another from now on. */
    public Future<Void> use(Flows flows) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> {
            wanted = flows;
            adopt().onComplete(done);
        });
        return done.future();
    }

    private Future<Void> adopt() {
        changing = changing.otherwiseEmpty().compose(before -> {
            Map<String, FlowSpec> specs = new LinkedHashMap<>();
            wanted.all().forEach(spec -> specs.put(spec.name(), spec));
            List<Future<Void>> ended = new ArrayList<>();
            for (Map.Entry<String, Deployed> each : List.copyOf(running.entrySet())) {
                FlowSpec now = specs.get(each.getKey());
                if (now == null || each.getValue().flow().isOther(now)) {
                    running.remove(each.getKey());
                    if (now != null && !each.getValue().flow().isKept()) {
                        tellForgotten(each.getKey());
                    }
                    ended.add(vertx.undeploy(each.getValue().id()));
                }
            }
            return Future.join(ended)
                    .otherwiseEmpty()
                    .compose(gone -> begin(specs))
                    .onComplete(begun -> show());
        });
        return changing;
    }

    private Future<Void> begin(Map<String, FlowSpec> specs) {
        List<Future<Void>> begun = new ArrayList<>();
        specs.forEach((name, spec) -> {
            if (isSkipped(spec)) {
                LOG.info("flow {} is left out, as its file says: nothing here keeps what flows do", name);
            } else if (!running.containsKey(name)) {
                FlowVerticle made = new FlowVerticle(spec, services, run(name), neighbours::present);
                begun.add(vertx.deployVerticle(made)
                        .onFailure(failure -> LOG.error("flow {} does not run: {}", name, failure.getMessage()))
                        .map(id -> {
                            running.put(name, new Deployed(made, id));
                            show();
                            return null;
                        }));
            }
        });
        // One that does not run is said, and shown as failed; the others and the node go on.
        return Future.join(begun).<Void>mapEmpty().otherwiseEmpty();
    }

    /** What nothing keeps ends with the version that remembered it. */
    private void tellForgotten(String flow) {
        long keys = run(flow).stages().values().stream()
                .mapToLong(counts -> counts.keys)
                .sum();
        if (keys > 0) {
            LOG.info("flow {} changed, and what its stages remembered of {} keys in memory only is lost", flow, keys);
        }
    }

    private void show() {
        services.report().show(wanted.all().stream().map(this::shown).toList());
    }

    private FlowReport.Shown shown(FlowSpec spec) {
        Deployed deployed = running.get(spec.name());
        return deployed == null
                ? new FlowReport.Shown(spec, null, stateOf(spec), false)
                : new FlowReport.Shown(
                        spec, run(spec.name()), "running", deployed.flow().isKept());
    }

    /** What one does that does not run here. */
    private String stateOf(FlowSpec spec) {
        return isSkipped(spec) ? "skipped" : "failed";
    }

    private boolean isSkipped(FlowSpec spec) {
        return spec.skips()
                && services.journal().get() == null
                && FlowVerticle.keeps(spec, services).contains(true);
    }

    private void hear(Message<JsonObject> message) {
        JsonObject asked = message.body();
        String name = asked.getString("flow", "");
        Deployed deployed = running.get(name);
        String op = asked.getString("op", "");
        boolean known = wanted.names().contains(name);
        if (known && (op.equals("pause") || op.equals("resume"))) {
            run(name).paused(op.equals("pause"));
            if (deployed != null) {
                deployed.flow().follow();
            }
        }
    }

    /** How flows are doing on this node; of one flow when it is named, with its file. */
    private JsonObject describe(@Nullable String name) {
        JsonArray all = new JsonArray();
        wanted.all().forEach(spec -> {
            if (name == null || name.equals(spec.name())) {
                all.add(describe(spec, name != null));
            }
        });
        return new JsonObject().put("flows", all);
    }

    private JsonObject describe(FlowSpec spec, boolean whole) {
        Deployed deployed = running.get(spec.name());
        JsonObject json = deployed == null
                ? new JsonObject().put("state", stateOf(spec))
                : run(spec.name()).toJson().put("kept", deployed.flow().isKept());
        json.put("flow", spec.name()).put("digest", spec.digest());
        json.put("spread", spec.isSpread());
        if (whole) {
            json.put("file", spec.at().file()).put("text", spec.text()).put("graph", FlowGraph.of(spec));
        }
        return json;
    }
}
