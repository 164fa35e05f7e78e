package dev.weir.observe;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** An OTLP collector over HTTP: takes spans as JSON, compressed. Owned by one event loop. */
final class Collector {
    private static final String PATH = "/v1/traces";
    private static final Set<Integer> RETRYABLE = Set.of(429, 502, 503, 504);
    private static final long MOST_SECONDS = 300;
    private static final int MOST_ANSWER = 1 << 20;

    private final Vertx vertx;
    private final WebClient client;
    private final String url;
    private final List<String> headers;
    private final Duration timeout;

    /** The collector answered that it does not take spans. Carries no stack trace: it may happen often. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int status;
        private final transient @Nullable Duration after;

        RefusedException(int status, @Nullable Duration after) {
            super("it answers " + status, null, false, false);
            this.status = status;
            this.after = after;
        }

        /** Whether it may take them later. */
        boolean isRetryable() {
            return RETRYABLE.contains(status);
        }

        /** After which pause, when it says so. */
        @Nullable
        Duration after() {
            return after;
        }
    }

    /** @param headers as in {@code name: value} */
    Collector(Vertx vertx, String url, List<String> headers, Duration timeout) {
        this.vertx = vertx;
        this.client = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setUserAgent("weir")
                        .setFollowRedirects(false)
                        .setConnectTimeout((int) timeout.toMillis()));
        String path = URI.create(url).getRawPath();
        boolean bare = path == null || path.isEmpty() || path.equals("/");
        this.url = bare ? (url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + PATH : url;
        this.headers = List.copyOf(headers);
        this.timeout = timeout;
    }

    /** How many of the spans it rejected; fails with {@link RefusedException}, or when it cannot be reached. */
    Future<Long> send(String service, String node, List<Span> spans) {
        // A batch takes milliseconds to write and compress, which is too long for an event loop.
        return vertx.executeBlocking(
                        () -> compressed(OtlpJson.request(service, node, spans).toBuffer()))
                .compose(body -> request().sendBuffer(body))
                .compose(Collector::judge);
    }

    private HttpRequest<Buffer> request() {
        HttpRequest<Buffer> request = client.postAbs(url)
                .timeout(timeout.toMillis())
                .putHeader(HttpHeaders.CONTENT_TYPE.toString(), "application/json")
                .putHeader(HttpHeaders.CONTENT_ENCODING.toString(), "gzip");
        for (String header : headers) {
            int colon = header.indexOf(':');
            request.putHeader(
                    header.substring(0, colon), header.substring(colon + 1).trim());
        }
        return request;
    }

    private static Buffer compressed(Buffer body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length() / 8);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body.getBytes());
        }
        return Buffer.buffer(bytes.toByteArray());
    }

    private static Future<Long> judge(HttpResponse<Buffer> response) {
        int status = response.statusCode();
        return status / 100 == 2
                ? Future.succeededFuture(rejected(response.body()))
                : Future.failedFuture(new RefusedException(status, after(response.getHeader("retry-after"))));
    }

    /** {@code {"partialSuccess": {"rejectedSpans": "7"}}}, and in all other answers none. */
    private static long rejected(@Nullable Buffer body) {
        if (body == null || body.length() == 0 || body.length() > MOST_ANSWER) {
            return 0;
        }
        try {
            JsonObject partial = new JsonObject(body).getJsonObject("partialSuccess");
            Object spans = partial == null ? null : partial.getValue("rejectedSpans");
            return spans == null ? 0 : Math.max(0, Long.parseLong(String.valueOf(spans)));
        } catch (DecodeException | ClassCastException | NumberFormatException otherAnswer) {
            return 0;
        }
    }

    /** Seconds; a date, which no collector is known to send, counts as nothing said. */
    private static @Nullable Duration after(@Nullable String header) {
        return header != null && header.matches("[0-9]{1,9}")
                ? Duration.ofSeconds(Math.min(Long.parseLong(header), MOST_SECONDS))
                : null;
    }

    void close() {
        client.close();
    }
}
