package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program of its own, started as a user would start it. What it says goes to a file; closing ends it. */
public final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Pattern PAGE = Pattern.compile("page {7}(http://\\S+)/\\s");

    private final Process process;
    private final Path log;
    private final String name;

    private Program(Process process, Path log, String name) {
        this.process = process;
        this.log = log;
        this.name = name;
    }

    /**
     * Starts a program.
     *
     * @param folder where
     * @param env added to the environment, from which every {@code WEIR_} variable is taken first; an empty value takes one out
     */
    public static Program start(Path folder, Map<String, String> env, List<String> command) {
        try {
            Path log = Files.createTempFile("program", ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toAbsolutePath().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().keySet().removeIf(variable -> variable.startsWith("WEIR_"));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            // A busy machine is not what these tests are about.
            builder.environment().put("WEIR_HTTP_MAX_LAG", "1m");
            builder.environment().putAll(env);
            return new Program(builder.start(), log, String.join(" ", command));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lets {@code scripts/weir} take the jar that was built right before as it is: where only the time of a source is newer, nothing
     * was built again, and a build inside the build would disturb it.
     */
    public static void useBuiltJar() {
        String touch =
                "[ -z \"$(find pom.xml src/main webroot/client -newer target/weir.jar -print -quit)\" ] || touch target/weir.jar";
        try (Program touched = shell(Path.of(""), Map.of(), touch)) {
            assertThat(touched.exit()).as(touched.output()).isZero();
        }
    }

    /** Starts a line of a shell. */
    public static Program shell(Path folder, Map<String, String> env, String line) {
        return start(folder, env, List.of("bash", "-c", line));
    }

    /** What it said so far, errors included. */
    public String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it says something; fails when it ends before. */
    public Program says(Predicate<String> what) {
        await(name + "; it said: " + output()).atMost(PATIENCE).until(() -> what.test(output()) || !process.isAlive());
        assertThat(output()).as(name).matches(what);
        return this;
    }

    /** Waits until it, a node, is ready; the answer is its URL. */
    public String ready() {
        says(said -> said.contains("    transport  "));
        Matcher page = PAGE.matcher(output());
        assertThat(page.find()).as(output()).isTrue();
        return page.group(1);
    }

    /** Sends it a signal. */
    public void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Waits for its end; the answer is its exit code. */
    public int exit() {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ends; it said: %s", name, output())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
