package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one node of a cluster tells of all. */
class OverviewIT {
    private static final String CONF = "auth: {jwt: {secret: '" + Tokens.SECRET + "'}}\n"
            + "addresses:\n  - {match: news, publish: anyone, subscribe: anyone}\n";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path home;

    private static String token() {
        return Tokens.hs256(Tokens.claims("vic", 3_600).put("roles", new JsonArray().add("viewer")));
    }

    private static List<JsonObject> nodes(TestCluster.Member asked) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + asked.port() + "/v1/reports/overview"))
                .header("authorization", "Bearer " + token())
                .build();
        return list(new JsonObject(HTTP.send(request, BodyHandlers.ofString()).body()).getJsonArray("nodes"));
    }

    private static List<JsonObject> list(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    private static JsonObject named(List<JsonObject> all, TestCluster.Member wanted) {
        return all.stream()
                .filter(each -> ("127.0.0.1:" + wanted.port()).equals(each.getString("name")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("127.0.0.1:" + wanted.port() + " is not among " + all));
    }

    @Test
    void oneNodeTellsOfAllWhichDifferAndWhoIsGone() throws Exception {
        try (TestCluster cluster = new TestCluster(home, CONF)) {
            TestCluster.Member one = cluster.start();
            TestCluster.Member two = cluster.start(CONF.replace("match: news", "match: other"));
            await().untilAsserted(() -> {
                List<JsonObject> nodes = nodes(one);
                assertThat(named(nodes, one).getString("state")).isEqualTo("up");
                assertThat(named(nodes, two).getString("state")).isEqualTo("not-ready");
                assertThat(named(nodes, two).getJsonArray("reasons").encode())
                        .contains("give both the same files, then reload");
                assertThat(named(list(named(nodes, one).getJsonArray("members")), two)
                                .getString("state"))
                        .isEqualTo("node");
            });
            String idOfTwo = named(nodes(one), two).getString("node");
            try (BridgeClient viewer =
                    BridgeClient.connect(one.port(), "/eventbus/websocket?access_token=" + token())) {
                viewer.register("weir.overview.*");
                String heard = "";
                while (!heard.equals(idOfTwo)) {
                    heard = viewer.next().getJsonObject("body").getString("node");
                }
            }
            two.vertx().close().await(60, TimeUnit.SECONDS);
            await().untilAsserted(() -> {
                List<JsonObject> nodes = nodes(one);
                assertThat(nodes).hasSize(1);
                assertThat(list(nodes.get(0).getJsonArray("gone")))
                        .extracting(each -> each.getString("node"))
                        .containsExactly(idOfTwo);
                assertThat(list(nodes.get(0).getJsonArray("gone")).get(0).getString("version"))
                        .isNotBlank();
            });
        }
    }
}
