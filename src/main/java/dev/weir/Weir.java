package dev.weir;

import dev.weir.cli.Cli;
import dev.weir.cli.Output;
import dev.weir.cli.Program;
import dev.weir.cli.UsageException;
import dev.weir.config.ConfigException;
import dev.weir.node.Launch;
import io.vertx.core.Deployable;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.launcher.application.HookContext;
import io.vertx.launcher.application.VertxApplication;
import io.vertx.launcher.application.VertxApplicationHooks;
import java.io.FileDescriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The launcher. Takes {@code --conf FILE} out of the arguments, since the Vert.x launcher reads JSON only, and leaves all its
 * other options alone. A verticle named on the command line is launched instead of the server, as a member of its cluster.
 */
public final class Weir extends VertxApplication implements VertxApplicationHooks {
    private static final int CONFIGURATION_ERROR = 2;
    private static final List<String> CONF = List.of("--conf", "-conf");
    /** No verticle's name: those have dots or capitals. */
    private static final Pattern MISSPELLED = Pattern.compile("[a-z-]+");

    private static final List<String> CLUSTER_FLAGS = List.of("-c", "-cluster", "--cluster");

    private final Launch launch;
    private final boolean ownVerticle;

    private Weir(String[] args, Launch launch, boolean ownVerticle) {
        super(args);
        this.launch = launch;
        this.ownVerticle = ownVerticle;
    }

    /** Runs a command or starts a node. */
    public static void main(String[] args) {
        if (Cli.handles(args)) {
            System.exit(
                    new Cli(System.getenv(), Output.of(FileDescriptor.out), Output.of(FileDescriptor.err)).run(args));
        }
        List<String> rest = new ArrayList<>(Arrays.asList(args));
        if (!rest.isEmpty() && rest.get(0).equals("run")) {
            rest.remove(0);
        }
        // Netty's flight recorder events cost a tenth of a second at start, recorded or not.
        System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
        try {
            Program program = Program.takeFrom(rest);
            boolean clustered = rest.stream().anyMatch(CLUSTER_FLAGS::contains);
            boolean ownVerticle = !rest.isEmpty() && !rest.get(0).startsWith("-");
            if (!ownVerticle) {
                Launch.awaitReloads();
            }
            // With one dash it is a verticle's own configuration.
            String conf = takeConf(rest, ownVerticle ? CONF.subList(0, 1) : CONF);
            if (ownVerticle && MISSPELLED.matcher(rest.get(0)).matches()) {
                fail(Cli.unknown(rest.get(0)));
            }
            Launch launch = program == null
                    ? new Launch(conf, System.getenv(), clustered)
                    : Launch.ofProgram(conf, System.getenv(), clustered, program.arguments());
            new Weir(rest.toArray(String[]::new), launch, ownVerticle).launch();
        } catch (UsageException | ConfigException problems) {
            fail(String.valueOf(problems.getMessage()));
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
        launch.explain(failure).ifPresent(problems -> fail(String.valueOf(problems.getMessage())));
    }

    @Override
    public void afterFailureToDeployVerticle(HookContext context, Throwable failure) {
        if (failure instanceof ConfigException problems) {
            fail(String.valueOf(problems.getMessage()));
        }
        launch.ended(failure).ifPresent(said -> end(said, launch.exitCode(failure)));
        context.vertx().close();
    }

    /**
     * {@code --conf FILE} or {@code --conf=FILE}, for a node also with one dash as the launcher spells it. The launcher's own takes JSON
     * and stays.
     */
    private static @Nullable String takeConf(List<String> args, List<String> names) {
        String file = null;
        for (int i = 0; i < args.size(); ) {
            String word = args.get(i);
            boolean ofVerticle = i + 1 < args.size() && args.get(i + 1).strip().startsWith("{");
            if (names.contains(word) && ofVerticle) {
                i += 2;
            } else if (names.contains(word)) {
                args.remove(i);
                if (i == args.size()) {
                    fail("weir run: " + word + " needs a file; see weir help");
                }
                file = args.remove(i);
            } else if (names.stream().anyMatch(name -> word.startsWith(name + "="))) {
                file = args.remove(i).substring(word.indexOf('=') + 1);
            } else {
                i++;
            }
        }
        return file;
    }

    @SuppressWarnings("SystemOut") // The answer of a command-line program to its user.
    private static void fail(String error) {
        System.err.println(error);
        System.exit(CONFIGURATION_ERROR);
    }

    @SuppressWarnings("SystemOut") // The error of a program that could not begin.
    private static void end(String error, int code) {
        System.err.println(error);
        System.exit(code);
    }
}
