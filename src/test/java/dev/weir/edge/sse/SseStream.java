package dev.weir.edge.sse;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** One client of a stream, with the text it got so far. */
final class SseStream implements AutoCloseable {
    private final Queue<String> chunks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final HttpClient client;
    private final HttpClientResponse response;

    private SseStream(HttpClient client, HttpClientResponse response) {
        this.client = client;
        this.response = response;
    }

    static SseStream open(Vertx vertx, int port, String path, Map<String, String> headers) throws TimeoutException {
        HttpClient client = vertx.createHttpClient();
        Promise<SseStream> opened = Promise.promise();
        // On an event loop, so that nothing comes before its handlers are set.
        vertx.runOnContext(go -> client.request(HttpMethod.GET, port, "127.0.0.1", path)
                .compose(request -> {
                    headers.forEach(request::putHeader);
                    return request.send().map(response -> attach(client, response));
                })
                .onComplete(opened));
        return opened.future().await(30, TimeUnit.SECONDS);
    }

    private static SseStream attach(HttpClient client, HttpClientResponse response) {
        SseStream stream = new SseStream(client, response);
        response.handler(chunk -> stream.chunks.add(chunk.toString()))
                .endHandler(end -> stream.ended.set(true))
                .exceptionHandler(failure -> stream.ended.set(true));
        return stream;
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.getHeader(name);
    }

    String text() {
        return String.join("", chunks);
    }

    boolean ended() {
        return ended.get();
    }

    void pause() {
        response.pause();
    }

    /** How many characters came so far. */
    int size() {
        return chunks.stream().mapToInt(String::length).sum();
    }

    /** The data lines so far. */
    List<String> data() {
        return text().lines().filter(line -> line.startsWith("data: ")).toList();
    }

    @Override
    public void close() {
        client.close();
    }
}
