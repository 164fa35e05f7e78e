package dev.weir.junit;

import dev.weir.emitter.Emitter;
import dev.weir.node.NodeSettings;
import dev.weir.node.NodeVerticle;
import dev.weir.time.JumpingTime;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole node in the process of a test: real HTTP on a free port of 127.0.0.1, a journal in a folder that is deleted afterwards, a
 * clock that jumps. {@link WithWeir} makes one; by hand it is of use without JUnit. Thread-safe; not for event loops, since it waits.
 */
public final class WeirNode implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Vertx vertx;
    private final NodeVerticle node;
    private final WeirTime time;
    private final Path folder;

    private WeirNode(Vertx vertx, NodeVerticle node, WeirTime time, Path folder) {
        this.vertx = vertx;
        this.node = node;
        this.time = time;
        this.folder = folder;
    }

    /** Starts a node with a configuration written as in {@code conf/weir.yaml} and waits until it serves. */
    public static WeirNode start(String yaml) {
        return start(yaml, Map.of());
    }

    /**
     * Starts a node and waits until it serves.
     *
     * @param yaml its configuration
     * @param environment variables, as {@code WEIR_HTTP_MAX_LAG}
     * @throws dev.weir.config.ConfigException with every problem of the configuration
     */
    public static WeirNode start(String yaml, Map<String, String> environment) {
        return start(
                folder -> Files.writeString(
                        Files.createDirectories(folder.resolve("conf")).resolve("weir.yaml"), yaml),
                environment);
    }

    /** Starts a node with a configuration file, whose relative paths resolve as ever; its journal is elsewhere. */
    public static WeirNode start(Path file, Map<String, String> environment) {
        return start(folder -> file, environment);
    }

    private interface Configuration {
        Path in(Path folder) throws IOException;
    }

    private static WeirNode start(Configuration configuration, Map<String, String> environment) {
        Path folder = null;
        Vertx vertx = null;
        try {
            folder = Files.createTempDirectory("weir-test");
            Path file = configuration.in(folder);
            NodeSettings settings = NodeSettings.read(file, variables(Files.readString(file), folder, environment));
            vertx = NodeVerticle.counting(Vertx.builder()).build();
            WeirTime time = new WeirTime(JumpingTime.install(vertx));
            NodeVerticle node = NodeVerticle.alone(settings);
            await("start", vertx.deployVerticle(node));
            return new WeirNode(vertx, node, time, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException failure) {
            end(vertx, folder);
            throw failure;
        }
    }

    private static Map<String, String> variables(String yaml, Path folder, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>();
        all.put("WEIR_HTTP_PORT", "0");
        all.put("WEIR_HTTP_LOOPS", "1");
        all.put("WEIR_JOURNAL_PATH", folder.resolve("data").toString());
        // A busy machine is not what tests are about, nor a client that an hour's jump finds silent.
        unlessSaid(yaml, "max-lag", "WEIR_HTTP_MAX_LAG", "1m", all);
        unlessSaid(yaml, "ping-timeout", "WEIR_HTTP_PING_TIMEOUT", "7d", all);
        all.putAll(environment);
        return all;
    }

    private static void unlessSaid(String yaml, String key, String variable, String value, Map<String, String> all) {
        if (!yaml.contains(key)) {
            all.put(variable, value);
        }
    }

    /** Where it serves: {@code http://127.0.0.1:40123}. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + node.port());
    }

    /** Its Vert.x instance: what is deployed here runs inside the node. */
    public Vertx vertx() {
        return vertx;
    }

    /** Its clock. */
    public WeirTime time() {
        return time;
    }

    /** An emitter inside the node. */
    public Emitter emitter(String address) {
        return Emitter.of(vertx, address);
    }

    /** Reads the configuration again and waits until it is in force. */
    public void reload() {
        await("reload", node.reload());
    }

    @Override
    public void close() {
        end(vertx, folder);
    }

    private static void end(@Nullable Vertx vertx, @Nullable Path folder) {
        try {
            if (vertx != null) {
                await("stop", vertx.close());
            }
        } finally {
            if (folder != null) {
                delete(folder);
            }
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(String what, Future<?> done) {
        try {
            done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new IllegalStateException("the node did not " + what + " in " + PATIENCE_SECONDS + " s", late);
        }
    }
}
