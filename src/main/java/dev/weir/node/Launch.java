package dev.weir.node;

import dev.weir.config.Config;
import dev.weir.config.ConfigException;
import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.config.WeirConfig;
import dev.weir.script.ScriptException;
import dev.weir.script.ScriptSettings;
import dev.weir.script.ScriptVerticleFactory;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the launcher needs of a node: its Vert.x instance and its first verticle. Used once, on the main thread. */
public final class Launch {
    private final NodeSettings settings;
    private final boolean clustered;
    private final Logging logging;
    private ClusterMembers members = ClusterMembers.ALONE;
    private @Nullable List<String> program;

    /** The process is a node's: what asks it to reload its configuration before it is ready is done once it is. */
    public static void awaitReloads() {
        Signals.await(NodeVerticle.RELOAD);
    }

    /**
     * Reads the configuration.
     *
     * @param conf what {@code --conf} named, null to look in the usual places
     * @throws dev.weir.config.ConfigException with every problem
     */
    public Launch(@Nullable String conf, Map<String, String> env, boolean clustered) {
        this(Config.find(conf, env), env, clustered);
    }

    private Launch(Path file, Map<String, String> env, boolean clustered) {
        this.settings = NodeSettings.read(file, env);
        this.clustered = clustered;
        List<Problem> problems = settings.problems(clustered);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        this.logging = Logging.ofProcess(settings.loaded());
    }

    /**
     * Reads the configuration for a script that is launched instead of a node; without one, everything has its default.
     *
     * @param arguments those of the script
     * @throws dev.weir.config.ConfigException with every problem
     */
    public static Launch ofProgram(
            @Nullable String conf, Map<String, String> env, boolean clustered, List<String> arguments) {
        Path file = Config.find(conf, env);
        boolean none = conf == null && !env.containsKey("WEIR_CONF") && !Files.exists(file);
        Launch launch = new Launch(none ? nothing() : file, env, clustered);
        launch.program = List.copyOf(arguments);
        return launch;
    }

    private static Path nothing() {
        try {
            Path file = Files.createTempFile("weir", ".yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, "{}\n");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Vert.x is there: a script that is a program can be deployed by its name. */
    @SuppressWarnings("SystemOut") // The streams of a program.
    public void begin(Vertx vertx) {
        List<String> arguments = program;
        if (arguments == null) {
            return;
        }
        ScriptSettings configured = NodeScripts.settings(settings.loaded(), settings.env());
        ScriptSettings here = configured.at(Path.of("")).asProgram(arguments).withSignals(new ProgramSignals());
        vertx.registerVerticleFactory(
                ScriptVerticleFactory.ofProgram(here, System.out, System.err, code -> exit(vertx, code)));
        if (clustered && members.ids("").size() == 1) {
            System.err.println(
                    "weir js: no node answers at "
                            + String.join(
                                    ", ", settings.loaded().config().cluster().join())
                            + ": this program is a cluster of its own until one joins it. Start a node with weir run --cluster, or name one in"
                            + " cluster.join (WEIR_CLUSTER_JOIN); those of another cluster-name in conf/cluster.xml do not count");
        }
    }

    /** Not on an event loop, which the end of the process waits for. */
    private static void exit(Vertx vertx, int code) {
        Thread ending = new Thread(() -> System.exit(code), "weir-exit");
        vertx.close().onComplete(closed -> ending.start());
    }

    /** What to say of a script that could not begin. */
    public Optional<String> ended(Throwable failure) {
        return failure instanceof ScriptException said ? Optional.ofNullable(said.getMessage()) : Optional.empty();
    }

    /** The code that the process ends with then. */
    public int exitCode(Throwable failure) {
        return failure instanceof ScriptException said ? said.code() : 1;
    }

    /** A builder for a Vert.x instance as the configuration wants it. */
    public VertxBuilder vertx(VertxOptions options) {
        WeirConfig config = settings.loaded().config();
        options.setEventBusOptions(new EventBusOptions(options.getEventBusOptions())
                .setHost(config.cluster().host())
                .setClusterPingInterval(3_000)
                .setClusterPingReplyInterval(3_000));
        VertxBuilder builder = BusListeners.install(Vertx.builder()).with(options);
        Transports.apply(builder, config.http().transport());
        if (clustered) {
            // Hazelcast says its first words before it is told how.
            System.setProperty("hazelcast.logging.type", "slf4j");
            HazelcastCluster cluster = new HazelcastCluster(settings.loaded());
            options.getEventBusOptions().setPort(cluster.busPort());
            members = cluster;
            builder.withClusterManager(cluster.manager());
        }
        return builder;
    }

    /** What to tell the user when Vert.x did not start: two nodes that start at once may find the same port free. */
    public Optional<ConfigException> explain(Throwable failure) {
        if (!clustered || !NotListening.isTaken(failure)) {
            return Optional.empty();
        }
        return Optional.of(new ConfigException(List.of(new Problem(
                new Location("cluster.bus-port", 0),
                "another process took the event bus's port while this node joined the cluster",
                "start it again, or give each node its own cluster.bus-port (WEIR_CLUSTER_BUS_PORT)"))));
    }

    /** The verticle that deploys all others. */
    public Supplier<? extends Deployable> verticle() {
        return () -> new NodeVerticle(settings, members, logging);
    }
}
