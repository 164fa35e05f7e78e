package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir top} against a real node with a flow, drawn once and live. */
class TopCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern BREAKER = Pattern.compile("(?m)^orders +running +1/1 .* shop open$");
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            addresses: [{match: orders, publish: anyone, keep: {events: 1000}}]
            """.formatted(Tokens.SECRET);
    private static final String FLOW = """
            flow: orders
            from: orders
            to: {webhook: {url: "http://127.0.0.1:1/", timeout: 1s, breaker: {of: 1, pause: 1h}, retry: {backoff: [1h], attempts: 2}}, id: shop}
            """;

    @TempDir
    private Path home;

    private TestNode node;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws Exception {
        Files.writeString(
                Files.createDirectories(home.resolve("conf").resolve("flows")).resolve("orders.yaml"), FLOW);
        node = TestNode.start(home, YAML);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private static String token(String role) {
        return Tokens.hs256(Tokens.claims("vic", 600).put("roles", new JsonArray().add(role)));
    }

    private Map<String, String> env(String role) {
        return Map.of("WEIR_URL", node.url(""), "WEIR_TOKEN", token(role));
    }

    private int run(Map<String, String> env, String... words) {
        return new Cli(env, new PrintStream(out, true), new PrintStream(err, true, StandardCharsets.UTF_8)).run(words);
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private void publish() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/orders/events")))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void itIsDrawnOnceWithoutATerminal() {
        assertThat(run(env("viewer"), "top", "--once")).as("%s", err).isZero();
        assertThat(said())
                .startsWith("weir top  " + node.url("") + "  1 node")
                .containsPattern("(?m)^NODE +STATE +UP +IN/S")
                .containsPattern("(?m)^FLOW +STATE +NODES +READ/S")
                .containsPattern("(?m)^orders +running +1/1 ")
                .doesNotContain("\u001b");
    }

    @Test
    void itIsDrawnAgainWithWhatChanges() throws Exception {
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        TopCommand command = new TopCommand(env("viewer"), print, print, true);
        CompletableFuture<Thread> began = new CompletableFuture<>();
        CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(() -> {
            began.complete(Thread.currentThread());
            try {
                return command.top(List.of());
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        await().atMost(PATIENCE).until(() -> said().contains("FLOW"));
        publish();
        await().atMost(PATIENCE).until(() -> {
            Matcher found = BREAKER.matcher(said().replaceAll("\u001b\\[[HJK]", ""));
            return found.find();
        });
        assertThat(said()).contains("\u001b[H");
        node.close();
        await().atMost(PATIENCE).until(() -> said().contains("trying again"));
        // A read that waits need not notice an interrupt; the pause before the next try does.
        await().atMost(PATIENCE).until(() -> {
            began.join().interrupt();
            return ended.isDone();
        });
    }

    @Test
    void whoMayNotLookIsToldSoAndSoIsWhoAsksNobody() {
        assertThat(run(env("user"), "top", "--once")).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("access_denied");
        assertThat(run(Map.of("WEIR_URL", "http://127.0.0.1:1"), "top", "--once"))
                .isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run(env("viewer"), "top", "often")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatATerminalWouldObeyIsShownAsDots() {
        TopBoard board = new TopBoard();
        board.overview(new JsonObject()
                .put(
                        "nodes",
                        new JsonArray().add(new JsonObject().put("node", "n1").put("name", "a\u001b[2Jb"))));
        assertThat(board.lines("http://x")).anySatisfy(line -> assertThat(line).startsWith("a.[2Jb"));
        assertThat(board.news("overview", new JsonObject().put("node", "n2"))).isFalse();
    }
}
