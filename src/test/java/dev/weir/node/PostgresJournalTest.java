package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.PostgresProxy;
import dev.weir.PostgresServer;
import dev.weir.TestNode;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.EngineRules;
import dev.weir.journal.sql.PostgresEngine;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose journal is a PostgreSQL server, which comes and goes. */
class PostgresJournalTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String ADDRESSES = """
            addresses:
              - match: orders
                publish: anyone
                subscribe: anyone
                history: anyone
                keep: {events: 100000}
            """;

    private static final AtomicInteger DATABASES = new AtomicInteger();

    @TempDir
    static Path folder;

    private static PostgresServer server;

    @TempDir
    Path home;

    private final String database = "shop" + DATABASES.incrementAndGet();
    private String uri;

    @BeforeAll
    static void serve() throws Exception {
        server = new PostgresServer(folder);
    }

    @AfterAll
    static void end() throws Exception {
        server.close();
    }

    @BeforeEach
    void start() throws Exception {
        server.mend();
        uri = server.database(database);
    }

    private static String yaml(String uri) {
        return "journal: {engine: postgresql, uri: '" + uri + "'}\n" + ADDRESSES;
    }

    /** A node that gives up soon, for servers that do not answer; on a busy machine it may give up on one that does. */
    private TestNode hasty() {
        return TestNode.start(home.resolve("node"), yaml(uri).replace("engine:", "timeout: 1s, engine:"));
    }

    private static void keep(TestNode node, String id) {
        await(id + " is kept").until(() -> post(node, id).statusCode() < 300);
    }

    private static HttpResponse<String> post(TestNode node, String id) throws Exception {
        return HTTP.send(request(node, id), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonArray kept(TestNode node) throws Exception {
        return new JsonObject(get(node, "/v1/addresses/orders/events?limit=100").body())
                .getJsonArray("events", new JsonArray());
    }

    private static HttpRequest request(TestNode node, String id) {
        String event = new JsonObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/test")
                .put("type", "order")
                .put("data", id)
                .encode();
        return HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/orders/events")))
                .header("content-type", "application/cloudevents+json")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
    }

    private static HttpResponse<String> get(TestNode node, String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(node.url(path))).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void twoNodesWriteOneLogAndSubscribersOfBothHearAllInOrder() throws Exception {
        try (TestNode one = TestNode.start(home.resolve("one"), yaml(uri));
                TestNode two = TestNode.start(home.resolve("two"), yaml(uri));
                BridgeClient hears = BridgeClient.connect(two.port())) {
            hears.send(new JsonObject()
                    .put("type", "register")
                    .put("address", "orders")
                    .put("headers", new JsonObject().put("weir-rewind", "0")));
            assertThat(hears.next().getString("type")).isEqualTo("registered");
            List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                TestNode node = i % 2 == 0 ? one : two;
                sent.add(HTTP.sendAsync(request(node, "e" + i), HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> each : sent) {
                assertThat(each.get().statusCode()).isEqualTo(201);
            }
            for (int offset = 1; offset <= 100; offset++) {
                assertThat(hears.next().getJsonObject("headers").getString("weir-offset"))
                        .isEqualTo("" + offset);
            }
            assertThat(post(one, "e1").statusCode())
                    .as("a repeat over another node")
                    .isEqualTo(200);
            assertThat(post(two, "e0").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anAttributeThatTheServerCannotKeepIsRefusedAndTheEventsOfOthersAreKept() throws Exception {
        try (TestNode node = TestNode.start(home.resolve("node"), yaml(uri))) {
            assertThat(post(node, "a\u0000b").statusCode()).isEqualTo(400);
            node.vertx().eventBus().publish("orders", 1, new DeliveryOptions().addHeader("ce-subject", "a\u0000b"));
            assertThat(post(node, "c").statusCode()).isEqualTo(201);
            assertThat(get(node, "/health/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aStoppedServerIsSaidAndRecoversWithoutARestart() throws Exception {
        try (TestNode node = hasty();
                BridgeClient hears = BridgeClient.connect(node.port())) {
            await().until(() -> get(node, "/health/ready").statusCode() == 200);
            hears.register("orders");
            keep(node, "a");
            server.stop();
            HttpResponse<String> refused = post(node, "b");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(new JsonObject(refused.body()).getString("code")).isEqualTo("unavailable");
            assertThat(get(node, "/v1/addresses/orders/events").statusCode()).isEqualTo(503);
            HttpResponse<String> health = get(node, "/health/ready");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("PostgreSQL").contains("/shop").doesNotContain("secret");
            assertThat(get(node, "/health/live").statusCode()).isEqualTo(200);
            server.start();
            // A try that was given up may have been kept all the same.
            keep(node, "b");
            await().until(() -> get(node, "/health/ready").statusCode() == 200);
            await("it is known to be kept").until(() -> post(node, "a").statusCode() == 200);
            assertThat(hears.next().getString("body")).isEqualTo("a");
            assertThat(hears.next().getString("body")).isEqualTo("b");
        }
    }

    @Test
    void aServerThatHangsIsGivenUpInBoundedTimeAndNothingAcknowledgedIsLost() throws Exception {
        try (TestNode node = hasty()) {
            keep(node, "first");
            server.freeze(true);
            assertThat(post(node, "hangs").statusCode()).isEqualTo(503);
            assertThat(get(node, "/health/ready").statusCode()).isEqualTo(503);
            server.freeze(false);
            keep(node, "hangs");
            await().untilAsserted(() -> assertThat(kept(node)).hasSize(2));
        }
    }

    @Test
    void acknowledgedEventsAreThereOnceWhileTheServerIsKilledAgainAndAgain() throws Exception {
        AtomicInteger ids = new AtomicInteger();
        ConcurrentHashMap<String, Long> acknowledged = new ConcurrentHashMap<>();
        try (TestNode node = hasty()) {
            java.util.concurrent.atomic.AtomicBoolean stopped = new java.util.concurrent.atomic.AtomicBoolean();
            List<Thread> producers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread producer = new Thread(() -> produce(node, ids, acknowledged, stopped));
                producer.start();
                producers.add(producer);
            }
            for (int round = 1; round <= 3; round++) {
                int wanted = round * 150;
                await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() >= wanted);
                server.stop();
                server.start();
            }
            stopped.set(true);
            for (Thread producer : producers) {
                producer.join();
            }
            keep(node, "last");
            check(acknowledged);
        }
    }

    /** Sends each event until it is acknowledged, as a careful producer does. */
    private static void produce(
            TestNode node,
            AtomicInteger ids,
            ConcurrentHashMap<String, Long> acknowledged,
            java.util.concurrent.atomic.AtomicBoolean stopped) {
        try {
            while (!stopped.get()) {
                String id = "e" + ids.incrementAndGet();
                HttpResponse<String> answer = post(node, id);
                while (answer.statusCode() >= 300 && !stopped.get()) {
                    answer = post(node, id);
                }
                if (answer.statusCode() < 300) {
                    acknowledged.put(id, new JsonObject(answer.body()).getLong("offset"));
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void check(ConcurrentHashMap<String, Long> acknowledged) throws Exception {
        try (Connection sql = server.connect(database, database);
                Statement statement = sql.createStatement()) {
            var row = statement.executeQuery("SELECT id, count(*), min(seq) FROM weir.events GROUP BY id");
            java.util.Map<String, Long> found = new java.util.HashMap<>();
            while (row.next()) {
                assertThat(row.getLong(2)).as(row.getString(1)).isEqualTo(1);
                found.put(row.getString(1), row.getLong(3));
            }
            assertThat(found).containsAllEntriesOf(acknowledged);
            var head = statement.executeQuery("SELECT l.head, count(e.seq), max(e.seq) FROM weir.logs l"
                    + " JOIN weir.events e ON e.log = l.id GROUP BY l.head");
            assertThat(head.next()).isTrue();
            assertThat(head.getLong(2)).isEqualTo(head.getLong(1)).isEqualTo(head.getLong(3));
        }
    }

    @Test
    void aSlowNetworkDelaysProducersOnlyAndOneThatIsTooSlowIsSaidAndRecoveredFrom() throws Exception {
        String plain = "  - {match: plain, publish: anyone}\n";
        try (PostgresProxy network = new PostgresProxy(server.port());
                TestNode node = TestNode.start(
                        home.resolve("node"),
                        yaml(network.uri(uri)).replace("engine:", "timeout: 1s, engine:") + plain)) {
            keep(node, "first");
            network.delay(Duration.ofMillis(50));
            List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                sent.add(HTTP.sendAsync(request(node, "slow" + i), HttpResponse.BodyHandlers.ofString()));
            }
            assertThat(postPlain(node)).isEqualTo(202);
            for (int i = 0; i < 20; i++) {
                String id = "slow" + i;
                if (sent.get(i).get().statusCode() != 201) {
                    // This machine was slower still.
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> post(node, id).statusCode() < 300);
                }
            }
            network.delay(Duration.ofMinutes(1));
            assertThat(post(node, "lost").statusCode()).isEqualTo(503);
            assertThat(get(node, "/health/ready").statusCode()).isEqualTo(503);
            assertThat(get(node, "/health/live").statusCode()).isEqualTo(200);
            assertThat(postPlain(node)).isEqualTo(202);
            network.delay(Duration.ZERO);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> post(node, "lost").statusCode() < 300);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> get(node, "/health/ready").statusCode() == 200);
            await().untilAsserted(() -> assertThat(kept(node)).hasSize(22));
        }
    }

    private static int postPlain(TestNode node) throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/plain/events?type=x")))
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("1"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void whatWaitsForASlowServerIsBoundedAndWhoIsTooMuchIsTold() throws Exception {
        Keep all = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
        EngineRules rules = new EngineRules(120_000, 1_000, 86_400_000, any -> all);
        Vertx vertx = Vertx.vertx();
        try (PostgresProxy network = new PostgresProxy(server.port())) {
            PostgresEngine engine = new PostgresEngine(network.uri(uri), "weir", 5_000, rules);
            EngineJournal journal = new EngineJournal(vertx, engine, Clock.system(), kept -> {});
            journal.start().await(30, TimeUnit.SECONDS);
            network.delay(Duration.ofSeconds(2));
            List<Future<List<Receipt>>> sent = new ArrayList<>();
            for (int i = 0; i < 48; i++) {
                Journal.Entry entry =
                        new Journal.Entry(MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(new byte[1 << 20]), false);
                sent.add(journal.append("orders", all, List.of(entry)));
            }
            network.delay(Duration.ZERO);
            int kept = 0;
            for (Future<List<Receipt>> each : sent) {
                try {
                    each.await(60, TimeUnit.SECONDS);
                    kept++;
                } catch (Refusal busy) {
                    assertThat(busy.code()).isEqualTo(FailureCode.BUSY);
                }
            }
            assertThat(kept).isBetween(32, 47);
            await().atMost(Duration.ofSeconds(30)).until(() -> journal.waitingBytes() == 0);
            assertThat(engine.heads(List.of("orders")).get("orders").head()).isEqualTo(kept);
            journal.stop().await(30, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatWaitingDoesNotMendIsAProblem() throws Exception {
        assertThatThrownBy(() -> TestNode.start(home.resolve("a"), yaml(uri.replaceAll("/shop[0-9]+$", "/other"))))
                .hasMessageContaining("journal.uri")
                .hasMessageContaining("create the database");
        assertThatThrownBy(() -> TestNode.start(home.resolve("b"), yaml(uri.replace(database + ":", "nobody:"))))
                .hasMessageContaining("correct the user")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> TestNode.start(home.resolve("c"), yaml("postgresql://nothing")))
                .hasMessageContaining("expected postgresql://user:password@host:port/database");
        try (TestNode node = TestNode.start(home.resolve("d"), yaml(uri))) {
            assertThat(node.port()).isPositive();
        }
        try (Connection sql = server.connect(database, database);
                Statement statement = sql.createStatement()) {
            statement.executeUpdate("UPDATE weir.weir_schema SET version = 99");
        }
        assertThatThrownBy(() -> TestNode.start(home.resolve("e"), yaml(uri))).hasMessageContaining("newer Weir");
    }
}
