package dev.weir;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** A node in a process of its own, as the launcher starts it; what is done to it is done by signals. */
public final class NodeProcess {
    /** A node that hangs must not hang the test that asks how it is. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private static final int LOG_LINES = 15;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER)
            .build();
    private final ProcessBuilder builder;
    private final int port;
    private final Path log;
    private Process process;

    /**
     * Starts it.
     *
     * @param folder its own; gets {@code weir.yaml} and what the node says
     * @param env further variables; {@code WEIR_HTTP_PORT} is needed
     */
    NodeProcess(Path folder, String yaml, Map<String, String> env, String... options) {
        try {
            Path conf = Files.writeString(Files.createDirectories(folder).resolve("weir.yaml"), yaml);
            log = folder.resolve("out.log");
            List<String> command = FastStart.command();
            command.addAll(List.of("run", "--conf", conf.toString()));
            command.addAll(List.of(options));
            builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(env);
            builder.environment().putIfAbsent("WEIR_HTTP_LOOPS", "1");
            if (!yaml.contains("ping-timeout")) {
                // Clients of tests do not ping, and a busy machine takes its time.
                builder.environment().putIfAbsent("WEIR_HTTP_PING_TIMEOUT", "10m");
            }
            // A busy machine is not what these tests are about.
            builder.environment().putIfAbsent("WEIR_HTTP_MAX_LAG", "1m");
            port = Integer.parseInt(env.get("WEIR_HTTP_PORT"));
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** A path as an address. */
    public String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /** Whether it serves. */
    public boolean isReady() {
        return get("/health/ready").startsWith("200 ");
    }

    /** Whether the process has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Status and body, or what went wrong. */
    public String get(String path) {
        try {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(url(path)))
                            .timeout(ANSWER)
                            .build(),
                    BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The body of what it answers once it answers with 200: it may be busy with what has just happened to it. */
    public JsonObject json(String path) {
        AtomicReference<String> answer = new AtomicReference<>("");
        Awaitility.await(path + " is answered").atMost(NodeProcesses.PATIENCE).until(() -> {
            answer.set(get(path));
            return answer.get().startsWith("200 ");
        });
        return new JsonObject(answer.get().substring(4));
    }

    /** How many listen to an address in the whole cluster, as this node counts; -1 when it does not say. */
    public int listeners(String address) {
        String answer = get("/v1/addresses/" + address);
        return answer.startsWith("200 ") ? new JsonObject(answer.substring(4)).getInteger("listeners") : -1;
    }

    /** A number of {@code /metrics}; -1 when it is not there. */
    public double metric(String name) {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(-1);
    }

    /** All that it has said. */
    public String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal by its name, such as {@code STOP}. */
    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        exitCode(Duration.ofSeconds(60));
    }

    /** Its exit code once it has ended. */
    public int exitCode(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("still runs after " + patience + "\n" + state());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts it again, on the same ports. */
    public void again() {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What can be seen of it from outside. */
    public String state() {
        StringBuilder state = new StringBuilder("node on port " + port + ", PID " + process.pid() + ", ");
        if (process.isAlive()) {
            state.append("runs\n  ready: ")
                    .append(get("/health/ready"))
                    .append("\n  nodes: ")
                    .append(metric("weir_cluster_nodes"))
                    .append("\n  addresses: ")
                    .append(get("/v1/addresses"));
        } else {
            state.append("ended with ").append(process.exitValue());
        }
        List<String> lines = output().lines().toList();
        state.append("\n  said last:");
        lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())
                .forEach(line -> state.append("\n    ").append(line));
        return state.append('\n').toString();
    }
}
