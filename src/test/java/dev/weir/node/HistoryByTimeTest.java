package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.cli.Cli;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kept events by the time of their append, over HTTP and with {@code weir history}. */
class HistoryByTimeTest {
    private static final String YAML = """
            addresses:
              - {match: orders, publish: anyone, history: anyone, keep: {events: 100000}}
            """;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path home;

    private static TestNode node;

    /** Between the 10 events before it and the 1500 after it. */
    private static Instant middle;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.start(home, YAML);
        publish(0, 10);
        long now = System.currentTimeMillis();
        await().until(() -> System.currentTimeMillis() > now);
        middle = Instant.ofEpochMilli(now + 1);
        publish(10, 1510);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static void publish(int from, int to) throws Exception {
        String batch = IntStream.range(from, to)
                .mapToObj(n -> "{\"specversion\":\"1.0\",\"id\":\"e" + n
                        + "\",\"source\":\"/t\",\"time\":\"1999-01-01T00:00:00Z\"," + "\"type\":\""
                        + (n % 2 == 0 ? "even" : "odd") + "\",\"data\":" + n + "}")
                .toList()
                .toString();
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/orders/events")))
                .header("content-type", "application/cloudevents-batch+json")
                .POST(HttpRequest.BodyPublishers.ofString(batch))
                .build();
        assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(201);
    }

    private static JsonObject get(String query) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/orders/events?" + query)))
                .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    private static List<Integer> data(JsonObject page) {
        return page.getJsonArray("events").stream()
                .map(event -> ((JsonObject) event).getInteger("data"))
                .toList();
    }

    @Test
    void timesAreThoseOfTheAppendAndGoWithTypesAndPositions() throws Exception {
        assertThat(data(get("before=" + middle)))
                .containsExactlyElementsOf(IntStream.range(0, 10).boxed().toList());
        assertThat(data(get("after=" + middle + "&limit=3"))).containsExactly(10, 11, 12);
        assertThat(data(get("after=" + middle + "&type=odd&limit=2"))).containsExactly(11, 13);
        assertThat(data(get("before=" + middle + "&type=odd"))).containsExactly(1, 3, 5, 7, 9);
        assertThat(data(get("before=1999-06-01T00:00:00Z"))).isEmpty();
        assertThat(data(get("after=2999-01-01T00:00:00+02:00"))).isEmpty();
    }

    @Test
    void pagesOfASpanGoOnUntilItsEnd() throws Exception {
        JsonObject first = get("before=" + middle + "&limit=7");
        assertThat(data(first)).hasSize(7);
        String since = "&since=" + first.getString("next");
        JsonObject second = get("before=" + middle + "&limit=7" + since);
        assertThat(data(second)).containsExactly(7, 8, 9);
        JsonObject end = get("before=" + middle + "&since=" + second.getString("next"));
        assertThat(data(end)).isEmpty();
        assertThat(end.getString("next")).isEqualTo(second.getString("next"));
        assertThat(data(get("after=" + middle + "&limit=1" + since)))
                .as("the later of both begins")
                .containsExactly(10);
        String later = get("after=" + middle + "&limit=5").getString("next");
        assertThat(data(get("after=" + middle + "&limit=1&since=" + later))).containsExactly(15);
    }

    private static List<String> weir(String line, int code) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertThat(new Cli(Map.of("WEIR_URL", node.url("")), print, print).run(line.split(" ")))
                .as(line)
                .isEqualTo(code);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void theCommandPrintsAllPages() {
        assertThat(weir("history orders", 0)).hasSize(1510);
        assertThat(weir("history orders --before " + middle, 0)).hasSize(10);
        assertThat(weir("history orders --after " + middle + " --type odd", 0)).hasSize(750);
        assertThat(weir("history orders --after 1h --limit 501", 0)).hasSize(501);
        assertThat(weir("history orders --type none", 0)).isEmpty();
        assertThat(weir("history orders --after yesterday", 2).get(0)).contains("--after is a time");
        assertThat(weir("history nowhere", 3).get(0)).contains("unknown_address");
        String conf = " --conf " + home.resolve("conf/weir.yaml");
        assertThat(weir("journal export orders --before " + middle + conf, 0)).hasSize(10);
        assertThat(weir("journal export orders --after " + middle + conf, 0)).hasSize(1500);
        assertThat(weir("journal export --after 2999-01-01T00:00:00Z" + conf, 0))
                .isEmpty();
    }
}
