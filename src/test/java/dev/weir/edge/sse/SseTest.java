package dev.weir.edge.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams of a real node. */
class SseTest {
    private static final String CONF = """
            http:
              heartbeat: 1s
              session-queue: 64KiB
              origins: [https://shop.example]
            addresses:
              - match: news
                publish: anyone
                subscribe: anyone
              - match: chat.{room}
                publish: anyone
                subscribe: anyone
              - match: flood
                publish: anyone
                subscribe: anyone
                max-size: 1MiB
              - match: pricing
                request: anyone
                respond: anyone
              - match: closed
                publish: anyone
                subscribe: role:insider
              - match: weir.**
                subscribe: anyone
            """;

    @TempDir
    static Path home;

    private static TestNode node;
    private static Vertx clients;

    @BeforeAll
    static void start() {
        node = TestNode.start(home, CONF);
        clients = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        clients.close();
        node.close();
    }

    private static SseStream open(String query) throws Exception {
        SseStream stream = SseStream.open(clients, node.port(), "/v1/stream" + query, Map.of());
        await().until(() -> stream.status() != 200 || stream.text().contains("retry: "));
        return stream;
    }

    private static void publish(String address, String type, Object data) {
        Publisher publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("ce-type", type);
        publisher.publish(Origin.node("test"), address, headers, data, 10);
    }

    @Test
    void anEventCarriesItsIdItsTypeAndCloudEventsJson() throws Exception {
        try (SseStream stream = open("?address=news")) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("content-type")).isEqualTo("text/event-stream");
            assertThat(stream.header("cache-control")).isEqualTo("no-store");
            assertThat(stream.header("x-content-type-options")).isEqualTo("nosniff");
            publish("news", "headline", new JsonObject().put("text", "a\nb \u00e9"));
            await().until(() -> !stream.data().isEmpty());
            JsonObject event = new JsonObject(stream.data().get(0).substring(6));
            assertThat(event.getString("type")).isEqualTo("headline");
            assertThat(event.getString("weiraddress")).isEqualTo("news");
            assertThat(event.getString("source")).isEqualTo("/test");
            assertThat(event.getJsonObject("data").getString("text")).isEqualTo("a\nb \u00e9");
            assertThat(stream.text()).contains("id: " + event.getString("id") + "\nevent: headline\ndata: {");
        }
    }

    @Test
    void severalAddressesAndAPatternShareOneStream() throws Exception {
        try (SseStream stream = open("?address=news&address=chat.*&address=news")) {
            publish("news", "one", 1);
            publish("chat.lobby", "two", 2);
            publish("chat.garden", "three", 3);
            await().until(() -> stream.data().size() >= 3);
            assertThat(stream.data().stream().map(line -> new JsonObject(line.substring(6)).getString("weiraddress")))
                    .containsExactlyInAnyOrder("news", "chat.lobby", "chat.garden");
        }
    }

    @Test
    void aQuietStreamBeatsAndLastEventIdIsNoError() throws Exception {
        try (SseStream stream =
                SseStream.open(clients, node.port(), "/v1/stream?address=news", Map.of("last-event-id", "x"))) {
            assertThat(stream.status()).isEqualTo(200);
            await().until(() -> stream.text().contains("\n: \n\n"));
        }
    }

    @Test
    void streamsAreSessions() throws Exception {
        List<String> announced = new CopyOnWriteArrayList<>();
        var consumer = node.vertx().eventBus().<JsonObject>consumer("weir.sessions", message -> {
            if ("sse".equals(message.body().getString("transport"))) {
                announced.add(message.headers().get("ce-type"));
            }
        });
        SseStream stream = open("?address=chat.sessions");
        await().until(() -> announced.contains("opened"));
        stream.close();
        await().until(() -> announced.contains("closed"));
        consumer.unregister();
    }

    @Test
    void aReaderThatStallsIsResetAndOthersGoOn() throws Exception {
        try (SseStream stalled = open("?address=flood");
                SseStream other = open("?address=flood")) {
            stalled.pause();
            String large = "x".repeat(100_000);
            await().pollInterval(java.time.Duration.ofMillis(5)).until(() -> {
                int before = other.size();
                publish("flood", "drop", large);
                // The other one reads as fast as it may on a busy machine, and must not be taken for slow.
                await().pollInterval(java.time.Duration.ofMillis(1))
                        .until(() -> other.size() > before + large.length());
                return metric("weir_slow_disconnects") > 0;
            });
            int before = other.data().size();
            publish("flood", "drop", "after");
            await().until(() -> other.data().size() > before || other.text().contains("after"));
            assertThat(other.ended()).isFalse();
        }
    }

    private static double metric(String name) throws Exception {
        try (SseStream page = SseStream.open(clients, node.port(), "/metrics", Map.of())) {
            await().until(page::ended);
            return page.text()
                    .lines()
                    .filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 400, missing_address",
        "?address=, 404, unknown_address",
        "?address=nobody.declared, 404, unknown_address",
        "?address=news&address=nobody, 404, unknown_address",
        "?address=other.*, 404, unknown_address",
        "?address=closed, 403, access_denied",
        "?address=news&address=closed, 403, access_denied",
        "?address=pricing, 403, access_denied",
        "?address=__weir.agent.x, 403, access_denied",
        "?address=news&access_token=forged, 401, not_logged_in"
    })
    void whatIsWrongIsRefusedAsAProblem(String query, int status, String code) throws Exception {
        try (SseStream stream = open(query)) {
            await().until(stream::ended);
            assertThat(stream.status()).isEqualTo(status);
            assertThat(stream.header("content-type")).isEqualTo("application/problem+json");
            assertThat(new JsonObject(stream.text()).getString("code")).isEqualTo(code);
        }
    }

    @Test
    void foreignOriginsAreRefusedAndAllowedOnesGetTheirHeaders() throws Exception {
        try (SseStream foreign = SseStream.open(
                        clients, node.port(), "/v1/stream?address=news", Map.of("origin", "https://evil.example"));
                SseStream friend = SseStream.open(
                        clients, node.port(), "/v1/stream?address=news", Map.of("origin", "https://shop.example"))) {
            assertThat(foreign.status()).isEqualTo(403);
            assertThat(foreign.header("access-control-allow-origin")).isNull();
            assertThat(friend.status()).isEqualTo(200);
            assertThat(friend.header("access-control-allow-origin")).isEqualTo("https://shop.example");
            assertThat(friend.header("vary")).contains("Origin");
        }
    }
}
