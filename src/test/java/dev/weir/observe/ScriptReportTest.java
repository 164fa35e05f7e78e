package dev.weir.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node tells of its scripts. */
class ScriptReportTest {
    private static final String CONF = """
            auth: {jwt: {secret: "%s"}}
            addresses:
              - {match: tasks, publish: anyone, subscribe: anyone}
              - {match: leaks, publish: anyone, subscribe: anyone}
            verticles:
              - {deploy: "js:noisy.js"}
            """.formatted(Tokens.SECRET);

    private static final String SCRIPT = """
            const { emitter } = require('weir');
            console.log('<i>began</i>');
            emitter('tasks').on('fail', () => {
              throw new Error('<b>failed on purpose</b> at 10.0.0.1:80');
            });
            const leaking = emitter('leaks');
            const more = [];
            leaking.on('more', () => {
              more.push(() => {});
              leaking.on('order', more.at(-1));
              emitter('leaks').on('order', more.at(-1)).on('error', more.at(-1));
            });
            leaking.on('fewer', () => leaking.off('order', more.pop()));
            """;

    private static String token() {
        return "Bearer " + Tokens.hs256(Tokens.claims("eve", 600).put("roles", new JsonArray().add("viewer")));
    }

    private static JsonObject noisy(TestNode node) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/reports/verticles")))
                .header("Authorization", token())
                .build();
        String answer = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body();
        return new JsonObject(answer)
                .getJsonArray("nodes")
                .getJsonObject(0)
                .getJsonArray("verticles")
                .getJsonObject(0);
    }

    @Test
    void aScriptTellsWhatItSaysAndWhereItFailed(@TempDir Path home) throws Exception {
        Files.writeString(home.resolve("noisy.js"), SCRIPT);
        try (TestNode node = TestNode.start(home, CONF);
                BridgeClient watcher = BridgeClient.connect(node.port());
                BridgeClient writer = BridgeClient.connect(node.port())) {
            assertThat(noisy(node).getString("state")).isEqualTo("running");
            assertThat(noisy(node).getLong("runs")).isPositive();
            assertThat(noisy(node).getJsonArray("log").getJsonObject(0).getString("text"))
                    .isEqualTo("<i>began</i>");
            assertThat(noisy(node).getJsonArray("addresses").getJsonObject(1).getString("address"))
                    .isEqualTo("tasks");
            watcher.send(BridgeClient.frame("register", "weir.verticles.*")
                    .put("headers", new JsonObject().put("authorization", token())));
            writer.send(BridgeClient.frame("publish", "tasks")
                    .put("headers", new JsonObject().put("ce-type", "fail"))
                    .put("body", 1));
            await().until(() -> noisy(node).getInteger("errors") == 1);
            JsonObject failure = noisy(node).getJsonArray("failures").getJsonObject(0);
            assertThat(failure.getString("text")).contains("<b>failed on purpose</b>");
            assertThat(failure.getString("place")).contains("noisy.js:4:");
            await("it starts again")
                    .until(() -> noisy(node).getInteger("restarts") == 1
                            && noisy(node).getString("state").equals("running"));
            heard(watcher);
        }
    }

    private static int furtherListeners(TestNode node) throws Exception {
        JsonObject leaks = noisy(node).getJsonArray("addresses").getJsonObject(0);
        assertThat(leaks.getString("address")).isEqualTo("leaks");
        assertThat(leaks.getInteger("consumers")).isEqualTo(1);
        return leaks.getInteger("listeners");
    }

    @Test
    void eachListenerThatAScriptAddsCounts(@TempDir Path home) throws Exception {
        Files.writeString(home.resolve("noisy.js"), SCRIPT);
        try (TestNode node = TestNode.start(home, CONF);
                BridgeClient writer = BridgeClient.connect(node.port())) {
            // Two listeners, of which the first is the consumer on the bus.
            assertThat(furtherListeners(node)).isEqualTo(1);
            for (int i = 0; i < 10; i++) {
                writer.send(event("leaks", "more"));
            }
            await().until(() -> furtherListeners(node) == 21);
            writer.send(event("leaks", "fewer"));
            await().until(() -> furtherListeners(node) == 20);
            writer.send(event("tasks", "fail"));
            await("it starts again with those that it begins with")
                    .until(() -> noisy(node).getInteger("restarts") == 1
                            && noisy(node).getString("state").equals("running")
                            && furtherListeners(node) == 1);
        }
    }

    private static JsonObject event(String address, String type) {
        return BridgeClient.frame("publish", address)
                .put("headers", new JsonObject().put("ce-type", type))
                .put("body", 1);
    }

    /** The lines come as news as well. */
    private static void heard(BridgeClient watcher) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            JsonObject log = watcher.next().getJsonObject("body").getJsonObject("log", new JsonObject());
            return log.encode().contains("failed on purpose");
        });
    }
}
