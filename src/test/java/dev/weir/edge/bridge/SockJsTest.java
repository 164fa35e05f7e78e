package dev.weir.edge.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The SockJS transports that are not WebSockets, over plain HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SockJsTest {
    private static final String YAML = """
            addresses:
              - {match: "chat.{room}", publish: anyone, subscribe: anyone}
            """;

    private TestNode node;

    @BeforeAll
    void start(@TempDir Path home) {
        node = TestNode.start(home, YAML);
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @Test
    void infoSaysThatWebSocketsAreServed() throws Exception {
        JsonObject info = new JsonObject(get("/eventbus/info").body());
        assertThat(info.getBoolean("websocket")).isTrue();
    }

    @Test
    void pollingCarriesTheProtocol() throws Exception {
        String session = "/eventbus/000/polling1";
        assertThat(post(session + "/xhr", "").body()).isEqualTo("o\n");
        send(session, new JsonObject().put("type", "register").put("address", "chat.p"));
        send(
                session,
                new JsonObject().put("type", "publish").put("address", "chat.p").put("body", "a\"b"));
        JsonArray messages = new JsonArray(post(session + "/xhr", "").body().substring(1));
        JsonObject rec = new JsonObject(messages.getString(0));
        assertThat(rec.getString("type")).isEqualTo("rec");
        assertThat(rec.getString("body")).isEqualTo("a\"b");
    }

    @Test
    void aForeignOriginIsRefusedOnEveryTransport() throws Exception {
        for (String path :
                new String[] {"/info", "/000/foreign1/xhr", "/000/foreign2/eventsource", "/000/f3/xhr_streaming"}) {
            HttpResponse<String> answer = client().send(
                            request("/eventbus" + path)
                                    .header("Origin", "https://evil.example")
                                    .POST(BodyPublishers.noBody())
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
        }
    }

    /** One for each request: the server ends a connection after a poll, which a pool learns too late. */
    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private void send(String session, JsonObject frame) throws Exception {
        HttpResponse<String> answer =
                post(session + "/xhr_send", new JsonArray().add(frame.encode()).encode());
        assertThat(answer.statusCode()).isEqualTo(204);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client().send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client().send(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(node.url(path)));
    }
}
