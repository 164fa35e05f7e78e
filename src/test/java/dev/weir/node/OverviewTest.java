package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.Tokens;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.emitter.CircuitBreaker;
import dev.weir.time.JumpingTime;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node is doing, as it tells over HTTP and the bridge, on a clock that jumps. */
class OverviewTest {
    private static final String YAML = "auth: {jwt: {secret: '" + Tokens.SECRET + "'}}\n"
            + "addresses:\n  - {match: news, publish: anyone, subscribe: anyone, keep: {events: 10}}\n";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path home;

    private Vertx vertx;
    private JumpingTime time;
    private NodeVerticle node;

    @BeforeEach
    void start() throws Exception {
        Path file = Files.createDirectories(home.resolve("conf")).resolve("weir.yaml");
        Files.writeString(file, YAML);
        NodeSettings settings = NodeSettings.read(
                file, Map.of("WEIR_HTTP_PORT", "0", "WEIR_HTTP_LOOPS", "1", "WEIR_HTTP_PING_TIMEOUT", "10h"));
        vertx = NodeVerticle.counting(Vertx.builder()).build();
        time = JumpingTime.install(vertx);
        node = NodeVerticle.alone(settings);
        vertx.deployVerticle(node).await(60, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(60, TimeUnit.SECONDS);
    }

    private void advance(Duration by) throws Exception {
        time.advance(by).await(60, TimeUnit.SECONDS);
    }

    /** Valid for long after the clock has jumped. */
    private static String token(String role) {
        return Tokens.hs256(Tokens.claims("ann", 1_000_000).put("roles", new JsonArray().add(role)));
    }

    private HttpResponse<String> report(String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/v1/reports/overview"));
        return HTTP.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonObject whole() throws IOException, InterruptedException {
        HttpResponse<String> answer = report("authorization", "Bearer " + token("viewer"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonObject body = new JsonObject(answer.body());
        JsonObject own = body.getJsonArray("nodes").getJsonObject(0);
        assertThat(own.getString("node")).isEqualTo(body.getString("node"));
        return own;
    }

    private void publish(int events) throws Exception {
        Publisher publisher = Objects.requireNonNull(Publisher.of(vertx));
        for (int i = 0; i < events; i++) {
            publisher
                    .publish(Origin.node("test"), "news", MultiMap.caseInsensitiveMultiMap(), "x", 3)
                    .await(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void aNewConsoleSeesThePresentAtOnceAndTheHourBefore() throws Exception {
        advance(Duration.ofSeconds(11));
        publish(500);
        advance(Duration.ofSeconds(10));
        advance(Duration.ofSeconds(10));
        JsonObject own = whole();
        assertThat(own.getString("state")).isEqualTo("up");
        assertThat(own.getString("name")).isEqualTo("127.0.0.1:" + node.port());
        assertThat(own.getString("version")).isNotBlank();
        assertThat(own.getJsonObject("journal").getBoolean("up")).isTrue();
        assertThat(own.getJsonObject("now").getInteger("heap")).isPositive();
        assertThat(own.getJsonArray("members").getJsonObject(0).getString("state"))
                .isEqualTo("node");
        JsonObject history = own.getJsonObject("history");
        List<Double> in = history.getJsonArray("in").stream()
                .map(value -> ((Number) value).doubleValue())
                .toList();
        assertThat(in).hasSizeGreaterThanOrEqualTo(3);
        assertThat(in.get(0)).isLessThan(5);
        assertThat(in.stream().mapToDouble(rate -> rate * 10).sum())
                .as("events of all steps")
                .isBetween(490.0, 600.0);
        assertThat(history.getJsonArray("commit").stream().anyMatch(Objects::nonNull))
                .isTrue();
        assertThat(history.getJsonArray("heap").size()).isEqualTo(in.size());
    }

    @Test
    void aDayLaterThereIsOneHour() throws Exception {
        advance(Duration.ofHours(2));
        JsonObject history = whole().getJsonObject("history");
        assertThat(history.getJsonArray("heap")).hasSize(360);
        assertThat(history.encode().length()).isLessThan(60_000);
    }

    @Test
    void onlyOperatorsAndViewersAreTold() throws Exception {
        assertThat(report().statusCode()).isEqualTo(401);
        assertThat(report("authorization", "Bearer " + token("customer")).statusCode())
                .isEqualTo(403);
        assertThat(report("authorization", "Bearer " + token("operator")).statusCode())
                .isEqualTo(200);
        try (BridgeClient stranger = BridgeClient.connect(node.port())) {
            JsonObject headers = new JsonObject().put("weir-rewind", "0");
            stranger.send(BridgeClient.frame("register", "weir.overview.*").put("headers", headers));
            assertThat(stranger.next().getString("failureType")).isEqualTo("access_denied");
        }
    }

    @Test
    void whoListensHearsFiguresAndEndedSteps() throws Exception {
        try (BridgeClient viewer =
                BridgeClient.connect(node.port(), "/eventbus/websocket?access_token=" + token("viewer"))) {
            viewer.register("weir.overview.*");
            advance(Duration.ofSeconds(21));
            JsonObject heard = viewer.next();
            while (!heard.getJsonObject("body").containsKey("ended")) {
                heard = viewer.next();
            }
            JsonObject body = heard.getJsonObject("body");
            assertThat(body.getJsonObject("now").getInteger("sessions")).isEqualTo(1);
            assertThat(body.getJsonObject("ended").getInteger("heap")).isPositive();
            assertThat(body.getInteger("step")).isPositive();
            assertThat(body.containsKey("history")).isFalse();
            assertThat(heard.getJsonObject("headers").getString("weir-address"))
                    .isEqualTo("weir.overview." + body.getString("node"));
        }
    }

    /** Has two breakers of one name, of which the first calls what fails, and one of another. */
    public static final class Caller extends VerticleBase {
        private final List<CircuitBreaker> breakers = new ArrayList<>();

        @Override
        public Future<?> start() {
            CircuitBreaker.Settings once = new CircuitBreaker.Settings(1, 1, Duration.ofMinutes(1), 1);
            breakers.add(new CircuitBreaker("pricing", once));
            breakers.add(new CircuitBreaker("pricing", once));
            breakers.add(CircuitBreaker.of(vertx, "stock", once, Duration.ofSeconds(5)));
            return breakers.get(0).call(() -> Future.failedFuture("down")).otherwiseEmpty();
        }
    }

    @Test
    void breakersOfVerticlesAreToldWithWhoseTheyAre() throws Exception {
        Caller caller = new Caller();
        String id = vertx.deployVerticle(caller).await(60, TimeUnit.SECONDS);
        String name = Caller.class.getName();
        assertThat(whole().getJsonArray("breakers"))
                .containsExactly(
                        new JsonObject()
                                .put("name", "pricing")
                                .put("state", "open")
                                .put("verticle", name)
                                .put("count", 2),
                        new JsonObject()
                                .put("name", "stock")
                                .put("state", "closed")
                                .put("verticle", name));
        vertx.undeploy(id).await(60, TimeUnit.SECONDS);
        assertThat(whole().containsKey("breakers")).isFalse();
        assertThat(caller.breakers).hasSize(3);
    }

    @Test
    void deliveriesToSessionsAreTimed() throws Exception {
        try (BridgeClient reader = BridgeClient.connect(node.port())) {
            reader.register("news");
            publish(10);
            for (int i = 0; i < 10; i++) {
                reader.next();
            }
            await().untilAsserted(() -> {
                advance(Duration.ofSeconds(10));
                JsonArray p99 = whole().getJsonObject("history").getJsonArray("p99");
                assertThat(p99).isNotNull();
                assertThat(p99.stream().filter(Objects::nonNull).map(Number.class::cast))
                        .allMatch(millis -> millis.doubleValue() > 0);
            });
        }
    }
}
