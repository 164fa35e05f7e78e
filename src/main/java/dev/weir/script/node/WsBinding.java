package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import dev.weir.script.ScriptLoop;
import io.vertx.core.MultiMap;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** The host's half of {@code ws}: connecting, and sending a message to many. Owned by the script's loop. */
public final class WsBinding {
    private static final int CLOSING_SECONDS = 30;
    private static final int MOST_CONNECTIONS = 100_000;
    private static final int MOST_PAYLOAD = 1024 * 1024 * 1024;

    private final ScriptHost host;
    private final WsSockets sockets;
    private final Map<String, WebSocketClient> clients = new HashMap<>();

    WsBinding(ScriptHost host) {
        this.host = host;
        host.onClose(this::close);
        this.sockets = new WsSockets(host);
    }

    /** Sends one message to one. */
    @HostAccess.Export
    public void single(
            @Nullable String text, @Nullable Value buffer, int offset, int length, boolean binary, int number) {
        sockets.send(HttpExchange.bytes(text, buffer, offset, length), binary, number);
    }

    /** Sends one message to many: the numbers are the first {@code count} of an Int32Array's memory. */
    @HostAccess.Export
    public void broadcast(
            @Nullable String text,
            @Nullable Value buffer,
            int offset,
            int length,
            boolean binary,
            Value numbers,
            int count) {
        sockets.send(HttpExchange.bytes(text, buffer, offset, length), binary, Bytes.of(numbers, 0, count * 4), count);
    }

    /** Makes a WebSocket of a request to a server of ours: {@code done(socket)}, null when the client was gone. */
    @HostAccess.Export
    public void accept(HttpExchange exchange, String headers, double maxPayload, Value done) {
        exchange.upgrade(headers).onComplete(accepted -> {
            WsSocket socket = accepted.succeeded() ? sockets.accepted(accepted.result(), (long) maxPayload) : null;
            host.loop().enter(done, (Object) socket);
        });
    }

    /**
     * Connects: {@code done(null, socket)} or {@code done(code, message, status)}.
     *
     * @param protocols the subprotocols offered, joined by commas
     * @param headers more headers of the handshake
     * @param timeoutMillis how long the handshake may take, 0 for as long as it takes
     */
    @HostAccess.Export
    public void connect(
            String address,
            int port,
            String path,
            boolean secure,
            boolean trusting,
            String protocols,
            String headers,
            double maxPayload,
            int timeoutMillis,
            Value done) {
        WebSocketConnectOptions options =
                options(address, port, path, protocols, headers).setSsl(secure);
        if (timeoutMillis > 0) {
            options.setConnectTimeout(timeoutMillis);
            options.setTimeout(timeoutMillis);
        }
        ScriptLoop.Handle waiting = host.loop().handle();
        int most = (int) Math.min(maxPayload, MOST_PAYLOAD);
        ClientWebSocket socket = client(trusting, most).webSocket();
        WsSocket made = sockets.connecting(socket, most);
        socket.connect(options).onComplete(connected -> {
            if (connected.succeeded()) {
                host.loop().enter(done, null, made, 0);
            } else {
                made.abandon();
                Throwable failure = connected.cause();
                int status = failure instanceof UpgradeRejectedException rejected ? rejected.getStatus() : 0;
                host.loop().enter(done, NetFailures.code(failure), NetFailures.message(failure), status);
            }
            waiting.close();
        });
    }

    private static WebSocketConnectOptions options(
            String address, int port, String path, String protocols, String headers) {
        MultiMap more = HttpHeaders.headers();
        HeaderLines.put(more, headers);
        WebSocketConnectOptions options = new WebSocketConnectOptions();
        options.setHost(address).setPort(port).setURI(path).setHeaders(more);
        if (!protocols.isEmpty()) {
            options.setSubProtocols(List.of(protocols.split(",", -1)));
        }
        return options.setAllowOriginHeader(false);
    }

    private WebSocketClient client(boolean trusting, int most) {
        return clients.computeIfAbsent(trusting + " " + most, kind -> host.vertx()
                .createWebSocketClient(new WebSocketClientOptions()
                        .setTrustAll(trusting)
                        .setVerifyHost(!trusting)
                        .setMaxConnections(MOST_CONNECTIONS)
                        .setMaxFrameSize(most)
                        .setMaxMessageSize(most)
                        .setClosingTimeout(CLOSING_SECONDS)));
    }

    private void close() {
        for (WebSocketClient client : clients.values()) {
            client.close().onFailure(failure -> host.log().warn("{}: a client did not close", host.name(), failure));
        }
    }
}
