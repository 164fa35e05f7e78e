package dev.weir.edge.rest;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends single requests and waits for what comes back. */
final class Http {
    /** An answer. */
    record Answer(int status, io.vertx.core.MultiMap headers, String text) {
        JsonObject json() {
            return new JsonObject(text);
        }

        @Nullable
        String header(String name) {
            return headers.get(name);
        }
    }

    private final Vertx vertx;
    private final HttpClient client;
    private final int port;

    Http(Vertx vertx, int port) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient();
        this.port = port;
    }

    Answer send(String method, String path, Map<String, String> headers, String body) {
        try {
            // On an event loop, so that nothing of the answer comes before its handlers are set.
            Promise<Answer> answered = Promise.promise();
            vertx.runOnContext(go -> client.request(HttpMethod.valueOf(method), port, "127.0.0.1", path)
                    .compose(request -> {
                        headers.forEach(request::putHeader);
                        boolean chunked = headers.containsKey("transfer-encoding");
                        return request.setChunked(chunked)
                                .end(Buffer.buffer(body))
                                .compose(sent -> request.response());
                    })
                    .compose(response -> response.body()
                            .map(bytes -> new Answer(response.statusCode(), response.headers(), bytes.toString())))
                    .onComplete(answered));
            return answered.future().await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer in time", e);
        }
    }

    Answer post(String path, String contentType, String body) {
        return send("POST", path, Map.of("content-type", contentType), body);
    }

    Answer get(String path) {
        return send("GET", path, Map.of(), "");
    }
}
