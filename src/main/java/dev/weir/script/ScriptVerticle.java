package dev.weir.script;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A verticle that is a JavaScript file. Its JavaScript runs on its event loop and nowhere else. What goes wrong in it stops
 * this verticle only.
 */
public final class ScriptVerticle extends VerticleBase {
    private final Path file;
    private final ScriptSettings settings;
    private final Logger log;
    private final ScriptConsole console;
    private final Promise<ScriptEnd> end = Promise.promise();
    private @Nullable ScriptRun run;

    /** @param file absolute */
    public ScriptVerticle(Path file, ScriptSettings settings) {
        this(file, settings, LoggerFactory.getLogger("js." + file.getFileName()));
    }

    private ScriptVerticle(Path file, ScriptSettings settings, Logger log) {
        this(file, settings, log, new LogConsole(log));
    }

    /** @param console where the script's console goes instead of the log */
    ScriptVerticle(Path file, ScriptSettings settings, Logger log, ScriptConsole console) {
        this.file = file;
        this.settings = settings;
        this.log = log;
        this.console = console;
    }

    @Override
    public Future<?> start() {
        ScriptRun begun = new ScriptRun(vertx, context, file, settings, config(), log, console, this::ended);
        run = begun;
        return begun.start();
    }

    @Override
    public Future<?> stop() {
        if (run != null) {
            run.close();
        }
        return Future.succeededFuture();
    }

    /** When the script has ended by itself or was undeployed. */
    Future<ScriptEnd> whenEnded() {
        return end.future();
    }

    private void ended(ScriptEnd why) {
        if (why.error() != null) {
            console.line("error", why.error());
        }
        vertx.undeploy(deploymentID())
                .onComplete(undeployed -> end.tryComplete(why))
                .onFailure(gone -> log.debug("already undeployed: {}", gone.toString()));
    }
}
