package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code keep: latest}: who comes new gets the value of every key, then the changes; and reloads that change {@code keep}. */
class LatestTest {
    private static final String YAML = """
            addresses:
              - {match: prices, publish: anyone, subscribe: anyone, history: anyone, keep: latest}
              - {match: hidden, publish: anyone, subscribe: anyone, keep: latest}
            auth: {jwt: {secret: 0123456789abcdef0123456789abcdef}}
            """;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path home;

    private static void set(TestNode node, String address, String key, Object value) throws Exception {
        String event = new JsonObject()
                .put("specversion", "1.0")
                .put("id", key + value + System.nanoTime())
                .put("source", "/test")
                .put("type", "price")
                .put("subject", key)
                .put("data", value)
                .encode();
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/" + address + "/events")))
                        .header("content-type", "application/cloudevents+json")
                        .POST(HttpRequest.BodyPublishers.ofString(event))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    }

    private static JsonObject register(String address, JsonObject headers) {
        return new JsonObject().put("type", "register").put("address", address).put("headers", headers);
    }

    private static String text(JsonObject event) {
        return event.getJsonObject("headers").getString("ce-subject") + "=" + event.getValue("body");
    }

    @Test
    void aNewSubscriberGetsTheValueOfEveryKeyThenChanges() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            set(node, "prices", "a", 1);
            set(node, "prices", "b", 2);
            set(node, "prices", "a", 3);
            set(node, "prices", "c", 4);
            set(node, "prices", "c", null);
            try (BridgeClient plain = BridgeClient.connect(node.port())) {
                plain.send(new JsonObject().put("type", "register").put("address", "prices"));
                assertThat(List.of(text(plain.next()), text(plain.next()))).containsExactly("b=2", "a=3");
                set(node, "prices", "b", null);
                assertThat(text(plain.next())).isEqualTo("b=null");
                set(node, "prices", "d", 5);
                assertThat(text(plain.next())).isEqualTo("d=5");
            }
            try (BridgeClient back = BridgeClient.connect(node.port())) {
                back.send(register("prices", new JsonObject().put("weir-rewind", "0")));
                String epoch = back.next().getJsonObject("headers").getString("weir-epoch");
                assertThat(back.isQuiet()).isTrue();
                back.send(new JsonObject().put("type", "unregister").put("address", "prices"));
                back.send(register("prices", new JsonObject().put("weir-since", epoch + ":3")));
                assertThat(back.next().getJsonObject("headers").getString("weir-recovered"))
                        .isEqualTo("true");
                assertThat(List.of(text(back.next()), text(back.next()), text(back.next())))
                        .containsExactly("c=null", "b=null", "d=5");
            }
            try (BridgeClient lost = BridgeClient.connect(node.port())) {
                lost.send(register("prices", new JsonObject().put("weir-since", "other:3")));
                JsonObject headers = lost.next().getJsonObject("headers");
                assertThat(headers.getString("weir-recovered")).isEqualTo("false");
                assertThat(headers.getString("weir-offset")).isEqualTo("0");
                assertThat(List.of(text(lost.next()), text(lost.next()))).containsExactly("a=3", "d=5");
            }
        }
    }

    @Test
    void streamsAndHistoryBeginWithTheValuesTooAndOnlyForWhoMayReadThem() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            set(node, "prices", "a", 1);
            set(node, "prices", "a", 2);
            set(node, "hidden", "a", 1);
            HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/stream?address=prices")))
                    .build();
            try (Stream<String> lines =
                    HTTP.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
                assertThat(lines.filter(line -> line.startsWith("id: ")).skip(1).findFirst())
                        .hasValueSatisfying(id -> assertThat(id).endsWith(":2"));
            }
            JsonArray events = new JsonObject(HTTP.send(
                                    HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/prices/events")))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body())
                    .getJsonArray("events");
            assertThat(events).hasSize(1);
            try (BridgeClient client = BridgeClient.connect(node.port())) {
                client.send(register("hidden", new JsonObject()));
                assertThat(client.isQuiet()).isTrue();
                set(node, "hidden", "b", 2);
                assertThat(text(client.next())).isEqualTo("b=2");
            }
        }
    }

    @Test
    void aReloadThatChangesKeepSendsSessionsAgainAndLosesNothing() throws Exception {
        try (TestNode node = TestNode.start(home, YAML);
                BridgeClient client = BridgeClient.connect(node.port())) {
            set(node, "prices", "a", 1);
            client.send(register("prices", new JsonObject().put("weir-rewind", "0")));
            client.next();
            reload(node, YAML.replace(", history: anyone, keep: latest", ""));
            assertThat(client.closeCode()).isGreaterThan(1000);
            try (BridgeClient plain = BridgeClient.connect(node.port())) {
                plain.register("prices");
                set(node, "prices", "a", 2);
                assertThat(text(plain.next())).isEqualTo("a=2");
                reload(node, YAML);
                assertThat(plain.closeCode()).isGreaterThan(1000);
            }
            try (BridgeClient again = BridgeClient.connect(node.port())) {
                again.send(register("prices", new JsonObject()));
                assertThat(text(again.next())).isEqualTo("a=1");
            }
        }
    }

    @Test
    void aReloadThatKeepsForTheFirstTimeOpensTheJournal() throws Exception {
        String plain = "addresses:\n  - {match: prices, publish: anyone, subscribe: anyone}\n";
        try (TestNode node = TestNode.start(home, plain)) {
            assertThat(home.resolve("data")).doesNotExist();
            reload(node, YAML);
            set(node, "prices", "a", 1);
            assertThat(home.resolve("data/journal.db")).exists();
        }
    }

    private void reload(TestNode node, String yaml) throws Exception {
        Files.writeString(home.resolve("conf/weir.yaml"), yaml);
        node.reload();
    }
}
