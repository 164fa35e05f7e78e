package dev.weir.script;

import dev.weir.time.Clock;
import io.vertx.core.Deployable;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.spi.VerticleFactory;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes verticles of {@code js:FILE}. Registering it costs nothing: GraalVM is touched by the first script that is deployed.
 * Thread-safe.
 */
public final class ScriptVerticleFactory implements VerticleFactory {
    /** What names of scripts begin with. */
    public static final String PREFIX = "js";

    private final ScriptSettings settings;
    private final ScriptMeters meters;
    private final @Nullable ProgramConsole program;
    private final IntConsumer programEnd;
    private final Map<String, ScriptTally> tallies = new ConcurrentHashMap<>();
    private volatile Clock clock = Clock.system();

    private ScriptVerticleFactory(
            ScriptSettings settings, ScriptMeters meters, @Nullable ProgramConsole program, IntConsumer programEnd) {
        this.settings = settings;
        this.meters = meters;
        this.program = program;
        this.programEnd = programEnd;
    }

    /** @param settings for all scripts it makes */
    public ScriptVerticleFactory(ScriptSettings settings, ScriptMeters meters) {
        this(settings, meters, null, code -> {});
    }

    /** For one script that is a program: its console are the streams, and {@code ended} is told its exit code. */
    public static ScriptVerticleFactory ofProgram(
            ScriptSettings settings, PrintStream out, PrintStream err, IntConsumer ended) {
        return new ScriptVerticleFactory(settings, ScriptMeters.NONE, new ProgramConsole(out, err), ended);
    }

    /** Begins to make the engine, on a worker, for whoever knows that there will be scripts and has other things to do first. */
    public static void warm(Vertx vertx) {
        vertx.executeBlocking(
                        () -> {
                            ScriptRun.warm();
                            return null;
                        },
                        false)
                .onFailure(failure -> LoggerFactory.getLogger(ScriptVerticleFactory.class)
                        .warn("the engine of scripts could not be made", failure));
    }

    @Override
    public void init(Vertx vertx) {
        clock = Clock.of(vertx);
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public void createVerticle2(
            String verticleName, ClassLoader classLoader, Promise<Callable<? extends Deployable>> promise) {
        promise.complete(() -> verticle(verticleName, settings.restart()));
    }

    /**
     * A verticle of {@code js:FILE}.
     *
     * @param restart whether it starts again after an error nobody caught
     */
    public Deployable verticle(String name, boolean restart) {
        Path file = settings.home().resolve(VerticleFactory.removePrefix(name)).normalize();
        Logger log = ScriptVerticle.logger(file);
        ScriptTally tally = tallies.computeIfAbsent(nameOf(file), script -> ScriptTally.shown(script, meters, clock));
        return new ScriptVerticle(
                file,
                settings.withRestart(restart, settings.watch()),
                log,
                program == null ? new LogConsole(log, tally) : program,
                tally,
                programEnd);
    }

    /** What the verticles of {@code js:FILE} did; null while none was made. */
    public @Nullable ScriptTally tally(String name) {
        return tallies.get(nameOf(Path.of(VerticleFactory.removePrefix(name))));
    }

    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }
}
