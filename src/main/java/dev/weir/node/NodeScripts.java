package dev.weir.node;

import dev.weir.bus.VerticleState.Work;
import dev.weir.config.ConfigException;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Problem;
import dev.weir.config.ScriptConfig;
import dev.weir.config.VerticleConfig;
import dev.weir.script.ScriptException;
import dev.weir.script.ScriptMeters;
import dev.weir.script.ScriptSettings;
import dev.weir.script.ScriptTally;
import dev.weir.script.ScriptVerticleFactory;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Deploys what {@code verticles:} names, classes and scripts. Used while a node starts. */
final class NodeScripts {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Vertx vertx;
    private final LoadedConfig loaded;
    private final ScriptVerticleFactory scripts;
    private final NodeVerticles verticles;
    private final MeterRegistry metrics;

    /** @param verticles told of what is deployed */
    NodeScripts(Vertx vertx, NodeSettings settings, MeterRegistry metrics, NodeVerticles verticles) {
        this.verticles = verticles;
        this.metrics = metrics;
        this.vertx = vertx;
        this.loaded = settings.loaded();
        this.scripts = new ScriptVerticleFactory(settings(loaded, settings.env()), meters(metrics));
    }

    /** Begins with what the first script waits for longest, if there will be one, while the rest of the node starts. */
    static void warm(Vertx vertx, LoadedConfig loaded) {
        if (loaded.config().verticles().stream().anyMatch(NodeScripts::isScript)) {
            ScriptVerticleFactory.warm(vertx);
        }
    }

    private static boolean isScript(VerticleConfig verticle) {
        return verticle.deploy().startsWith(ScriptVerticleFactory.PREFIX + ":");
    }

    /** What the configuration lets scripts do. */
    static ScriptSettings settings(LoadedConfig loaded, Map<String, String> env) {
        ScriptConfig config = loaded.config().script();
        Map<String, String> seen = new HashMap<>();
        env.forEach((name, value) -> {
            if (config.environment().contains(name)) {
                seen.put(name, value);
            }
        });
        List<Path> folders = config.folders().stream().map(loaded::resolve).toList();
        return ScriptSettings.of(loaded.home())
                .withFolders(folders)
                .withEnvironment(seen)
                .withBlocking(config.warnAfter(), config.maxBlock())
                .withRestart(true, config.watch());
    }

    Future<?> deploy() {
        vertx.registerVerticleFactory(scripts);
        List<Future<String>> deployed = new ArrayList<>();
        for (VerticleConfig verticle : loaded.config().verticles()) {
            deployed.add(deploy(verticle)
                    .onSuccess(id -> deployed(verticle, id))
                    .recover(failure -> Future.failedFuture(notDeployed(verticle, failure))));
        }
        return Future.all(deployed);
    }

    private Future<String> deploy(VerticleConfig verticle) {
        DeploymentOptions options =
                new DeploymentOptions().setInstances(verticle.instances()).setConfig(new JsonObject(verticle.config()));
        if (!isScript(verticle)) {
            return vertx.deployVerticle(verticle.deploy(), options);
        }
        boolean restart = verticle.onError() == VerticleConfig.OnError.RESTART;
        return vertx.deployVerticle(() -> scripts.verticle(verticle.deploy(), restart), options);
    }

    private void deployed(VerticleConfig verticle, String id) {
        verticles.deployed(verticle, id, tally(verticle));
        String name = verticle.deploy();
        if (!isScript(verticle) && verticles.work(name).runs() >= 0) {
            counter("weir_verticle_runs", "Times an event loop turned to a Java verticle", name, Work::runs);
            counter(
                    "weir_verticle_seconds",
                    "Time event loops spent in a Java verticle",
                    name,
                    work -> work.nanos() / NANOS_PER_SECOND);
        }
    }

    private void counter(String meter, String what, String verticle, ToDoubleFunction<Work> value) {
        FunctionCounter.builder(meter, verticles, of -> value.applyAsDouble(of.work(verticle)))
                .description(what)
                .tag("verticle", verticle)
                .register(metrics);
    }

    private @Nullable ScriptTally tally(VerticleConfig verticle) {
        return isScript(verticle) ? scripts.tally(verticle.deploy()) : null;
    }

    private static ConfigException notDeployed(VerticleConfig verticle, Throwable failure) {
        boolean script = failure instanceof ScriptException;
        return new ConfigException(List.of(new Problem(
                verticle.at(),
                "verticles: cannot deploy " + verticle.deploy() + ": " + (script ? failure.getMessage() : failure),
                script
                        ? "mend the script where it says"
                        : "the class must be on the class path and extend VerticleBase or AbstractVerticle")));
    }

    private static ScriptMeters meters(MeterRegistry metrics) {
        return (name, what, script, tally, value) -> FunctionCounter.builder(name, tally, value)
                .description(what)
                .tag("script", script)
                .register(metrics);
    }
}
