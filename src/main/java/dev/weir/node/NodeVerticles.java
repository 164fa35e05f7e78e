package dev.weir.node;

import dev.weir.bus.FailureText;
import dev.weir.bus.Tail;
import dev.weir.bus.VerticleState;
import dev.weir.config.VerticleConfig;
import dev.weir.script.ScriptTally;
import dev.weir.time.Clock;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.deployment.DeploymentContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users' verticles on a node: those of the configuration and those that they deployed themselves, and what their handlers threw.
 * Thread-safe.
 */
final class NodeVerticles {
    private static final Logger LOG = LoggerFactory.getLogger(NodeVerticles.class);
    private static final int FAILURES = 20;
    private static final int FRAMES = 12;
    private static final int MOST_FAILING = 1_000;
    private static final String OWN = "dev.weir.";

    private record Deployment(
            VerticleConfig config, String id, @Nullable ScriptTally script, LoopTimes.@Nullable Worked worked) {}

    private final VertxInternal vertx;
    private final Clock clock;
    private final @Nullable LoopTimes loops;
    private final List<Deployment> configured = new CopyOnWriteArrayList<>();
    private final Map<String, Tail> failures = new ConcurrentHashMap<>();

    /** Hears from now on what handlers throw and nobody catches; that is logged as before. */
    NodeVerticles(Vertx vertx, Clock clock) {
        this.vertx = (VertxInternal) vertx;
        this.clock = clock;
        this.loops = VertxMeters.of(vertx).map(VertxMeters::loops).orElse(null);
        vertx.exceptionHandler(this::failed);
    }

    /** A verticle of the configuration was deployed. */
    void deployed(VerticleConfig config, String id, @Nullable ScriptTally script) {
        configured.add(new Deployment(
                config, id, script, worked(vertx.deploymentManager().deployment(id))));
    }

    private LoopTimes.@Nullable Worked worked(@Nullable DeploymentContext deployment) {
        return loops == null || deployment == null ? null : loops.of(deployment);
    }

    /** What event loops did for the verticles of the configuration with a name. */
    VerticleState.Work work(String name) {
        return sum(configured.stream()
                .filter(each -> each.config.deploy().equals(name))
                .map(Deployment::worked));
    }

    /** Unknown where nothing is measured. */
    private static VerticleState.Work sum(Stream<LoopTimes.@Nullable Worked> all) {
        return all.filter(Objects::nonNull)
                .map(LoopTimes.Worked::read)
                .reduce((a, b) -> new VerticleState.Work(a.runs() + b.runs(), a.nanos() + b.nanos()))
                .orElse(VerticleState.Work.UNKNOWN);
    }

    private void failed(Throwable failure) {
        Context context = Vertx.currentContext();
        String deployment = context == null ? null : context.deploymentID();
        LOG.error("a handler failed, and nobody caught it", failure);
        if (deployment != null && (failures.size() < MOST_FAILING || failures.containsKey(deployment))) {
            failures.computeIfAbsent(deployment, first -> new Tail(FAILURES))
                    .add(clock.millis(), "error", describe(failure));
        }
    }

    private static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder(FailureText.of(failure));
        StackTraceElement[] frames = failure.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            text.append("\n    at ").append(frames[i]);
        }
        return text.toString();
    }

    /** Ids of all verticles there are. */
    Set<String> ids() {
        return vertx.deploymentIDs();
    }

    /** How they do now. */
    List<VerticleState> states() {
        Map<String, List<Deployment>> byName = new LinkedHashMap<>();
        configured.forEach(each -> byName.computeIfAbsent(each.config.deploy(), first -> new ArrayList<>())
                .add(each));
        List<VerticleState> states = new ArrayList<>();
        byName.values().forEach(same -> states.add(state(same)));
        states.addAll(deployedByCode());
        return states;
    }

    private VerticleState state(List<Deployment> same) {
        Deployment first = same.get(0);
        Set<String> ids = same.stream().map(Deployment::id).collect(Collectors.toSet());
        int instances = same.stream().mapToInt(each -> each.config.instances()).sum();
        ScriptTally script = first.script;
        String name = first.config.deploy();
        String at = first.config.at().toString();
        if (script != null) {
            return new VerticleState(
                    name,
                    true,
                    at,
                    ids,
                    instances,
                    script.running(),
                    script.waiting(),
                    script.work(),
                    script.errors(),
                    script.restarts(),
                    script.failures(),
                    script.log());
        }
        int running = same.stream()
                .filter(each -> vertx.deploymentIDs().contains(each.id))
                .mapToInt(each -> each.config.instances())
                .sum();
        return java(name, at, ids, instances, running, work(name));
    }

    private VerticleState java(
            String name, String at, Set<String> ids, int instances, int running, VerticleState.Work work) {
        Tail thrown = ids.stream()
                .map(failures::get)
                .filter(tail -> tail != null)
                .findFirst()
                .orElse(new Tail(FAILURES));
        return new VerticleState(
                name, false, at, ids, instances, running, 0, work, thrown.count(), 0, thrown, new Tail(1));
    }

    /** What users' verticles deployed themselves. */
    private List<VerticleState> deployedByCode() {
        Set<String> known = configured.stream().map(Deployment::id).collect(Collectors.toSet());
        Map<String, List<DeploymentContext>> byName = new LinkedHashMap<>();
        for (DeploymentContext each : vertx.deploymentManager().deployments()) {
            String identifier = each.deployment().identifier();
            String name = identifier.substring(identifier.indexOf(':') + 1);
            if (!known.contains(each.id()) && !name.startsWith(OWN)) {
                byName.computeIfAbsent(name, first -> new ArrayList<>()).add(each);
            }
        }
        List<VerticleState> states = new ArrayList<>();
        byName.forEach((name, same) -> {
            int instances = count(same);
            Set<String> ids = same.stream().map(DeploymentContext::id).collect(Collectors.toSet());
            states.add(
                    java(name, "", ids, instances, instances, sum(same.stream().map(this::worked))));
        });
        return states;
    }

    private static int count(Collection<DeploymentContext> same) {
        return same.stream()
                .mapToInt(each -> each.deployment().instances().size())
                .sum();
    }
}
