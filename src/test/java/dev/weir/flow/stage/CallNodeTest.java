package dev.weir.flow.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.flow.OutsideServer;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage call in a real node: over the bus, and over HTTP to services that misbehave. */
class CallNodeTest {
    private static final String YAML = """
            addresses:
              - {match: orders, publish: anyone}
              - {match: priced, subscribe: anyone}
              - {match: pricing, request: anyone}
            """;

    @TempDir
    Path home;

    private void flow(String call) throws Exception {
        Path folder = Files.createDirectories(home.resolve("conf").resolve("flows"));
        Files.writeString(
                folder.resolve("priced.yaml"),
                "flow: priced\nfrom: orders\nstages:\n  - call: " + call + "\nto: priced\n");
    }

    private static List<Object> heard(TestNode node, String address) throws Exception {
        List<Object> heard = new CopyOnWriteArrayList<>();
        node.vertx()
                .eventBus()
                .consumer(address, message -> heard.add(message.body()))
                .completion()
                .await(30, TimeUnit.SECONDS);
        return heard;
    }

    private static void publish(TestNode node, JsonObject data) throws Exception {
        Objects.requireNonNull(Publisher.of(node.vertx()))
                .publish(
                        Origin.node("test"),
                        "orders",
                        MultiMap.caseInsensitiveMultiMap().set("ce-id", "id-" + data.getValue("n")),
                        data,
                        0)
                .await(30, TimeUnit.SECONDS);
    }

    @Test
    void verticlesAnswerOverTheBus() throws Exception {
        flow("{address: pricing, as: price, retry: {backoff: [1ms], attempts: 3}, fallback: error}");
        try (TestNode node = TestNode.start(home, YAML)) {
            List<Object> heard = heard(node, "priced");
            List<String> causes = new CopyOnWriteArrayList<>();
            node.vertx().eventBus().<JsonObject>consumer("pricing", question -> {
                causes.add(question.headers().get("ce-causationid"));
                if (question.body().getInteger("n") == 1) {
                    question.reply(12);
                } else {
                    question.fail(404, "unknown");
                }
            });
            publish(node, new JsonObject().put("n", 1));
            publish(node, new JsonObject().put("n", 2));
            await().untilAsserted(() -> assertThat(heard)
                    .containsExactlyInAnyOrder(
                            new JsonObject().put("n", 1).put("price", 12),
                            new JsonObject().put("n", 2).put("price", "pricing answered with failure 404: unknown")));
            assertThat(causes).containsExactlyInAnyOrder("id-1", "id-2");
        }
    }

    @Test
    void httpServicesAreAskedAsTheFlowSays() throws Exception {
        Files.writeString(home.resolve("token"), "s3cret\n");
        try (OutsideServer service = OutsideServer.start((before, request) ->
                request.response().putHeader("content-type", "application/json").end("{\"price\":7}"))) {
            flow("{url: \""
                    + service.url("/a b/items/{event.data.sku}?q={event.data.n}")
                            .replace("a b", "a%20b")
                    + "\", method: PUT, headers: {x-id: \"<{event.id}>\"}, token-file: token, body: \"{'n': event.data.n}\","
                    + " data: answer.price}");
            try (TestNode node = TestNode.start(home, YAML)) {
                List<Object> heard = heard(node, "priced");
                publish(node, new JsonObject().put("n", 5).put("sku", "a/b?ü"));
                await().untilAsserted(() -> assertThat(heard).containsExactly(7));
            }
            assertThat(service.asked()).singleElement().satisfies(asked -> {
                assertThat(asked.method()).isEqualTo("PUT");
                assertThat(asked.uri()).isEqualTo("/a%20b/items/a%2Fb%3F%C3%BC?q=5");
                assertThat(asked.headers().get("x-id")).isEqualTo("<id-5>");
                assertThat(asked.headers().get("authorization")).isEqualTo("Bearer s3cret");
                assertThat(asked.headers().get("content-type")).isEqualTo("application/json");
                assertThat(asked.body().toString()).isEqualTo("{\"n\":5}");
            });
        }
    }

    @Test
    void whatMayPassIsAskedAgain() throws Exception {
        try (OutsideServer service = OutsideServer.start((before, request) -> {
            switch (before) {
                case 0 -> request.response().setStatusCode(500).end();
                case 1 ->
                    request.response()
                            .setStatusCode(429)
                            .putHeader("retry-after", "0")
                            .end();
                case 2 -> request.connection().close();
                case 3 -> {
                    // Never answers.
                }
                default -> request.response().end(request.uri());
            }
        })) {
            flow("{url: \"" + service.url("/{event.data.n}")
                    + "\", timeout: 2s, retry: {backoff: [1ms], attempts: 9}, data: string(answer)}");
            try (TestNode node = TestNode.start(home, YAML)) {
                List<Object> heard = heard(node, "priced");
                publish(node, new JsonObject().put("n", 1));
                await().untilAsserted(() -> assertThat(heard).containsExactly("/1"));
            }
        }
    }

    @Test
    void whatWouldBeRefusedAgainIsNotAskedAgain() throws Exception {
        try (OutsideServer service = OutsideServer.start((before, request) -> {
            switch (request.uri()) {
                case "/1" -> request.response().setStatusCode(404).end("no\nsuch thing");
                case "/2" ->
                    request.response()
                            .setStatusCode(302)
                            .putHeader("location", "http://elsewhere/x?token=1")
                            .end();
                case "/3" -> request.response().end("x".repeat(1025));
                default ->
                    request.response()
                            .putHeader("content-type", "application/json")
                            .end("{no");
            }
        })) {
            flow("{url: \"" + service.url("/{event.data.n}")
                    + "\", max-size: 1KiB, retry: {backoff: [1ms], attempts: 5}, fallback: error}");
            try (TestNode node = TestNode.start(home, YAML)) {
                List<Object> heard = heard(node, "priced");
                for (int i = 1; i <= 4; i++) {
                    publish(node, new JsonObject().put("n", i));
                }
                await().untilAsserted(() -> assertThat(heard).hasSize(4));
                assertThat(heard)
                        .contains(
                                "GET " + service.url("/1") + " answered 404: no such thing",
                                "GET " + service.url("/2")
                                        + " answered 302, a redirect to http://elsewhere/x, and redirects are not followed",
                                "GET " + service.url("/3")
                                        + " answered with more than 1024 bytes; raise max-size if that is right")
                        .anySatisfy(one ->
                                assertThat(one.toString()).startsWith("the answer says that it is JSON and is not"));
            }
            assertThat(service.asked()).hasSize(4);
        }
    }

    @Test
    void operatorsHearOfBreakers() throws Exception {
        try (OutsideServer service = OutsideServer.start(
                (before, request) -> request.response().setStatusCode(503).end())) {
            flow("{url: \"" + service.url("/") + "\", breaker: {of: 2, pause: 1h}, fallback: \"'none'\"}");
            try (TestNode node = TestNode.start(home, YAML)) {
                List<Object> heard = heard(node, "priced");
                List<Object> breaker = heard(node, "weir.breaker.priced.call");
                for (int i = 1; i <= 5; i++) {
                    publish(node, new JsonObject().put("n", i));
                    int so = i;
                    await().untilAsserted(() -> assertThat(heard).hasSize(so));
                }
                await().untilAsserted(() -> assertThat(breaker)
                        .containsExactly(new JsonObject()
                                .put("breaker", "priced.call")
                                .put("from", "closed")
                                .put("to", "open")
                                .put("failed", 2)
                                .put("calls", 2)));
            }
            assertThat(service.asked()).hasSize(2);
        }
    }
}
