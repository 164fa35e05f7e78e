package dev.weir.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.Ports;
import dev.weir.Program;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A verticle of one's own in a process beside the server, started with the same launcher, as a member of its cluster. */
class VerticleIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String YAML = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, max-size: 200B}
              - {match: prices, request: anyone}
            """;

    @TempDir
    private Path home;

    private Map<String, String> env;
    private Path conf;

    @BeforeEach
    void configure() throws IOException {
        conf = Files.writeString(home.resolve("weir.yaml"), YAML);
        int port = Ports.free(2);
        env = Map.of(
                "WEIR_HTTP_PORT",
                "0",
                "WEIR_HTTP_LOOPS",
                "1",
                // Its client does not ping, and a busy machine takes its time to start the shop.
                "WEIR_HTTP_PING_TIMEOUT",
                "10m",
                "WEIR_CLUSTER_PORT",
                "" + port,
                "WEIR_CLUSTER_JOIN",
                "127.0.0.1:" + port + ",127.0.0.1:" + (port + 1));
    }

    private Program run(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Djava.net.preferIPv4Stack=true",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weir.Weir",
                "run"));
        command.addAll(List.of(words));
        command.addAll(List.of("--cluster", "--conf", conf.toString()));
        return Program.start(home, env, command);
    }

    private static int listeners(String url, String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/addresses/" + address))
                .timeout(Duration.ofSeconds(20))
                .build();
        String answer = HTTP.send(request, BodyHandlers.ofString()).body();
        return new JsonObject(answer).getInteger("listeners", -1);
    }

    private static void place(BridgeClient browser, int n) {
        browser.send(BridgeClient.frame("publish", "orders")
                .put("headers", new JsonObject().put("ce-type", "placed").put("ce-subject", "customer-7"))
                .put("body", new JsonObject().put("n", n)));
    }

    @Test
    void itHearsEmitsAndAnswersUntilItGoes() throws Exception {
        try (Program node = run()) {
            String url = node.ready();
            try (BridgeClient browser = BridgeClient.connect(URI.create(url).getPort())) {
                browser.register("orders");
                try (Program shop = run(Shop.class.getName(), "-instances", "2", "-conf", "{\"name\": \"beside\"}")) {
                    await("both instances listen").atMost(PATIENCE).untilAsserted(() -> assertThat(
                                    listeners(url, "orders"))
                            .as(() -> "the shop said " + shop.output() + ", the node " + node.output())
                            .isEqualTo(3));
                    untilTheNodeKnows(browser);
                    place(browser, 1);
                    List<String> heard = List.of(next(browser, 1), next(browser, 1), next(browser, 1));
                    assertThat(heard)
                            .containsExactlyInAnyOrder("placed 1 null", "confirmed 1 beside", "confirmed 1 beside");
                    await("it answers").atMost(PATIENCE).until(() -> {
                        browser.send(BridgeClient.frame("send", "prices")
                                .put("replyAddress", "r1")
                                .put("body", "x"));
                        return Integer.valueOf(12).equals(browser.next().getValue("body"));
                    });
                }
                await("its registrations are gone").atMost(PATIENCE).until(() -> listeners(url, "orders") == 1);
                place(browser, 2);
                assertThat(next(browser, 2)).isEqualTo("placed 2 null");
                assertThat(browser.isQuiet()).isTrue();
            }
        }
    }

    /** That a member listens does not say that the node has heard of it, when the member is no node itself. */
    private static void untilTheNodeKnows(BridgeClient browser) {
        AtomicInteger tries = new AtomicInteger(100);
        await("the node knows of the shop").atMost(PATIENCE).until(() -> {
            place(browser, tries.incrementAndGet());
            for (JsonObject frame = browser.poll(LOOK); frame != null; frame = browser.poll(LOOK)) {
                if (summary(frame).startsWith("confirmed ")) {
                    return true;
                }
            }
            return false;
        });
    }

    /** The next event with a number. */
    private static String next(BridgeClient browser, int n) {
        JsonObject frame = browser.next();
        while (frame.getJsonObject("body").getInteger("n") != n) {
            frame = browser.next();
        }
        return summary(frame);
    }

    private static String summary(JsonObject frame) {
        JsonObject body = frame.getJsonObject("body");
        return frame.getJsonObject("headers").getString("ce-type") + " " + body.getInteger("n") + " "
                + body.getString("by");
    }
}
