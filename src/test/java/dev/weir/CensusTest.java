package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.emitter.Emitter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who listens, by kind; what the edges register for their sessions is nobody. */
class CensusTest {
    private static final String CONF = """
            addresses:
              - {match: news, publish: anyone, subscribe: anyone}
              - {match: "chat.{room}", publish: anyone, subscribe: anyone}
              - {match: hidden, subscribe: nobody}
              - {match: kept, subscribe: anyone, keep: {events: 10}}
            """;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void listenersAreCountedByKind(@TempDir Path home) throws Exception {
        try (TestNode node = TestNode.start(home, CONF, Map.of("WEIR_HTTP_LOOPS", "2"));
                BridgeClient one = BridgeClient.connect(node.port());
                BridgeClient two = BridgeClient.connect(node.port());
                BridgeClient three = BridgeClient.connect(node.port())) {
            one.register("news");
            two.register("news");
            three.register("chat.*");
            assertThat(kinds(count(node, "news"))).isEqualTo("2: 2 bridge, 0 sse, 0 verticles");
            var stream = client.send(
                    HttpRequest.newBuilder(URI.create(node.url("/v1/stream?address=news")))
                            .build(),
                    BodyHandlers.ofInputStream());
            var bare = node.vertx().eventBus().consumer("news", message -> {});
            three.register("kept");
            Emitter kept = Emitter.of(node.vertx(), "kept").on("said", (data, event) -> {});
            kept.ready().await(30, TimeUnit.SECONDS);
            assertThat(kinds(count(node, "kept"))).isEqualTo("2: 1 bridge, 0 sse, 1 verticles");
            kept.close().await(30, TimeUnit.SECONDS);
            three.send(BridgeClient.frame("unregister", "kept"));
            await().until(() -> !list(node).contains("kept"));
            Emitter pattern = Emitter.of(node.vertx(), "chat.*").on("said", (data, event) -> {});
            pattern.ready().await(30, TimeUnit.SECONDS);
            var local = node.vertx().eventBus().localConsumer("news", message -> {});
            node.vertx().eventBus().consumer("hidden", message -> {});
            await().untilAsserted(
                            () -> assertThat(kinds(count(node, "news"))).isEqualTo("5: 2 bridge, 1 sse, 2 verticles"));
            assertThat(pattern.listeners().await(30, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(Emitter.of(node.vertx(), "news").listeners().await(30, TimeUnit.SECONDS))
                    .isEqualTo(5);
            assertThat(list(node))
                    .isEqualTo(
                            "chat.* true 2: 1 bridge, 0 sse, 1 verticles\nnews false 5: 2 bridge, 1 sse, 2 verticles\n");
            bare.unregister().await(30, TimeUnit.SECONDS);
            local.unregister().await(30, TimeUnit.SECONDS);
            stream.body().close();
            two.send(BridgeClient.frame("unregister", "news"));
            await("a group that lingers is nobody").untilAsserted(() -> assertThat(kinds(count(node, "news")))
                    .isEqualTo("1: 1 bridge, 0 sse, 0 verticles"));
        }
    }

    private JsonObject get(TestNode node, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url(path))).build();
        return new JsonObject(client.send(request, BodyHandlers.ofString()).body());
    }

    private JsonObject count(TestNode node, String address) throws Exception {
        JsonObject counted = get(node, "/v1/addresses/" + address);
        JsonArray nodes = counted.getJsonArray("nodes");
        assertThat(nodes).hasSize(1);
        assertThat(kinds(nodes.getJsonObject(0))).isEqualTo(kinds(counted));
        return counted;
    }

    private String list(TestNode node) throws Exception {
        StringBuilder all = new StringBuilder();
        for (Object each : get(node, "/v1/addresses").getJsonArray("addresses")) {
            JsonObject of = (JsonObject) each;
            all.append(of.getString("address")).append(' ').append(of.getBoolean("pattern"));
            all.append(' ').append(kinds(of)).append('\n');
        }
        return all.toString();
    }

    private static String kinds(JsonObject of) {
        JsonObject sessions = of.getJsonObject("sessions");
        return of.getInteger("listeners") + ": " + sessions.getInteger("bridge") + " bridge, "
                + sessions.getInteger("sse") + " sse, " + of.getInteger("verticles") + " verticles";
    }
}
