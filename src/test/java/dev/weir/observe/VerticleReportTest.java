package dev.weir.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.Tokens;
import dev.weir.emitter.Emitter;
import dev.weir.junit.WeirTime;
import dev.weir.junit.WithWeir;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** What a node tells of verticles, and a leak made on purpose. */
@WithWeir("auth: {jwt: {secret: \"" + Tokens.SECRET + "\"}}" + """

        addresses:
          - {match: "leak.{what}", publish: anyone, subscribe: anyone}
        verticles:
          - {deploy: "dev.weir.observe.VerticleReportTest$Leaking", instances: 1}
        """)
class VerticleReportTest {
    private static final Duration SPIN = Duration.ofMillis(20);

    /** Listens once more each time it is asked, and gives back as many as it is told. */
    public static final class Leaking extends VerticleBase {
        private final Deque<Runnable> open = new ArrayDeque<>();

        @Override
        public Future<?> start() {
            vertx.eventBus().<String>consumer("leak.control", message -> {
                switch (message.body()) {
                    case "consumer" -> {
                        var consumer = vertx.eventBus().localConsumer("leak.orders", event -> {});
                        open.push(consumer::unregister);
                    }
                    case "listener" -> {
                        Emitter emitter = Emitter.of(vertx, "leak.emitter").on("said", (data, event) -> {});
                        open.push(emitter::close);
                    }
                    case "address" -> {
                        var consumer = vertx.eventBus().localConsumer("leak.a" + open.size(), event -> {});
                        open.push(consumer::unregister);
                    }
                    case "spin" -> spin();
                    case "timer" -> Timers.of(vertx).after(Duration.ofMillis(1), Leaking::spin);
                    case "close" -> {
                        while (!open.isEmpty()) {
                            open.pop().run();
                        }
                    }
                    default -> throw new IllegalStateException("<b>no such thing</b>");
                }
                message.reply(null);
            });
            return Future.succeededFuture();
        }

        private static void spin() {
            long until = Clock.system().nanos() + SPIN.toNanos();
            while (Clock.system().nanos() < until) {
                Thread.onSpinWait();
            }
        }
    }

    private static String get(URI uri, String path) throws Exception {
        String token = Tokens.hs256(Tokens.claims("eve", 90_000).put("roles", new JsonArray().add("viewer")));
        HttpRequest request = HttpRequest.newBuilder(uri.resolve(path))
                .header("Authorization", "Bearer " + token)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private static JsonObject report(URI uri) throws Exception {
        return new JsonObject(get(uri, "/v1/reports/verticles"))
                .getJsonArray("nodes")
                .getJsonObject(0);
    }

    private static JsonObject verticle(URI uri, String name) throws Exception {
        return report(uri).getJsonArray("verticles").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("name").contains(name))
                .findFirst()
                .orElseThrow();
    }

    private static void tell(Vertx vertx, String what) {
        vertx.eventBus().request("leak.control", what).await();
    }

    /** Twice in each minute, so that no minute is without, wherever it begins. */
    private static void leak(Vertx vertx, WeirTime time, String what) {
        for (int i = 0; i < 26; i++) {
            tell(vertx, what);
            time.advance("30s");
        }
    }

    private static void leaksAre(URI uri, String... words) throws Exception {
        JsonArray leaks = report(uri).getJsonArray("leaks");
        assertThat(leaks).hasSize(words.length);
        JsonArray warnings = new JsonObject(get(uri, "/health/ready")).getJsonArray("warnings");
        for (int i = 0; i < words.length; i++) {
            assertThat(leaks.getJsonObject(i).getString("words")).contains(words[i]);
            assertThat(warnings.encode()).contains(words[i]);
        }
        if (words.length == 0) {
            assertThat(warnings.encode()).doesNotContain("leaks");
        }
        assertThat(get(uri, "/metrics")).contains("weir_leaks " + words.length + ".0");
    }

    @Test
    void aLeakIsNoticedAndOverWhenItIsClosed(URI uri, Vertx vertx, WeirTime time) throws Exception {
        leaksAre(uri);
        leak(vertx, time, "consumer");
        leaksAre(uri, "'leak.orders' has ever more listeners");
        JsonObject leaking = verticle(uri, "Leaking");
        assertThat(leaking.getInteger("addressCount")).isEqualTo(2);
        assertThat(leaking.getJsonArray("history").size()).isGreaterThanOrEqualTo(11);
        tell(vertx, "close");
        time.advance("10s");
        leaksAre(uri);
        leak(vertx, time, "address");
        leaksAre(uri, "Leaking' listens to ever more addresses");
        tell(vertx, "close");
        time.advance("10s");
        leaksAre(uri);
    }

    @Test
    void listenersOfEmittersAreCountedToo(URI uri, Vertx vertx, WeirTime time) throws Exception {
        Emitter emitter = Emitter.of(vertx, "leak.emitter");
        for (int i = 0; i < 26; i++) {
            emitter.setMaxListeners(0).on("said", (data, event) -> {});
            time.advance("30s");
        }
        await().untilAsserted(() -> leaksAre(uri, "'leak.emitter' has ever more listeners"));
        emitter.close().await();
        time.advance("10s");
        leaksAre(uri);
    }

    @Test
    void howLongEventLoopsWorkForAJavaVerticleIsMeasured(URI uri, Vertx vertx, WeirTime time) throws Exception {
        double before = verticle(uri, "Leaking").getDouble("seconds");
        tell(vertx, "spin");
        double spun = before + SPIN.toMillis() / 1e3 - 0.001;
        await().until(() -> verticle(uri, "Leaking").getDouble("seconds") >= spun);
        long runs = verticle(uri, "Leaking").getLong("runs");
        tell(vertx, "timer");
        time.advance("1s");
        await().until(() -> verticle(uri, "Leaking").getDouble("seconds") >= spun + SPIN.toMillis() / 1e3);
        JsonObject now = verticle(uri, "Leaking");
        assertThat(now.getLong("runs")).isGreaterThan(runs);
        assertThat(now.getDouble("share")).isBetween(0.0, 1.0);
        assertThat(get(uri, "/metrics"))
                .contains("weir_verticle_seconds_total{verticle=\"dev.weir.observe.VerticleReportTest$Leaking\"");
    }

    @Test
    void whatAHandlerThrowsIsToldWithItsPlace(URI uri, Vertx vertx) throws Exception {
        vertx.eventBus().send("leak.control", "nonsense");
        await().until(() -> verticle(uri, "Leaking").getInteger("errors") > 0);
        JsonObject leaking = verticle(uri, "Leaking");
        assertThat(leaking.getString("state")).isEqualTo("running");
        assertThat(leaking.getString("kind")).isEqualTo("java");
        assertThat(leaking.getString("at")).contains("weir.yaml:");
        JsonObject failure = leaking.getJsonArray("failures").getJsonObject(0);
        assertThat(failure.getString("text")).contains("<b>no such thing</b>");
        assertThat(failure.getString("place")).startsWith("VerticleReportTest.java:");
    }
}
