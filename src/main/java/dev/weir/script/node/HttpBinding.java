package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.HashMap;
import java.util.Map;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;

/** The host's half of {@code http}, {@code https} and {@code fetch}. Owned by the script's loop. */
public final class HttpBinding {
    private static final int CONNECTIONS_PER_SERVER = 256;
    private static final int KEPT_SECONDS = 5;
    /** As Node's http.maxHeaderSize. */
    private static final int MOST_HEADERS = 16 * 1024;

    private final ScriptHost host;
    private final Map<Integer, HttpClient> clients = new HashMap<>();

    HttpBinding(ScriptHost host) {
        this.host = host;
        host.onClose(this::close);
    }

    /** A server that does not listen yet. */
    @HostAccess.Export
    public HttpServers server(Value onRequest, Value onConnection) {
        return new HttpServers(host, onRequest, onConnection);
    }

    /**
     * Begins a request: {@code onResponse(status, message, headers, body)} or {@code onFailure(code, why)}.
     *
     * @param trusting whether the server's certificate is not looked at
     * @param unpack whether compressed responses are unpacked
     * @param chunked whether the body comes in pieces
     */
    @HostAccess.Export
    public HttpCall request(
            String method,
            String address,
            int port,
            String path,
            boolean secure,
            boolean trusting,
            boolean unpack,
            boolean chunked,
            String headers,
            Value onResponse,
            Value onFailure) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(method))
                .setHost(address)
                .setPort(port)
                .setURI(path)
                .setSsl(secure)
                .setFollowRedirects(false);
        return new HttpCall(host, client(trusting, unpack), options, headers, chunked, onResponse, onFailure);
    }

    private HttpClient client(boolean trusting, boolean unpack) {
        return clients.computeIfAbsent((trusting ? 1 : 0) + (unpack ? 2 : 0), kind -> host.vertx()
                .httpClientBuilder()
                .with(new HttpClientOptions()
                        .setTrustAll(trusting)
                        .setVerifyHost(!trusting)
                        .setDecompressionSupported(unpack)
                        .setMaxHeaderSize(MOST_HEADERS)
                        .setMaxInitialLineLength(MOST_HEADERS)
                        .setKeepAliveTimeout(KEPT_SECONDS))
                .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_SERVER))
                // The request that it is about is told, too.
                .withConnectHandler(connection -> connection.exceptionHandler(
                        failure -> host.log().debug("{}: a connection failed", host.name(), failure)))
                .build());
    }

    private void close() {
        for (HttpClient client : clients.values()) {
            client.close().onFailure(failure -> host.log().warn("{}: a client did not close", host.name(), failure));
        }
    }
}
