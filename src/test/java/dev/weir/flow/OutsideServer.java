package dev.weir.flow;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** A service outside, on a free port of this machine, that writes down what it is asked. */
public final class OutsideServer implements AutoCloseable {
    /** What it was asked. */
    public record Asked(String method, String uri, MultiMap headers, Buffer body) {}

    private final Vertx vertx = Vertx.vertx();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile BiConsumer<Integer, HttpServerRequest> behaviour;

    private OutsideServer(BiConsumer<Integer, HttpServerRequest> behaviour) {
        this.behaviour = behaviour;
        this.server = vertx.createHttpServer().requestHandler(this::handle);
    }

    /**
     * Starts one.
     *
     * @param behaviour answers a request, given how many came before it
     */
    public static OutsideServer start(BiConsumer<Integer, HttpServerRequest> behaviour) throws TimeoutException {
        OutsideServer made = new OutsideServer(behaviour);
        made.server.listen(0, "127.0.0.1").await(30, TimeUnit.SECONDS);
        return made;
    }

    private void handle(HttpServerRequest request) {
        request.bodyHandler(body -> {
            int before;
            synchronized (asked) {
                before = asked.size();
                asked.add(new Asked(
                        request.method().name(),
                        request.uri(),
                        MultiMap.caseInsensitiveMultiMap().addAll(request.headers()),
                        body));
            }
            behaviour.accept(before, request);
        });
    }

    /** What it does from now on. */
    public void behave(BiConsumer<Integer, HttpServerRequest> now) {
        behaviour = now;
    }

    /** What it was asked so far. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** A path as a URL. */
    public String url(String path) {
        return "http://127.0.0.1:" + server.actualPort() + path;
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(30, TimeUnit.SECONDS);
    }
}
