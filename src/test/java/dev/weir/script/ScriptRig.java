package dev.weir.script;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.LoggerFactory;

/**
 * Runs scripts in tests. A script is a file of the rig's folder, deployed as a program: it ends when nothing is left to wait
 * for, at {@code process.exit} or with an uncaught error, and its console is kept as lines.
 *
 * <p>{@link #run} deploys a text and answers its lines once it has ended. {@link #deploy} starts one that stays until
 * {@link #close} (for servers); {@link #lines} are what was said so far, an uncaught error is a line beginning with
 * {@code Uncaught}. The engine is shared by all tests of the JVM; a rig of its own Vert.x takes some 50 ms.
 */
public final class ScriptRig implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    private final Vertx vertx;
    private final boolean own;
    private final Path folder;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private UnaryOperator<ScriptSettings> settings = given -> given;
    private int files;
    private int code;

    /** In a Vert.x of the test, with files in {@code folder}. */
    public ScriptRig(Vertx vertx, Path folder) {
        this.vertx = vertx;
        this.own = false;
        this.folder = folder;
    }

    /** In a Vert.x of its own. */
    public ScriptRig(Path folder) {
        this.vertx = Vertx.vertx();
        this.own = true;
        this.folder = folder;
    }

    /** Lets scripts do more, for example {@code given -> given.withFolders(List.of(folder))}. */
    public ScriptRig with(UnaryOperator<ScriptSettings> change) {
        settings = change;
        return this;
    }

    /** The Vert.x instance scripts are deployed in. */
    public Vertx vertx() {
        return vertx;
    }

    /** Writes a file into the rig's folder. */
    public Path file(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Runs a CommonJS text to its end; what it said. */
    public List<String> run(String script) {
        return run(file("script" + files++ + ".js", script));
    }

    /** Runs a file to its end; what it said. */
    public List<String> run(Path file) {
        int before = lines.size();
        start(file, new JsonObject());
        return List.copyOf(lines.subList(before, lines.size()));
    }

    private void start(Path file, JsonObject config) {
        ScriptVerticle verticle = verticle(file);
        try {
            vertx.deployVerticle(verticle, new DeploymentOptions().setConfig(config))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failed) {
            code = failed.getCause() instanceof ScriptException ended ? ended.code() : 1;
            lines.addAll(List.of(String.valueOf(failed.getCause().getMessage()).split("\n", -1)));
            return;
        }
        code = verticle.whenEnded()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join()
                .code();
    }

    /** Deploys a text that stays; the deployment's id. Fails as the deployment does. */
    public String deploy(String script, JsonObject config) {
        return deploy(file("script" + files++ + ".js", script), config);
    }

    /** Deploys a file that stays; the deployment's id. Fails as the deployment does. */
    public String deploy(Path file, JsonObject config) {
        return vertx.deployVerticle(verticle(file), new DeploymentOptions().setConfig(config))
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** What all scripts of this rig have said so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** The code with which the last script ended. */
    public int code() {
        return code;
    }

    @Override
    public void close() {
        if (own) {
            vertx.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }

    private ScriptVerticle verticle(Path file) {
        ScriptSettings base = ScriptSettings.of(folder).asProgram(List.of());
        return new ScriptVerticle(
                file.toAbsolutePath().normalize(),
                settings.apply(base),
                LoggerFactory.getLogger(ScriptRig.class),
                new Lines(),
                new ScriptTally(),
                ended -> {});
    }

    /** Keeps what scripts say. */
    private final class Lines implements ScriptConsole {
        private final StringBuilder open = new StringBuilder();

        @Override
        public void line(String level, String text) {
            lines.addAll(List.of(text.split("\n", -1)));
        }

        @Override
        public void write(boolean error, String text) {
            open.append(text);
            for (int end = open.indexOf("\n"); end >= 0; end = open.indexOf("\n")) {
                lines.add(open.substring(0, end));
                open.delete(0, end + 1);
            }
        }
    }
}
