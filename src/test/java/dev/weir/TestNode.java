package dev.weir;

import dev.weir.node.NodeSettings;
import dev.weir.node.NodeVerticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real node in this process, on a free port, from the YAML a user would write. */
public final class TestNode implements AutoCloseable {
    private final Vertx vertx;
    private final NodeVerticle node;

    private TestNode(Vertx vertx, NodeVerticle node) {
        this.vertx = vertx;
        this.node = node;
    }

    /**
     * Starts a node and waits until it serves.
     *
     * @param home an empty folder for its files
     * @param yaml without {@code http.port}, which is free unless the environment says otherwise
     */
    public static TestNode start(Path home, String yaml) {
        return start(home, yaml, Map.of());
    }

    /**
     * The variables of a node that is to be started again on its port: one that the kernel gives to nobody meanwhile, as it may a port
     * that it chose itself.
     */
    public static Map<String, String> portToComeBackTo() {
        return Map.of("WEIR_HTTP_PORT", "" + Ports.free());
    }

    /** Starts a node with further environment variables. */
    public static TestNode start(Path home, String yaml, Map<String, String> env) {
        return start(home, yaml, env, Vertx.builder());
    }

    /** Starts a node on a Vert.x instance of one's own making. */
    public static TestNode start(Path home, String yaml, Map<String, String> env, VertxBuilder builder) {
        try {
            Path file = Files.createDirectories(home.resolve("conf")).resolve("weir.yaml");
            Files.writeString(file, yaml);
            java.util.HashMap<String, String> all = new java.util.HashMap<>(env);
            all.putIfAbsent("WEIR_HTTP_PORT", "0");
            all.putIfAbsent("WEIR_HTTP_LOOPS", "1");
            if (!yaml.contains("ping-timeout")) {
                // Clients of tests do not ping, and a busy machine takes its time.
                all.putIfAbsent("WEIR_HTTP_PING_TIMEOUT", "10m");
            }
            // A busy machine is not what these tests are about.
            all.putIfAbsent("WEIR_HTTP_MAX_LAG", "1m");
            NodeSettings settings = NodeSettings.read(file, all);
            Vertx vertx = NodeVerticle.counting(builder).build();
            NodeVerticle node = NodeVerticle.alone(settings);
            vertx.deployVerticle(node).await(60, TimeUnit.SECONDS);
            return new TestNode(vertx, node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("the node did not start in time", e);
        }
    }

    /** Its Vert.x instance, for code that would run inside the node. */
    public Vertx vertx() {
        return vertx;
    }

    /** The port it listens on. */
    public int port() {
        return node.port();
    }

    /** A path as an address. */
    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** A code for the link by which the first operator signs in to the console. */
    public java.util.Optional<String> consoleCode() {
        return node.newConsoleCode();
    }

    /** Reads the configuration again. */
    public void reload() {
        try {
            node.reload().await(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("the node did not reload in time", e);
        }
    }

    @Override
    public void close() {
        try {
            vertx.close().await(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("the node did not stop in time", e);
        }
    }
}
