package dev.weir.script;

import dev.weir.bus.VerticleName;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A verticle that is a JavaScript file. Its JavaScript runs on its event loop and nowhere else. What goes wrong in it concerns
 * this verticle only: it starts again, each time after a longer pause up to half a minute, or stops, as configured.
 */
public final class ScriptVerticle extends VerticleBase {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration WELL = Duration.ofMinutes(1);

    private final Path file;
    private final ScriptSettings settings;
    private final Logger log;
    private final ScriptConsole console;
    private final ScriptTally tally;
    private final IntConsumer programEnd;
    private final Promise<ScriptEnd> end = Promise.promise();
    private @Nullable ScriptRun run;
    private @Nullable ChangeWatch watch;
    private Timers.@Nullable Timer restart;
    private Duration pause = FIRST_PAUSE;
    private long begun;
    private @Nullable ScriptEnd reason;
    private boolean stopped;

    /** @param file absolute */
    public ScriptVerticle(Path file, ScriptSettings settings) {
        this(file, settings, new ScriptTally());
    }

    private ScriptVerticle(Path file, ScriptSettings settings, ScriptTally tally) {
        this(file, settings, logger(file), new LogConsole(logger(file), tally), tally, code -> {});
    }

    /**
     * @param console where the script's console goes
     * @param programEnd is told the exit code of a script that ended by itself
     */
    ScriptVerticle(
            Path file,
            ScriptSettings settings,
            Logger log,
            ScriptConsole console,
            ScriptTally tally,
            IntConsumer programEnd) {
        this.file = file;
        this.settings = settings;
        this.log = log;
        this.console = console;
        this.tally = tally;
        this.programEnd = programEnd;
    }

    static Logger logger(Path file) {
        return LoggerFactory.getLogger("js." + file.getFileName());
    }

    @Override
    public Future<?> start() {
        VerticleName.set(context, ScriptVerticleFactory.PREFIX + ":" + file.getFileName());
        if (settings.watch()) {
            watch = new ChangeWatch(vertx, Timers.of(vertx), this::changed);
        }
        return begin();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        tally.gone(this);
        if (restart != null) {
            restart.cancel();
        }
        if (watch != null) {
            watch.close();
        }
        if (run != null) {
            run.close();
        }
        if (reason == null) {
            end.tryComplete(new ScriptEnd(0, null));
        }
        return Future.succeededFuture();
    }

    /** When the script has ended by itself or was undeployed. */
    Future<ScriptEnd> whenEnded() {
        return end.future();
    }

    private Future<?> begin() {
        begun = Clock.of(vertx).nanos();
        ScriptRun made = new ScriptRun(vertx, context, file, settings, config(), log, console, tally, this::ended);
        run = made;
        return made.start().onComplete(up -> {
            if (watch != null) {
                watch.files(made.files());
            }
            if (stopped) {
                made.close();
            } else if (up.succeeded()) {
                tally.runs(this);
            }
        });
    }

    private void ended(ScriptEnd why) {
        if (why.error() != null) {
            tally.failed(why.error());
            console.line("error", why.error());
        }
        if (why.error() != null && settings.restart()) {
            again();
        } else {
            over(why);
        }
    }

    private void over(ScriptEnd why) {
        end.tryComplete(why);
        programEnd.accept(why.code());
        vertx.undeploy(deploymentID()).onFailure(gone -> log.debug("already undeployed: {}", gone.toString()));
    }

    private void again() {
        if (run != null) {
            run.close();
        }
        if (Clock.of(vertx).nanos() - begun > WELL.toNanos()) {
            pause = FIRST_PAUSE;
        }
        tally.waits(this);
        log.warn("{} starts again in {} s", file.getFileName(), pause.toSeconds());
        restart = Timers.of(vertx).after(pause, this::restart);
        Duration next = pause.multipliedBy(2);
        pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    private void restart() {
        restart = null;
        tally.restarted();
        begin().onFailure(failure -> {
            if (!stopped) {
                tally.failed(String.valueOf(failure.getMessage()));
                console.line("error", String.valueOf(failure.getMessage()));
                again();
            }
        });
    }

    private void changed(Path changed) {
        log.info("{} changed: {} starts again", changed.getFileName(), file.getFileName());
        if (restart != null) {
            restart.cancel();
        }
        if (run != null) {
            run.close();
        }
        pause = FIRST_PAUSE;
        restart();
    }
}
