package dev.weir.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many connections at once, on a real server whose passes the test makes. */
class ArrivalsTest {
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final VertxInternal vertx = (VertxInternal) Vertx.vertx();
    private final ContextInternal loop = vertx.createEventLoopContext();
    private final Queue<Runnable> passes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger requested = new AtomicInteger();
    private final List<Socket> clients = new ArrayList<>();
    private int port;

    @BeforeEach
    void start() throws Exception {
        Arrivals arrivals = new Arrivals(passes::add);
        HttpServerOptions options =
                new HttpServerOptions().setHost("127.0.0.1").setPort(0).setHttp2ClearTextEnabled(false);
        HttpServer server = vertx.createHttpServer(options).connectionHandler(connection -> {
            arrivals.connected(connection);
            connected.incrementAndGet();
        });
        server.requestHandler(request -> {
            requested.incrementAndGet();
            request.response().end();
        });
        var listening = loop.<Integer>promise();
        loop.runOnContext(go -> server.listen().map(HttpServer::actualPort).onComplete(listening));
        port = listening.future().await(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket client : clients) {
            client.close();
        }
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    private static ConditionFactory patiently() {
        return await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(30));
    }

    private void ask(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
            clients.add(client);
            client.getOutputStream().write(REQUEST);
        }
    }

    private void pass() {
        Runnable next = passes.remove();
        loop.runOnContext(go -> next.run());
    }

    @Test
    void aFewAreReadInEachPass() throws IOException {
        ask(20);
        patiently().until(() -> connected.get() == 20);
        patiently().until(() -> requested.get() == 8);
        clients.get(19).close();
        pass();
        patiently().until(() -> requested.get() == 16);
        patiently().until(() -> passes.size() == 1);
        pass();
        // The last one may have gone before its request was read.
        patiently().until(() -> requested.get() >= 19 && passes.size() == 1);
        pass();
        patiently().until(passes::isEmpty);
        ask(1);
        clients.get(20).setSoTimeout(30_000);
        assertThat(clients.get(20).getInputStream().read())
                .as("the answer's first byte")
                .isEqualTo('H');
    }
}
