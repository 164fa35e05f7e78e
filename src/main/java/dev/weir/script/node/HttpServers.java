package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import dev.weir.script.ScriptLoop;
import dev.weir.time.Timers;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** An {@code http.Server}: a Vert.x server on the script's event loop. Owned by the script's loop; closed with the script. */
public final class HttpServers {
    private static final int MOST_PAYLOAD = 1024 * 1024 * 1024;
    private static final int CLOSING_SECONDS = 30;
    /** As Node's keepAliveTimeout. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    private static final long UNTIL_ALL_ARE_GONE_DAYS = 365;

    private final ScriptHost host;
    private final Value onRequest;
    private final Value onConnection;
    private final Map<HttpConnection, HttpPeer> peers = new HashMap<>();
    private @Nullable HttpServer server;
    private Ports.@Nullable Claim claim;
    private ScriptLoop.@Nullable Handle open;
    private Timers.@Nullable Timer sweeping;
    private boolean unreferenced;
    private int accepted;

    HttpServers(ScriptHost host, Value onRequest, Value onConnection) {
        this.host = host;
        this.onRequest = onRequest;
        this.onConnection = onConnection;
        host.onClose(this::closeAll);
    }

    /** Binds it: {@code done(code, why, port)}. */
    @HostAccess.Export
    public void listen(int port, String address, double maxPayload, Value done) {
        ScriptLoop.Handle waiting = host.loop().handle();
        Ports.Claim claimed;
        try {
            claimed = Ports.claim(host, port, address);
        } catch (Ports.TakenException taken) {
            host.context().runOnContext(turn -> {
                host.loop().enter(done, "EADDRINUSE", taken.getMessage(), 0);
                waiting.close();
            });
            return;
        }
        claim = claimed;
        HttpServer made = host.vertx()
                .createHttpServer(options((int) Math.min(maxPayload, MOST_PAYLOAD)))
                .connectionHandler(this::connected)
                .exceptionHandler(failure -> host.log().debug("{}: a connection failed", host.name(), failure))
                .requestHandler(this::received);
        server = made;
        host.starting(made.listen(port, address).onComplete(listening -> {
            if (host.loop().closed() || server != made) {
                // The script has ended meanwhile, and gave it back.
                var unused = made.close();
            } else if (listening.succeeded()) {
                listens(made.actualPort(), port == 0 ? Ports.chosen(host, made.actualPort(), address) : claimed);
                host.loop().enter(done, null, null, made.actualPort());
            } else {
                release();
                String why = "wanted by " + host.name() + ": " + NetFailures.message(listening.cause());
                host.loop().enter(done, NetFailures.code(listening.cause()), why, 0);
            }
            waiting.close();
        }));
    }

    private void listens(int port, Ports.Claim claimed) {
        host.log().debug("{} listens at port {}", host.name(), port);
        claim = claimed;
        open = host.loop().handle();
        if (unreferenced) {
            open.unref();
        }
        sweeping = host.timers().every(IDLE, () -> closeIdle(false));
    }

    private static HttpServerOptions options(int maxPayload) {
        return new HttpServerOptions()
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(16 * 1024)
                .setMaxInitialLineLength(16 * 1024)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(maxPayload)
                .setMaxWebSocketMessageSize(maxPayload)
                .setWebSocketClosingTimeout(CLOSING_SECONDS)
                .setTcpNoDelay(true);
    }

    private void connected(HttpConnection connection) {
        HttpPeer peer = new HttpPeer(connection, host.loop(), accepted++);
        peers.put(connection, peer);
        connection.closeHandler(gone -> {
            peers.remove(connection);
            peer.gone();
        });
        connection.exceptionHandler(failure -> {});
        host.loop().enter(onConnection, peer);
    }

    private void received(HttpServerRequest request) {
        HttpPeer peer = peers.get(request.connection());
        if (peer == null) {
            var unused = request.connection().close();
            return;
        }
        HttpExchange exchange = new HttpExchange(host, request, peer);
        boolean upgrade = request.headers().contains(HttpHeaders.UPGRADE)
                && String.valueOf(request.getHeader(HttpHeaders.CONNECTION))
                        .toLowerCase(Locale.ROOT)
                        .contains("upgrade");
        boolean body = request.headers().contains(HttpHeaders.CONTENT_LENGTH)
                || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        host.loop()
                .enter(
                        onRequest,
                        exchange,
                        request.method().name(),
                        request.uri(),
                        HeaderLines.join(request.headers()),
                        request.version() == HttpVersion.HTTP_1_0 ? "1.0" : "1.1",
                        body,
                        upgrade);
    }

    /** Takes no more connections: {@code done()} once the last one ended. */
    @HostAccess.Export
    public void close(Value done) {
        HttpServer closing = server;
        server = null;
        if (closing == null) {
            return;
        }
        closeIdle(true);
        ScriptLoop.Handle waiting = host.loop().handle();
        if (unreferenced) {
            waiting.unref();
        }
        closing.shutdown(UNTIL_ALL_ARE_GONE_DAYS, TimeUnit.DAYS).onComplete(closed -> {
            host.loop().enter(done);
            waiting.close();
        });
        release();
    }

    /** Ends all connections. */
    @HostAccess.Export
    public void closeConnections() {
        List.copyOf(peers.values()).forEach(HttpPeer::destroy);
    }

    /** Ends the connections that wait for another request. */
    @HostAccess.Export
    public void closeIdleConnections() {
        closeIdle(true);
    }

    private void closeIdle(boolean now) {
        for (HttpPeer peer : List.copyOf(peers.values())) {
            if (now ? peer.isIdle() : peer.staysIdle()) {
                peer.destroy();
            }
        }
    }

    /** How many connections there are. */
    @HostAccess.Export
    public int connections() {
        return peers.size();
    }

    /** Whether it keeps a program running. */
    @HostAccess.Export
    public void reference(boolean wanted) {
        unreferenced = !wanted;
        if (open != null) {
            if (wanted) {
                open.ref();
            } else {
                open.unref();
            }
        }
    }

    private void release() {
        if (sweeping != null) {
            sweeping.cancel();
            sweeping = null;
        }
        if (claim != null) {
            claim.release();
            claim = null;
        }
        if (open != null) {
            open.close();
            open = null;
        }
    }

    /** Behind everything else that is given back: WebSockets say goodbye first. */
    private void closeAll() {
        HttpServer closing = server;
        server = null;
        release();
        host.context().runOnContext(turn -> {
            if (closing != null) {
                closing.close()
                        .onFailure(failure -> host.log().warn("{}: a server did not close", host.name(), failure));
            }
            closeConnections();
        });
    }
}
