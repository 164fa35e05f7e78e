package dev.weir.observe;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** A collector that reads what it gets with OpenTelemetry's own definition, and answers as a test says. */
final class FakeCollector {
    /** Protocol Buffers have bytes in Base64, where OTLP says hexadecimal. */
    private static final Pattern ID = Pattern.compile("\"(traceId|spanId|parentSpanId)\":\"([0-9a-f]*)\"");

    /** Requests that were read, those that were answered with an error too. */
    final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();

    final List<MultiMap> headers = new CopyOnWriteArrayList<>();
    final List<String> paths = new CopyOnWriteArrayList<>();
    /** How the next requests are answered; with 200 when there is none. */
    final Queue<Consumer<HttpServerResponse>> answers = new ConcurrentLinkedQueue<>();

    private final HttpServer server;

    FakeCollector(Vertx vertx) throws TimeoutException {
        server = vertx.createHttpServer()
                .requestHandler(this::take)
                .listen(0, "127.0.0.1")
                .await(30, TimeUnit.SECONDS);
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    private void take(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            paths.add(request.path());
            headers.add(request.headers());
            requests.add(read(body));
            Consumer<HttpServerResponse> answer = answers.poll();
            if (answer == null) {
                request.response().putHeader("content-type", "application/json").end("{\"partialSuccess\":{}}");
            } else {
                answer.accept(request.response());
            }
        });
    }

    private static ExportTraceServiceRequest read(Buffer body) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body.getBytes()))) {
            String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
            JsonFormat.parser()
                    .merge(
                            ID.matcher(json)
                                    .replaceAll(id -> "\"" + id.group(1) + "\":\""
                                            + Base64.getEncoder()
                                                    .encodeToString(
                                                            HexFormat.of().parseHex(id.group(2)))
                                            + "\""),
                            request);
            return request.build();
        } catch (InvalidProtocolBufferException notOtlp) {
            throw new IllegalStateException(notOtlp);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All spans that came. */
    List<Span> spans() {
        return requests.stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }
}
