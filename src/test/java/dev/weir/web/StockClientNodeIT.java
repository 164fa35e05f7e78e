package dev.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official client of the Vert.x bridge from npm, unchanged, in Node, over each transport that sockjs-client has there. */
class StockClientNodeIT {
    private static final String POLICIES = """
            addresses:
              - {match: 'chat.{room}', publish: anyone, subscribe: anyone}
              - {match: closed, publish: nobody, subscribe: nobody}
              - {match: 'svc.{name}', request: anyone}
              - {match: quotes, request: anyone, respond: anyone}
            """;

    @TempDir
    static Path home;

    private static TestNode node;

    @BeforeAll
    static void start() throws IOException {
        Npm.install(home, "@vertx/eventbus-bridge-client.js@1.0.0", "sockjs-client@1.6.1");
        Files.copy(Path.of("src/test/js/stock-client.js"), home.resolve("stock-client.js"));
        node = TestNode.start(home, POLICIES);
        var bus = node.vertx().eventBus();
        bus.consumer(
                "svc.echo",
                request -> request.reply(
                        request.body(),
                        new DeliveryOptions()
                                .addHeader("mine", request.headers().get("mine"))));
        bus.<String>consumer("svc.fail", request -> request.fail(42, request.body()));
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "xhr-streaming", "eventsource", "xhr-polling"})
    void itsCallbacksHearWhatTheyShould(String transport) throws IOException {
        Tool run = Tool.run(home, List.of("node", "stock-client.js", node.url("/eventbus"), transport));

        assertThat(run.exit()).as(run.output()).isZero();
        JsonObject heard = new JsonObject(run.output());
        assertThat(heard.getString("transport")).isEqualTo(transport);
        assertThat(heard.getJsonArray("heard"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject().put("text", "\u00e4\u20ac\uD83D\uDE00 \u2028\""))
                        .add(new JsonArray().add(1).addNull())
                        .add("text")
                        .add(1.5));
        assertThat(heard.getJsonArray("echo"))
                .isEqualTo(new JsonArray().add(new JsonObject().put("n", 1)).add("kept"));
        assertThat(heard.getJsonObject("own")).isEqualTo(new JsonObject().put("price", 42));
        assertThat(heard.getJsonArray("failure"))
                .isEqualTo(new JsonArray().add("RECIPIENT_FAILURE").add(42).add("no such item"));
        assertThat(heard.getJsonArray("nobody"))
                .isEqualTo(new JsonArray().add("NO_HANDLERS").add(-1));
        assertThat(heard.getJsonArray("errors")).isEqualTo(new JsonArray().add("access_denied"));
    }
}
