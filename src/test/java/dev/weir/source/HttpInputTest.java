package dev.weir.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.Certificates;
import dev.weir.bus.Position;
import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Polls of a real server on loopback. */
class HttpInputTest {
    private static final int DELAY_NOBODY_WAITS_FOR = 60;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger requests = new AtomicInteger();

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    @Test
    void onlyWhatChangedIsAnEvent() throws Exception {
        AtomicInteger unchanged = new AtomicInteger();
        int port = serve(request -> {
            int state = requests.get() / 3;
            String etag = "\"" + state + "\"";
            request.response().putHeader("etag", etag).putHeader("content-type", "application/json; charset=utf-8");
            if (etag.equals(request.getHeader("if-none-match"))) {
                unchanged.incrementAndGet();
                request.response().setStatusCode(304).end();
            } else {
                request.response().end("{\"state\":" + state / 2 + "}");
            }
        });
        LoopProbe probe = run(input(port, "type", "state"), null, got -> {});
        await().until(() -> probe.got.size() >= 3);
        assertThat(probe.texts().subList(0, 3)).containsExactly("{\"state\":0}", "{\"state\":1}", "{\"state\":2}");
        assertThat(probe.got.get(0).type()).isEqualTo("state");
        assertThat(unchanged).as("the server need not send what is known").hasPositiveValue();
        assertThat(probe.bad).isEmpty();
    }

    @Test
    void withoutThatEveryResponseIsAnEvent() throws Exception {
        int port = serve(request -> request.response().end("same"));
        LoopProbe probe = run(input(port, "changed-only", false), null, got -> {});
        await().until(() -> probe.got.size() >= 3);
        assertThat(probe.texts()).containsOnly("same");
        assertThat(probe.got.get(0).at()).isNull();
    }

    @Test
    void theElementsOfAListAreEventsAndGoOnBehindAPosition() throws Exception {
        int port = serve(request -> request.bodyHandler(body -> request.response()
                .end(requests.get() < 20 ? "{\"a\":{\"items\":[{\"id\":7},2,\"x\"]}}" : "{\"a\":{\"items\":[4]}}")));
        Object[] options = {"split", "/a/items", "key", "id", "method", "POST", "body", "{}"};
        LoopProbe whole = run(input(port, options), null, got -> {});
        await().until(() -> whole.got.size() == 4);
        assertThat(whole.texts()).containsExactly("{\"id\":7}", "2", "x", "4");
        assertThat(whole.got.get(0).key()).isEqualTo("7");
        requests.set(0);
        LoopProbe rest = run(input(port, options), whole.got.get(1).at(), got -> {});
        await().until(() -> rest.got.size() == 2);
        assertThat(rest.texts()).as("nothing twice, nothing left out").containsExactly("x", "4");
    }

    @Test
    void whoPausesGetsNothingMore() throws Exception {
        int port = serve(request -> request.response().end("[1,2,3]"));
        Input input = input(port, "split", "");
        LoopProbe probe = run(input, null, got -> {
            if (got.got.size() == 1) {
                input.pause();
                got.timers().after(java.time.Duration.ofMillis(DELAY_NOBODY_WAITS_FOR), () -> {
                    got.bad.add("after " + got.got.size());
                    input.resume();
                });
            }
        });
        await().until(() -> probe.got.size() == 3);
        assertThat(probe.bad).containsExactly("after 1");
    }

    @Test
    void whatIsWrongIsReportedAndRequestsNeverOverlap() throws Exception {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int port = serve(request -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            switch (requests.get()) {
                case 1 -> request.response().setStatusCode(503).end("busy");
                case 2 ->
                    request.response()
                            .setStatusCode(302)
                            .putHeader("location", "/there")
                            .end();
                case 3 -> request.response().end("x".repeat(2_000));
                case 4 ->
                    request.response()
                            .putHeader("content-type", "application/json")
                            .end("{no");
                case 5 -> request.connection().close();
                default -> request.response().end("fine");
            }
            open.decrementAndGet();
        });
        LoopProbe probe = run(input(port, "max-size", "1000B"), null, got -> {});
        await().until(() -> probe.got.size() == 1);
        assertThat(probe.texts()).containsExactly("fine");
        assertThat(probe.bad).hasSize(5);
        assertThat(probe.bad.get(0)).isEqualTo("http://127.0.0.1:" + port + "/path it answered 503");
        assertThat(probe.bad.get(1)).contains("it answered 302 to /there; redirects are not followed");
        assertThat(probe.bad.get(2)).contains("the body is longer than max-size, 1000 bytes");
        assertThat(probe.bad.get(3)).contains("the body is no JSON");
        assertThat(probe.bad.get(4)).contains("it gave no answer");
        assertThat(most).hasValue(1);
    }

    @Test
    void whoDoesNotAnswerIsNotWaitedForForever() throws Exception {
        int port = serve(request -> {
            if (requests.get() > 1) {
                request.response().end("late but there");
            }
        });
        LoopProbe probe = run(input(port, "timeout", "200ms"), null, got -> {});
        await().until(() -> !probe.got.isEmpty());
        assertThat(probe.bad.get(0)).contains("it did not answer within 200 ms");
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
        Certificates.write(folder, "self");
        HttpServerOptions tls = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setKeyPath(folder.resolve("self.key").toString())
                        .setCertPath(folder.resolve("self.crt").toString()));
        int port = serve(tls, request -> request.response().end("never"));
        LoopProbe probe = run(make("url", "https://127.0.0.1:" + port + "/path", "every", "10ms"), null, got -> {});
        await().until(() -> probe.bad.size() >= 2);
        assertThat(probe.bad.get(0)).contains("it cannot be reached");
        assertThat(probe.got).isEmpty();
        assertThat(requests).hasValue(0);
    }

    private LoopProbe run(Input input, @Nullable Position from, Consumer<LoopProbe> onEvent) throws Exception {
        LoopProbe probe = new LoopProbe(input, from, onEvent);
        vertx.deployVerticle(probe).await(30, TimeUnit.SECONDS);
        return probe;
    }

    private int serve(Handler<HttpServerRequest> handler) throws Exception {
        return serve(new HttpServerOptions(), handler);
    }

    private int serve(HttpServerOptions options, Handler<HttpServerRequest> handler) throws Exception {
        return vertx.createHttpServer(options.setHost("127.0.0.1").setPort(0))
                .requestHandler(request -> {
                    requests.incrementAndGet();
                    handler.handle(request);
                })
                .listen()
                .await(30, TimeUnit.SECONDS)
                .actualPort();
    }

    private Input input(int port, Object... options) {
        Object[] all = new Object[options.length + 4];
        System.arraycopy(options, 0, all, 4, options.length);
        System.arraycopy(
                List.of("url", "http://127.0.0.1:" + port + "/path?token=secret", "every", "10ms")
                        .toArray(),
                0,
                all,
                0,
                4);
        return make(all);
    }

    private Input make(Object... options) {
        Map<String, RawValue> map = new LinkedHashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put((String) options[i], RawValue.of(options[i + 1]));
        }
        Problems problems = new Problems();
        Source made = BuiltInSources.make("http", RawValue.of(map), folder, problems);
        problems.throwIfAny();
        return (Input) Objects.requireNonNull(made);
    }
}
