package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.emitter.EmitOptions;
import dev.weir.emitter.Emitter;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes have recorded of an event's way stands beside what the journal keeps, and says what really happened. */
class SampledTraceTest {
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            tracing: {sample: 0.0000001}
            addresses:
              - {match: news, publish: anyone, subscribe: anyone}
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 1000}}
            """.formatted(Tokens.SECRET);
    private static final String FLOWS = """
              - {match: paid, subscribe: anyone, keep: {events: 1000}}
              - {match: doomed, publish: anyone, keep: {events: 1000}}
              - {match: nobody, request: anyone}
            """;
    private static final String PAY = "flow: pay\nfrom: orders\nstages:\n  - map: {total: event.data * 2}\nto: paid\n";
    private static final String FAIL = """
            flow: fail
            from: doomed
            stages:
              - id: ask
                call: {address: nobody, timeout: 1s}
            to: paid
            on-error: {retry: {backoff: [10ms], attempts: 3}, then: dead-letter}
            """;

    @TempDir
    Path home;

    private static void emit(Vertx vertx, String address, EmitOptions options) throws Exception {
        Emitter.of(vertx, address).emit("order", 21, options).await(30, TimeUnit.SECONDS);
    }

    private static JsonObject trace(int port, String id) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/trace/" + id))
                .header("authorization", "Bearer " + SubscriptionCalls.token("viewer"))
                .build();
        return new JsonObject(HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private static List<JsonObject> sampled(JsonObject answer, String kind) {
        return TraceContract.list(answer, "facts").stream()
                .filter(fact -> fact.getString("source").equals("sampled")
                        && fact.getString("kind").equals(kind))
                .toList();
    }

    private static int sessions(JsonObject answer) {
        return sampled(answer, "deliver").stream()
                .mapToInt(fact -> fact.getJsonObject("detail").getInteger("sessions"))
                .sum();
    }

    private static String unknown(JsonObject answer) {
        return TraceContract.list(answer, "unknown").stream()
                .map(each -> each.getString("about"))
                .collect(Collectors.joining(" "));
    }

    @Test
    void anEventThatNobodyKeepsIsFollowedToItsThreeSessions() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            List<BridgeClient> clients = List.of(
                    BridgeClient.connect(node.port()).register("news"),
                    BridgeClient.connect(node.port()).register("news"),
                    BridgeClient.connect(node.port()).register("news"));
            emit(node.vertx(), "news", EmitOptions.NONE.withId("told").traced());
            for (BridgeClient each : clients) {
                each.next();
            }
            await().untilAsserted(() ->
                    assertThat(sessions(trace(node.port(), "told"))).isEqualTo(3));
            JsonObject answer = trace(node.port(), "told");
            assertThat(sampled(answer, "accept").get(0).getString("where")).isEqualTo("news");
            assertThat(sampled(answer, "deliver").get(0).getString("what")).isEqualTo("was written to 3 sessions");
            assertThat(answer.getJsonArray("events")).isEmpty();
            assertThat(unknown(answer)).isEqualTo("event");
            emit(node.vertx(), "news", EmitOptions.NONE.withId("untold"));
            clients.get(0).next();
            assertThat(trace(node.port(), "untold").getJsonArray("facts")).isEmpty();
            assertThat(unknown(trace(node.port(), "untold"))).isEqualTo("event timings");
        }
    }

    @Test
    void timesOfStagesAreBesideWhatIsKeptAndFailuresAreAlwaysThere() throws Exception {
        Path flows = Files.createDirectories(home.resolve("conf").resolve("flows"));
        Files.writeString(flows.resolve("pay.yaml"), PAY);
        Files.writeString(flows.resolve("fail.yaml"), FAIL);
        try (TestNode node = TestNode.start(home, YAML + FLOWS)) {
            emit(node.vertx(), "orders", EmitOptions.NONE.withId("paid").traced());
            await().untilAsserted(() -> {
                JsonObject answer = trace(node.port(), "paid");
                assertThat(answer.getJsonArray("events")).hasSize(2);
                assertThat(sampled(answer, "commit")).hasSize(2);
                assertThat(sampled(answer, "stage"))
                        .anyMatch(fact -> fact.getString("where").startsWith("pay/"));
                assertThat(sampled(answer, "stage")
                                .get(0)
                                .getJsonObject("detail")
                                .getLong("micros"))
                        .isNotNegative();
                assertThat(unknown(answer)).isEmpty();
            });
            emit(node.vertx(), "doomed", EmitOptions.NONE.withId("dead"));
            await().untilAsserted(() -> {
                JsonObject answer = trace(node.port(), "dead");
                assertThat(sampled(answer, "retry")).isNotEmpty();
                assertThat(sampled(answer, "dead-letter")).hasSize(1);
                assertThat(TraceContract.list(answer, "facts"))
                        .anyMatch(fact -> fact.getString("source").equals("dead-letters"));
            });
        }
    }

    @Test
    void eachNodeOfAClusterTellsItsPartAndAnyOfThemIsAsked() throws Exception {
        try (TestCluster cluster = new TestCluster(home, YAML)) {
            TestCluster.Member one = cluster.start();
            TestCluster.Member two = cluster.start();
            List<BridgeClient> clients = List.of(
                    BridgeClient.connect(one.port()).register("orders"),
                    BridgeClient.connect(two.port()).register("orders"),
                    BridgeClient.connect(two.port()).register("orders"));
            emit(one.vertx(), "orders", EmitOptions.NONE.withId("both").traced());
            for (BridgeClient each : clients) {
                each.next();
            }
            for (int port : List.of(one.port(), two.port())) {
                await().untilAsserted(() -> {
                    JsonObject answer = trace(port, "both");
                    assertThat(sessions(answer)).isEqualTo(3);
                    assertThat(sampled(answer, "deliver").stream()
                                    .map(fact -> fact.getJsonObject("detail").getString("node"))
                                    .collect(Collectors.toSet()))
                            .hasSize(2);
                    JsonArray events = answer.getJsonArray("events");
                    assertThat(events).hasSize(1);
                    assertThat(events.getJsonObject(0).getString("keptAt")).isNotNull();
                    assertThat(unknown(answer)).isEqualTo("journal");
                });
            }
        }
    }
}
