package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** What somebody at the door of the console does. */
final class ConsoleClient {
    private final HttpClient http = HttpClient.newHttpClient();

    HttpResponse<String> send(TestNode node, String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url(path)))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> as(TestNode node, String token, String method, String path) throws Exception {
        return send(node, method, path, "", "authorization", "Bearer " + token);
    }

    HttpResponse<String> signIn(TestNode node, String name, String password) throws Exception {
        return send(
                node,
                "POST",
                "/console/session",
                new JsonObject().put("name", name).put("password", password).encode());
    }

    HttpResponse<String> redeem(TestNode node, String code, String... headers) throws Exception {
        return send(
                node,
                "POST",
                "/console/session",
                new JsonObject().put("code", code).encode(),
                headers);
    }

    String token(TestNode node, String name, String password) throws Exception {
        HttpResponse<String> answer = signIn(node, name, password);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getString("token");
    }
}
