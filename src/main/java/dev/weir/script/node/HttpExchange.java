package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** One request to a script's server and its response. Owned by the script's loop. */
public final class HttpExchange {
    private final ScriptHost host;
    private final HttpServerRequest request;
    private final HttpPeer peer;
    private final HttpBody body;
    private boolean upgraded;
    private boolean over;

    HttpExchange(ScriptHost host, HttpServerRequest request, HttpPeer peer) {
        this.host = host;
        this.request = request;
        this.peer = peer;
        this.body = new HttpBody(host, request);
        peer.begin();
    }

    /** The connection it came by. */
    @HostAccess.Export
    public HttpPeer peer() {
        return peer;
    }

    /** The request's body. */
    @HostAccess.Export
    public HttpBody body() {
        return body;
    }

    /** {@code told(early)} once the response is complete or the connection is gone; early says that it was not complete. */
    @HostAccess.Export
    public void onClose(Value told) {
        HttpServerResponse response = request.response();
        response.exceptionHandler(failure -> {});
        response.closeHandler(gone -> {
            over();
            if (!upgraded) {
                host.loop().enter(told, !response.ended());
            }
        });
    }

    /** Status and headers, sent with the first piece of the body. */
    @HostAccess.Export
    public void head(int status, String message, String headers, boolean chunked) {
        HttpServerResponse response = request.response();
        response.setStatusCode(status);
        response.setStatusMessage(message);
        HeaderLines.put(response.headers(), headers);
        if (chunked) {
            response.setChunked(true);
        }
    }

    /** Sends the head alone. */
    @HostAccess.Export
    public void flush() {
        var unused = request.response().writeHead();
    }

    /** An interim response: 100 or 103. */
    @HostAccess.Export
    public void interim(int status, String headers) {
        if (status == 100) {
            var unused = request.response().writeContinue();
        } else {
            MultiMap hints = HttpHeaders.headers();
            HeaderLines.put(hints, headers);
            var unused = request.response().writeEarlyHints(hints);
        }
    }

    /** A piece of the body, text or bytes; {@code done(failure)} when it left. */
    @HostAccess.Export
    public void write(@Nullable String text, @Nullable Value buffer, int offset, int length, Value done) {
        Buffer piece = Buffer.buffer(bytes(text, buffer, offset, length));
        tell(request.response().write(piece), done);
    }

    /** The last piece, or none. */
    @HostAccess.Export
    public void end(@Nullable String text, @Nullable Value buffer, int offset, int length, Value done) {
        byte[] bytes = bytes(text, buffer, offset, length);
        HttpServerResponse response = request.response();
        tell(bytes.length == 0 ? response.end() : response.end(Buffer.buffer(bytes)), done);
        over();
    }

    private void over() {
        if (!over) {
            over = true;
            peer.end();
        }
    }

    static byte[] bytes(@Nullable String text, @Nullable Value buffer, int offset, int length) {
        if (text != null) {
            return Bytes.ofText(text);
        }
        byte[] bytes = Bytes.orNull(buffer, offset, length);
        return bytes == null ? new byte[0] : bytes;
    }

    /** Adds a trailer, sent with the end. */
    @HostAccess.Export
    public void trailers(String headers) {
        HeaderLines.put(request.response().trailers(), headers);
    }

    /** Ends the connection. */
    @HostAccess.Export
    public void destroy() {
        peer.destroy();
    }

    /** Answers the opening handshake of a WebSocket with these headers besides. */
    Future<ServerWebSocket> upgrade(String headers) {
        upgraded = true;
        peer.upgrade();
        HeaderLines.put(request.response().headers(), headers);
        return request.toWebSocket();
    }

    private void tell(Future<Void> sent, Value done) {
        sent.onComplete(
                result -> host.loop().enter(done, result.succeeded() ? null : NetFailures.code(result.cause())));
    }
}
