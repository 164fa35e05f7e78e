package dev.weir.flow.outside;

import dev.weir.flow.StageException;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client for one stage or target: follows no redirects, takes answers up to a bound, and says of what is no success whether
 * asking again is of use. Owned by the lane's event loop.
 */
public final class Http {
    private static final int SHOWN = 200;

    /** What came back, with a status of success. */
    public record Answer(int status, MultiMap headers, Buffer body) {}

    private final HttpClient client;
    private final Clock clock;
    private final Duration timeout;
    private final long mostBytes;

    /**
     * @param connections how many at once
     * @param timeout for connecting; who asks bounds the rest
     * @param mostBytes of an answer
     */
    public Http(Vertx vertx, Clock clock, int connections, Duration timeout, long mostBytes) {
        HttpClientOptions options = new HttpClientOptions().setKeepAlive(true).setDecompressionSupported(false);
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(connections));
        this.clock = clock;
        this.timeout = timeout;
        this.mostBytes = mostBytes;
    }

    /** A request under way, which may be given up. */
    private static final class Exchange {
        @Nullable
        HttpClientRequest request;

        boolean cancelled;

        void cancel() {
            cancelled = true;
            HttpClientRequest own = request;
            if (own != null) {
                own.reset();
            }
        }
    }

    /** Sends a request; {@code read} makes the answer of what came back. */
    public Outside.Call send(
            HttpMethod method,
            String url,
            MultiMap headers,
            @Nullable Buffer body,
            Function<Answer, @Nullable Object> read) {
        String what = method + " " + withoutQuery(url);
        RequestOptions options;
        try {
            options = new RequestOptions()
                    .setMethod(method)
                    .setAbsoluteURI(url)
                    .setHeaders(headers)
                    .setConnectTimeout(timeout.toMillis())
                    .setFollowRedirects(false);
        } catch (VertxException noUrl) {
            throw new StageException("'" + url + "' is no URL", noUrl);
        }
        Exchange exchange = new Exchange();
        Future<@Nullable Object> answer = client.request(options)
                .compose(request -> {
                    exchange.request = request;
                    if (exchange.cancelled) {
                        return Future.failedFuture(new FailedException(what + " was given up"));
                    }
                    return body == null ? request.send() : request.send(body);
                })
                .compose(response -> receive(what, exchange, response))
                .map(read);
        return new Outside.Call(
                answer.recover(failure -> Future.failedFuture(explained(what, failure))), exchange::cancel);
    }

    private static Throwable explained(String what, Throwable failure) {
        return failure instanceof RuntimeException && !(failure instanceof VertxException)
                ? failure
                : new FailedException(what + " failed: "
                        + (failure.getMessage() == null ? failure.toString() : failure.getMessage()));
    }

    private Future<Answer> receive(String what, Exchange exchange, HttpClientResponse response) {
        Promise<Answer> received = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(part -> {
            if (body.length() + part.length() > mostBytes) {
                if (received.tryFail(new StageException(
                        what + " answered with more than " + mostBytes + " bytes; raise max-size if that is right"))) {
                    exchange.cancel();
                }
            } else {
                body.appendBuffer(part);
            }
        });
        response.exceptionHandler(received::tryFail);
        response.endHandler(end -> received.tryComplete(new Answer(response.statusCode(), response.headers(), body)));
        return received.future().compose(answer -> {
            if (Statuses.isSuccess(answer.status())) {
                return Future.succeededFuture(answer);
            }
            String said = what + " answered " + answer.status() + shown(answer);
            return Future.failedFuture(Statuses.failure(said, answer.status(), answer.headers(), clock::millis));
        });
    }

    private static String shown(Answer answer) {
        String location = answer.headers().get(HttpHeaders.LOCATION);
        if (location != null) {
            return ", a redirect to " + withoutQuery(location) + ", and redirects are not followed";
        }
        String text =
                answer.body().slice(0, Math.min(SHOWN, answer.body().length())).toString();
        String printable = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return printable.isEmpty() ? "" : ": " + printable;
    }

    /** Queries tend to hold secrets. */
    private static String withoutQuery(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    /** Ends, with all that is on its way. */
    public void close() {
        client.close();
    }
}
