package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import dev.weir.script.ScriptLoop;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** One request of a script to a server. Owned by the script's loop. */
public final class HttpCall {
    private static final int CONTINUE = 100;
    private static final int EARLY_HINTS = 103;

    private final ScriptHost host;
    private final Future<HttpClientRequest> request;
    private final Value onResponse;
    private final Value onFailure;
    private final ScriptLoop.Handle waiting;
    private @Nullable Value onInterim;
    private boolean over;

    HttpCall(
            ScriptHost host,
            HttpClient client,
            RequestOptions options,
            String headers,
            boolean chunked,
            Value onResponse,
            Value onFailure) {
        this.host = host;
        this.onResponse = onResponse;
        this.onFailure = onFailure;
        this.waiting = host.loop().handle();
        this.request = client.request(options).map(made -> prepared(made, headers, chunked));
        request.onFailure(this::failed);
    }

    private HttpClientRequest prepared(HttpClientRequest made, String headers, boolean chunked) {
        HeaderLines.put(made.headers(), headers);
        if (chunked) {
            made.setChunked(true);
        }
        made.exceptionHandler(this::failed);
        made.continueHandler(go -> interim(CONTINUE, ""));
        made.earlyHintsHandler(hints -> interim(EARLY_HINTS, HeaderLines.join(hints)));
        made.response().onComplete(arrived -> {
            if (arrived.succeeded()) {
                received(arrived.result());
            } else {
                failed(arrived.cause());
            }
        });
        return made;
    }

    private void interim(int status, String headers) {
        if (!over && onInterim != null) {
            host.loop().enter(onInterim, status, headers);
        }
    }

    /** Who is told of interim responses: {@code told(status, headers)}. */
    @HostAccess.Export
    public void onInterim(Value told) {
        onInterim = told;
    }

    /** Sends the head before there is a body. */
    @HostAccess.Export
    public void flush() {
        var unused = request.compose(HttpClientRequest::sendHead);
    }

    private void received(HttpClientResponse response) {
        if (over) {
            return;
        }
        HttpBody body = new HttpBody(host, response);
        host.loop()
                .enter(
                        onResponse,
                        response.statusCode(),
                        response.statusMessage(),
                        HeaderLines.join(response.headers()),
                        body);
        done();
    }

    private void failed(Throwable failure) {
        if (!over) {
            host.loop().enter(onFailure, NetFailures.code(failure), NetFailures.message(failure));
        }
        done();
    }

    private void done() {
        over = true;
        waiting.close();
    }

    /** A piece of the body, text or bytes; {@code done(failure)} when it left. */
    @HostAccess.Export
    public void write(@Nullable String text, @Nullable Value buffer, int offset, int length, Value done) {
        Buffer piece = Buffer.buffer(HttpExchange.bytes(text, buffer, offset, length));
        tell(request.compose(made -> made.write(piece)), done);
    }

    /** The last piece, or none: without one before it its length is told to the server. */
    @HostAccess.Export
    public void end(@Nullable String text, @Nullable Value buffer, int offset, int length, Value done) {
        byte[] bytes = HttpExchange.bytes(text, buffer, offset, length);
        tell(request.compose(made -> bytes.length == 0 ? made.end() : made.end(Buffer.buffer(bytes))), done);
    }

    /** Ends it at once. */
    @HostAccess.Export
    public void abort() {
        over = true;
        waiting.close();
        var unused = request.onSuccess(made -> made.reset());
    }

    private void tell(Future<Void> sent, Value done) {
        sent.onComplete(
                result -> host.loop().enter(done, result.succeeded() ? null : NetFailures.code(result.cause())));
    }
}
