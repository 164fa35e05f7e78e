package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The nodes of a cluster let in the same people. */
class ConsoleClusterIT {
    private static final String OPEN = "addresses: [{match: news, publish: anyone, subscribe: anyone}]\n";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path home;

    private static HttpResponse<String> redeem(TestCluster.Member at, String code)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(session(at))
                        .POST(HttpRequest.BodyPublishers.ofString(
                                new JsonObject().put("code", code).encode()))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> as(TestCluster.Member at, String token, String method)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(session(at))
                        .header("authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private static URI session(TestCluster.Member at) {
        return URI.create("http://127.0.0.1:" + at.port() + "/console/session");
    }

    @Test
    void theLinkOfOneNodeIsGoodAtAnotherAndWhoSignsOutIsOutAlsoWhereANodeStartsLater() throws Exception {
        try (TestCluster cluster = new TestCluster(home, OPEN)) {
            TestCluster.Member one = cluster.start();
            TestCluster.Member two = cluster.start();
            String code = one.node().newConsoleCode().orElseThrow();
            HttpResponse<String> in = redeem(two, code);
            assertThat(in.statusCode()).as(in.body()).isEqualTo(200);
            assertThat(redeem(one, code).statusCode()).isEqualTo(401);
            String token = new JsonObject(in.body()).getString("token");
            assertThat(as(one, token, "GET").body()).contains("\"signedIn\":true");
            assertThat(as(two, token, "GET").body()).contains("\"signedIn\":true");
            assertThat(as(two, token, "DELETE").statusCode()).isEqualTo(204);
            TestCluster.Member three = cluster.start();
            assertThat(as(three, token, "GET").body()).contains("given back");
        }
    }
}
