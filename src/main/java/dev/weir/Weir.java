package dev.weir;

import dev.weir.cli.Cli;
import dev.weir.cli.Program;
import dev.weir.config.ConfigException;
import dev.weir.node.Launch;
import io.vertx.core.Deployable;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.launcher.application.HookContext;
import io.vertx.launcher.application.VertxApplication;
import io.vertx.launcher.application.VertxApplicationHooks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The launcher. Takes {@code --conf FILE} out of the arguments, since the Vert.x launcher reads JSON only, and leaves all its
 * other options alone. A verticle named on the command line is launched instead of the server, as a member of its cluster.
 */
public final class Weir extends VertxApplication implements VertxApplicationHooks {
    private static final int CONFIGURATION_ERROR = 2;
    private static final List<String> CLUSTER_FLAGS = List.of("-c", "-cluster", "--cluster");

    private final Launch launch;
    private final boolean ownVerticle;

    private Weir(String[] args, Launch launch, boolean ownVerticle) {
        super(args);
        this.launch = launch;
        this.ownVerticle = ownVerticle;
    }

    /** Runs a command or starts a node. */
    @SuppressWarnings("SystemOut") // The streams of a command-line program.
    public static void main(String[] args) {
        if (Cli.handles(args)) {
            System.exit(new Cli(System.getenv(), System.out, System.err).run(args));
        }
        List<String> rest = new ArrayList<>(Arrays.asList(args));
        if (!rest.isEmpty() && rest.get(0).equals("run")) {
            rest.remove(0);
        }
        Program program = Program.takeFrom(rest);
        // Netty's flight recorder events cost a tenth of a second at start, recorded or not.
        System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
        String conf = takeOption(rest, "--conf");
        boolean clustered = rest.stream().anyMatch(CLUSTER_FLAGS::contains);
        boolean ownVerticle = !rest.isEmpty() && !rest.get(0).startsWith("-");
        try {
            Launch launch = program == null
                    ? new Launch(conf, System.getenv(), clustered)
                    : Launch.ofProgram(conf, System.getenv(), clustered, program.arguments());
            new Weir(rest.toArray(String[]::new), launch, ownVerticle).launch();
        } catch (ConfigException problems) {
            fail(problems);
        }
    }

    @Override
    public VertxBuilder createVertxBuilder(VertxOptions options) {
        return launch.vertx(options);
    }

    @Override
    public void afterVertxStarted(HookContext context) {
        launch.begin(context.vertx());
    }

    @Override
    public @Nullable Supplier<? extends Deployable> verticleSupplier() {
        return ownVerticle ? null : launch.verticle();
    }

    @Override
    public void afterFailureToStartVertx(HookContext context, Throwable failure) {
        launch.explain(failure).ifPresent(Weir::fail);
    }

    @Override
    public void afterFailureToDeployVerticle(HookContext context, Throwable failure) {
        if (failure instanceof ConfigException problems) {
            fail(problems);
        }
        launch.ended(failure).ifPresent(Weir::end);
        context.vertx().close();
    }

    private static @Nullable String takeOption(List<String> args, String name) {
        int at = args.indexOf(name);
        if (at < 0 || at + 1 >= args.size()) {
            return null;
        }
        args.remove(at);
        return args.remove(at);
    }

    @SuppressWarnings("SystemOut") // The answer of a command-line program to its user.
    private static void fail(ConfigException problems) {
        System.err.println(problems.getMessage());
        System.exit(CONFIGURATION_ERROR);
    }

    @SuppressWarnings("SystemOut") // The error of a program that could not begin.
    private static void end(String error) {
        System.err.println(error);
        System.exit(1);
    }
}
