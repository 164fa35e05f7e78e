package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who signs in with a token, and what a node without a key says. */
class SignInTest {
    private static final String CLOSED =
            "addresses:\n  - {match: news, publish: 'role:editor', subscribe: signed-in}\n";

    private static String withSecret() {
        return "auth: {jwt: {secret: '" + Tokens.SECRET + "', leeway: 0s}}\n" + CLOSED;
    }

    private static String editor() {
        return Tokens.hs256(Tokens.claims("ann", 60).put("roles", "editor reader"));
    }

    @Test
    void aTokenOpensWhatItsRolesAllow(@TempDir Path home) {
        try (TestNode node = TestNode.start(home, withSecret());
                BridgeClient reader = BridgeClient.connect(
                        node.port(), "/eventbus/websocket?access_token=" + Tokens.hs256(Tokens.claims("bob", 60)));
                BridgeClient writer = BridgeClient.connect(
                        node.port(), "/eventbus/websocket", "Authorization", "Bearer " + editor())) {
            reader.register("news");
            writer.send(BridgeClient.frame("publish", "news").put("body", 1));
            assertThat(reader.next().getValue("body")).isEqualTo(1);
            reader.send(BridgeClient.frame("publish", "news").put("body", 2));
            assertThat(reader.next().getString("body")).isEqualTo("access_denied");
        }
    }

    @Test
    void aTokenInAFrameSignsTheSessionIn(@TempDir Path home) {
        try (TestNode node = TestNode.start(home, withSecret());
                BridgeClient client = BridgeClient.connect(node.port())) {
            JsonObject publish = BridgeClient.frame("publish", "news").put("body", 1);
            client.send(publish);
            assertThat(client.next().getString("body")).isEqualTo("not_logged_in");
            client.send(publish.copy()
                    .put("replyAddress", "r")
                    .put("headers", new JsonObject().put("authorization", "Bearer " + editor())));
            assertThat(client.next().getJsonObject("body").getString("id")).isNotEmpty();
            client.send(publish.copy()
                    .put("replyAddress", "r")
                    .put("headers", new JsonObject().put("authorization", "Bearer a.b.c")));
            JsonObject refused = client.next();
            assertThat(refused.getString("failureType")).isEqualTo("not_logged_in");
            assertThat(refused.getString("message")).isEqualTo("the token is not a JSON Web Token");
        }
    }

    @Test
    void withoutAKeyTheNodeWarnsAndRefuses(@TempDir Path home) throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        try (TestNode node = TestNode.start(home, CLOSED)) {
            HttpRequest ready = HttpRequest.newBuilder(URI.create(node.url("/health/ready")))
                    .build();
            assertThat(http.send(ready, HttpResponse.BodyHandlers.ofString()).body())
                    .contains("no key");
        }
    }
}
