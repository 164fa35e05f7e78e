package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.PostgresServer;
import dev.weir.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code max-addresses} bounds how many addresses below a policy keep events, whoever begins them. */
class BoundedLogsTest {
    private static final String YAML = """
            addresses:
              - {match: "rooms.{room}", publish: anyone, subscribe: anyone, history: anyone, max-addresses: 3, keep: {events: 10}}
              - {match: "halls.{hall}", publish: anyone, subscribe: anyone, max-addresses: 3, keep: {events: 10}}
              - {match: orders, publish: anyone, max-addresses: 1, keep: {events: 10}}
            """;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path home;

    private static int publish(TestNode node, String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/" + address + "/events")))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("1"))
                .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 400) {
            assertThat(new JsonObject(response.body()).getString("code")).isIn("too_many_addresses", "busy");
        }
        return response.statusCode();
    }

    private static JsonObject register(BridgeClient client, String address) {
        client.send(new JsonObject()
                .put("type", "register")
                .put("address", address)
                .put("headers", new JsonObject().put("weir-rewind", "0")));
        return client.next();
    }

    @Test
    void noMoreThanAllowedAreBegunAlsoAfterARestart() throws Exception {
        try (TestNode node = TestNode.start(home, YAML);
                BridgeClient client = BridgeClient.connect(node.port())) {
            for (String room : new String[] {"rooms.a", "rooms.b", "rooms.a"}) {
                assertThat(publish(node, room)).isEqualTo(201);
            }
            assertThat(register(client, "rooms.c").getString("type")).isEqualTo("registered");
            assertThat(publish(node, "rooms.d")).isEqualTo(429);
            JsonObject refused = register(client, "rooms.d");
            assertThat(refused.getString("type")).isEqualTo("err");
            assertThat(refused.encode()).contains("too_many_addresses");
            assertThat(publish(node, "rooms.c")).isEqualTo(201);
            assertThat(client.next().getString("address")).isEqualTo("rooms.c");
            assertThat(publish(node, "halls.a")).as("another policy").isEqualTo(201);
            assertThat(publish(node, "orders")).isEqualTo(201);
        }
        try (TestNode node = TestNode.start(home, YAML)) {
            assertThat(publish(node, "rooms.d")).isEqualTo(429);
            assertThat(publish(node, "rooms.b")).isEqualTo(201);
            assertThat(publish(node, "halls.b")).isEqualTo(201);
        }
        try (TestNode node =
                        TestNode.start(home, YAML.replace("history: anyone, max-addresses: 3", "max-addresses: 4"));
                BridgeClient client = BridgeClient.connect(node.port())) {
            assertThat(register(client, "rooms.d").getString("type")).isEqualTo("registered");
            assertThat(publish(node, "rooms.e")).isEqualTo(429);
        }
    }

    @Test
    void nodesThatShareAJournalShareTheBound() throws Exception {
        try (PostgresServer server = new PostgresServer(home)) {
            String yaml = "journal: {engine: postgresql, uri: '" + server.database("shop") + "'}\n" + YAML;
            try (TestNode one = TestNode.start(home.resolve("one"), yaml)) {
                for (String room : new String[] {"rooms.a", "rooms.b", "rooms.c"}) {
                    assertThat(publish(one, room)).isEqualTo(201);
                }
                await().atMost(Duration.ofSeconds(30)).until(() -> publish(one, "rooms.d") == 429);
                try (TestNode two = TestNode.start(home.resolve("two"), yaml)) {
                    assertThat(publish(two, "rooms.c")).isEqualTo(201);
                    await().atMost(Duration.ofSeconds(30)).until(() -> publish(two, "rooms.d") == 429);
                    assertThat(publish(two, "halls.a")).isEqualTo(201);
                }
                assertThat(publish(one, "halls.a")).isEqualTo(201);
            }
            try (TestNode again = TestNode.start(home.resolve("one"), yaml)) {
                assertThat(publish(again, "rooms.b")).isEqualTo(201);
                assertThat(publish(again, "rooms.d")).isIn(429, 503);
                await().atMost(Duration.ofSeconds(30)).until(() -> publish(again, "rooms.d") == 429);
            }
        }
    }
}
